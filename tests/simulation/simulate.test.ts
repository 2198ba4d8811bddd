import { describe, expect, it, vi } from 'vitest'
import { drawPlan } from './draw.ts'
import { authFaults, exchangeFaults, type Mode, storageFaults } from './plan.ts'
import { type Rule, ruleBook } from './rule-book.ts'
import { kept, play, simulate } from './simulate.ts'

// Observers that throw are part of the play.
vi.stubGlobal('reportError', () => {})

function* seeds(from: number, count: number): Iterable<number> {
  for (let seed = from; seed < from + count; seed++) yield seed
}
const LIVE_RULES: readonly Rule[] = ['the outcome comes in time', 'the outcome is what the gateway has']
const modes: readonly Mode[] = ['safety', 'liveness']

describe.each(modes)('the simulation, for %s', (mode) => {
  it('finds no rule broken in 600 scenarios, and every planned fault strikes in them', {
    timeout: 120_000,
  }, async () => {
    const { violations, faults, rules, scenarios, faultless } = await simulate(seeds(1, 600), mode, 1)
    expect(violations).toEqual([])
    expect(Object.keys(faults)).toEqual(
      expect.arrayContaining([...exchangeFaults, ...storageFaults, ...authFaults, 'crash', 'restart']),
    )
    expect(scenarios + faultless).toBe(600)
    const off = Object.keys(ruleBook).filter((rule) => !rules[rule as Rule])
    expect(off).toEqual(['no unhandled rejection', ...(mode === 'safety' ? LIVE_RULES : [])])
  })

  it('plays the same seed to the same trace, to the byte', async () => {
    for (const seed of seeds(70_000, 30)) {
      const plan = drawPlan(seed, mode)
      const [first, second] = [await play(plan, true), await play(plan, true)]
      expect(second.world.lines).toEqual(first.world.lines)
    }
  })
})

it('counts a scenario in which nothing went wrong as one without faults', async () => {
  const { world } = await play({
    seed: 1,
    mode: 'safety',
    untilMs: 1_800_000,
    faultsEndMs: 1_800_000,
    truth: { kind: 'successful', latencyMs: 0, charged: true, errorStatus: 500, resultLagMs: 0, processingStatus: 202 },
    strategy: 'status',
    schedule: 'default',
    deadlineMs: 120_000,
    journal: 'async',
    journalRequired: false,
    skewMs: 0,
    latencyMs: 50,
    exchanges: {},
    storage: {},
    actions: [],
    crashes: [],
  })
  expect(world.strikes.size).toBe(0)
})

it.each(kept.map(({ found, plan }) => [found, plan] as const))('keeps what it found once: %s', async (_, plan) => {
  expect((await play(plan)).world.violation).toBeUndefined()
})
