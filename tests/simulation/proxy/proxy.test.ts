import { expect, it, vi } from 'vitest'
import kept from './kept.json' with { type: 'json' }
import { drawProxyPlan, gatewayFaults, type ProxyPlan, storeFaults, wayFaults } from './plan.ts'
import { simulate } from './run.ts'
import { playProxy } from './scenario.ts'

// Nothing that a process leaves behind when it dies is anybody's to report.
vi.stubGlobal('reportError', () => {})

/** Those of the calm come last: few scenarios have a page that ends after everything that goes wrong. */
const RULES = [
  'one paid charge per order',
  'no card, secret or host where it does not belong',
  'every page comes to an end',
  'every page ends in time',
  'a result is a transaction of the order',
  '"none" means that the card was not charged',
  '"failed" is said of nothing that is paid',
  'an error is the gateway’s word',
  'the shop hears what came of each charge',
  'the outcome is what the gateway has',
]

it('finds no rule broken in 200 scenarios, and every planned fault strikes in them', { timeout: 120_000 }, async () => {
  const { violations, faults, rules } = await simulate(range(1, 200), 1)
  expect(violations).toEqual([])
  const planned = [
    ...wayFaults.map((kind) => `page ${kind}`),
    ...gatewayFaults.map((kind) => `gateway ${kind}`),
    ...storeFaults.map((kind) => `store ${kind}`),
    'an isolate dies',
    'an isolate stalls',
    'deploy',
    'store forgets',
    'store outage',
    'webhook',
  ]
  expect(Object.keys(faults).sort()).toEqual(planned.sort())
  expect(Object.keys(rules)).toEqual(expect.arrayContaining(RULES))
})

it('is the same for the same seed', { timeout: 60_000 }, async () => {
  for (const seed of range(70_000, 5)) {
    const [first, second] = [await playProxy(drawProxyPlan(seed)), await playProxy(drawProxyPlan(seed))]
    expect(second.outcomes).toEqual(first.outcomes)
    expect([...second.strikes]).toEqual([...first.strikes])
  }
})

it.each((kept as { found: string; plan: ProxyPlan }[]).map(({ found, plan }) => [found, plan] as const))(
  'keeps what it found once: %s',
  async (_, plan) => {
    expect((await playProxy(plan)).violation).toBeUndefined()
  },
)

function* range(from: number, count: number): Iterable<number> {
  for (let seed = from; seed < from + count; seed++) yield seed
}
