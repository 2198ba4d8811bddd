/**
 * At most one paid charge per order: for any number of clicks, tabs, reloads, tokens of any age, totals that change, stores
 * that forget what the gateway already lists, faults, declines and typos. Unless the shop names an attempt itself.
 */
import { memoryOutcomes } from '@async-transaction/proxy'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cards, createShop, newOrder, requestFor } from './shop.ts'

const MINUTE_MS = 60_000
const CARDS = [cards.succeeds, '4200 0000 0000 0000', cards.declined, cards.threeDSecure, '4200000000000001']

type Click = readonly [token: number, card: number, width: number]

type Step =
  /** A customer with a new page: a token, a click, and the outcome, unless the page is closed before. */
  | { readonly do: 'visit'; readonly total: number; readonly card: number; readonly stays: boolean }
  | { readonly do: 'issue'; readonly total: number }
  /** Clicks at the same time: which token, counted from the newest, and which card. */
  | { readonly do: 'pay'; readonly clicks: readonly Click[] }
  | { readonly do: 'read' }
  | { readonly do: 'fault'; readonly on: 'submit' | 'lookup' | 'result'; readonly kind: string }
  | { readonly do: 'wait'; readonly minutes: number }
  | { readonly do: 'forget' }
  | { readonly do: 'confirm' }

const click = fc.tuple(fc.nat(3), fc.nat(CARDS.length - 1), fc.constantFrom(800, 1200))
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('visit' as const),
      total: fc.nat(1),
      card: fc.nat(CARDS.length - 1),
      stays: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('issue' as const), total: fc.nat(1) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pay' as const), clicks: fc.array(click, { minLength: 1, maxLength: 3 }) }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'read' as const }) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(
        ...(['drop-before', 'drop-after', 'html', 'throttle', 'proxy-json', 'error'] as const).map(
          (kind) => ['submit', kind] as const,
        ),
        ...(['drop-before', 'throttle', 'proxy-json'] as const).map((kind) => ['lookup', kind] as const),
        ...(['drop-after', 'proxy-json'] as const).map((kind) => ['result', kind] as const),
      )
      .map(([on, kind]) => ({ do: 'fault' as const, on, kind })),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(1, 14, 16, 1450) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'forget' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'confirm' as const }) },
)

/** Resolves to the number of paid charges after the steps, and after every 3-D Secure page was confirmed. */
async function paidAfter(steps: readonly Step[]): Promise<number> {
  let store = memoryOutcomes()
  const shop = createShop({
    outcomes: {
      get: (key) => store.get(key),
      set: (key, record, ttlMs) => store.set(key, record, ttlMs),
      claim: (key, owner, ttlMs) => store.claim(key, owner, ttlMs),
    },
    limits: { cards: { max: 1000, windowMs: MINUTE_MS } },
  })
  const { sandbox, clock } = shop
  const order = newOrder()
  const totals = [order, { ...order, amount: order.amount + 1 }]
  // The gateway's own check for duplicates would hide a second charge for 30 seconds.
  const request = { duplicate_check: false }
  const tokens: { readonly token: string; readonly total: number }[] = []
  const tasks = new Set<string>()

  const settle = () => expect.poll(() => sandbox.tasks().filter(({ state }) => state === 'processing')).toEqual([])

  for (const one of steps)
    switch (one.do) {
      case 'visit':
        if (!(await issue(one.total))) break
        await pay([[0, one.card, 800]])
        if (one.stays) await read()
        break
      case 'issue':
        await issue(one.total)
        break
      case 'pay':
        await pay(one.clicks)
        break
      case 'read':
        await read()
        break
      case 'fault':
        sandbox.fault({ on: one.on, kind: one.kind } as never)
        break
      case 'wait':
        clock.move(one.minutes * MINUTE_MS)
        break
      case 'forget':
        await settle()
        store = memoryOutcomes(clock)
        break
      case 'confirm':
        await confirmAll()
    }
  await settle()
  await confirmAll()
  return sandbox.transactions(order.trackingId).filter(({ status }) => status === 'successful').length

  async function issue(total: number): Promise<boolean> {
    const token = await shop.token(totals[total] ?? order, { attempt: 'next', request }).catch(() => undefined)
    if (token) tokens.unshift({ token, total })
    return token !== undefined
  }

  async function pay(clicks: readonly Click[]): Promise<void> {
    const answers = clicks.map(async ([nth, card, width]) => {
      const { token, total } = tokens[nth] ?? {}
      if (token === undefined || total === undefined) return
      const fields = { additional_data: { browser: { window_width: width } } }
      const { body } = await shop.post(token, requestFor(totals[total] ?? order, CARDS[card], fields))
      if (typeof body?.request_id === 'string') tasks.add(body.request_id)
    })
    await Promise.all(answers)
  }

  async function read(): Promise<void> {
    await settle()
    const [newest] = tokens
    if (newest) for (const id of tasks) await shop.call(`/async/result/${id}`, { token: newest.token })
  }

  async function confirmAll(): Promise<void> {
    for (const { status, redirect_url: url } of sandbox.transactions(order.trackingId))
      if (status === 'incomplete' && url)
        await sandbox.fetch(new Request(url, { method: 'POST', body: new URLSearchParams({ decision: 'confirm' }) }))
  }
}

it('charges an order once, whatever happens', async () => {
  let paid = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
      const charges = await paidAfter([{ do: 'issue', total: 0 }, ...steps])
      paid += charges
      expect(charges).toBeLessThanOrEqual(1)
    }),
    { numRuns: Number(process.env.RUNS ?? 150) },
  )
  // Or it would have tried nothing.
  expect(paid).toBeGreaterThan(20)
}, 120_000)
