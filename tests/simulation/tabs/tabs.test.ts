import { expect, it, vi } from 'vitest'
import kept from './kept.json' with { type: 'json' }
import { deeds, drawTabsPlan, requestFaults, storageFaults, type TabsPlan } from './plan.ts'
import { simulate } from './run.ts'
import { playTabs } from './scenario.ts'

vi.stubGlobal('reportError', () => {})

function* seeds(from: number, count: number): Iterable<number> {
  for (let seed = from; seed < from + count; seed++) yield seed
}

it('finds no rule broken in 1000 fresh scenarios of tabs, and every fault strikes in them', {
  timeout: 120_000,
}, async () => {
  const from = Math.floor(Date.now() / 1000) * 1000
  const { violations, faults } = await simulate(seeds(from, 1000), from, 1)
  expect(violations).toEqual([])
  expect(Object.keys(faults)).toEqual(
    expect.arrayContaining([
      ...requestFaults,
      ...storageFaults.map((kind) => `storage ${kind}`),
      ...deeds.filter((kind) => kind !== 'open'),
    ]),
  )
})

it('plays the same seed to the same trace, to the byte', async () => {
  for (const seed of seeds(70_000, 10)) {
    const plan = drawTabsPlan(seed)
    const [first, second] = [await playTabs(plan, true), await playTabs(plan, true)]
    expect(second.lines).toEqual(first.lines)
  }
})

it.each(kept.map(({ found, plan }) => [found, plan as TabsPlan] as const))('keeps: %s', async (_, plan) => {
  expect((await playTabs(plan)).violation).toBeUndefined()
})
