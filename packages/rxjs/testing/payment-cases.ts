/** Pipelines that pay at a sandbox, and how often they charge. Time is simulated. */
import type { Client, PaymentRequest, TaskState, TransactionTask } from '@async-transaction/core'
import type { Observable } from 'rxjs'
import { expect } from 'vitest'
import type { Checkout } from '../../../tests/conformance/checkout.ts'
import type { Libraries } from './libraries.ts'

type Check = (libraries: Libraries, checkout: Checkout) => Promise<void>

/** What one subscriber saw, and how it ended. */
export interface Seen<T> {
  readonly values: T[]
  end?: unknown
}

export function see<T>(observable: Observable<T>): Seen<T> & { readonly ended: Promise<void> } {
  const values: T[] = []
  let settle = (): void => {}
  const seen: Seen<T> & { ended: Promise<void> } = {
    values,
    ended: new Promise<void>((resolve) => {
      settle = resolve
    }),
  }
  const end = (how: unknown): void => {
    seen.end = how
    settle()
  }
  observable.subscribe({ next: (value) => values.push(value), error: end, complete: () => end('complete') })
  return seen
}

const statuses = ({ values }: Seen<TaskState>): string[] => [...new Set(values.map(({ status }) => status))]
const posts = ({ sandbox }: Checkout): { trackingId?: string; requestIdHeader?: string }[] =>
  sandbox.requests().filter(({ operation }) => operation === 'submit')
const keys = (checkout: Checkout): number => new Set(posts(checkout).map((post) => post.requestIdHeader)).size

/** A request under way at the client, as an Observable that any number may subscribe to. */
const pay = ({ ours, rxjs }: Libraries, client: Client, request: PaymentRequest): Observable<TaskState> =>
  rxjs.of(request).pipe(ours.submitTransaction(client, 'payments'))

/** The gateway forgets the task, but not the charge; five lookups fail, which is all that the payment itself makes. */
function unknownFor({ sandbox }: Checkout, lookups = 5): void {
  sandbox.fault({ on: 'submit', kind: 'forget', charged: true })
  sandbox.fault({ on: 'lookup', kind: 'http', status: 500, times: lookups })
}

const checks: Record<string, Check> = {
  'a double click is one charge': async (libraries, checkout) => {
    const { client, clock, sandbox } = checkout
    const clicks = new libraries.rxjs.Subject<PaymentRequest>()
    const seen = see(clicks.pipe(libraries.ours.submitTransaction(client, 'payments')))
    clicks.next(libraries.shop.order())
    clicks.next(libraries.shop.order())
    clicks.complete()
    await clock.until(seen.ended)
    expect(statuses(seen)).toEqual(['processing', 'completed', 'result'])
    expect(sandbox.charges()).toBe(1)
  },

  'a second subscriber, at once or late, is the same payment': async (libraries, checkout) => {
    const { client, clock, sandbox } = checkout
    const paid = pay(libraries, client, libraries.shop.order())
    const [first, second] = [see(paid), see(paid)]
    await clock.until(Promise.all([first.ended, second.ended]))
    const late = see(paid)
    expect(second.values.at(-1)).toBe(first.values.at(-1))
    expect(late.values).toEqual([first.values.at(-1)])
    expect([sandbox.charges(), posts(checkout).length]).toEqual([1, 1])
  },

  'two requests by concat or merge are two payments': async (libraries, checkout) => {
    const { client, clock, sandbox } = checkout
    const { order } = libraries.shop
    for (const strategy of ['concat', 'merge'] as const) {
      const requests = libraries.rxjs.of(order(), order())
      const seen = see(requests.pipe(libraries.ours.submitTransaction(client, 'payments', { strategy })))
      await clock.until(seen.ended)
      expect(seen.values.filter(({ status }) => status === 'result')).toHaveLength(2)
    }
    expect(sandbox.charges()).toBe(4)
  },

  'retry sends a lost submission again under its own RequestID': async (libraries, checkout) => {
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 500, times: 5 })
    const seen = see(pay(libraries, client, libraries.shop.order()).pipe(libraries.operators.retry(1)))
    await clock.until(seen.ended)
    expect(statuses(seen)).toEqual(['processing', 'completed', 'result'])
    expect([sandbox.charges(), posts(checkout).length, keys(checkout)]).toEqual([1, 4, 1])
  },

  'a lost submission is looked up, and posted no more, when its key is forgotten': async (libraries, checkout) => {
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 500, times: 5 })
    const paid = pay(libraries, client, libraries.shop.order())
    const lost = see(paid)
    await clock.until(lost.ended)
    expect(lost.end).toMatchObject({ code: 'submit-lost' })
    await clock.advance(25 * 3_600_000)
    const found = see(paid)
    await clock.until(found.ended)
    expect(found.values).toMatchObject([{ status: 'result', via: 'lookup' }])
    expect([sandbox.charges(), posts(checkout).length]).toEqual([1, 3])
  },

  'an error that was delivered once ends in the result, where a lookup finds one': async (libraries, checkout) => {
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'error', charged: true })
    const seen = see(pay(libraries, client, libraries.shop.order()))
    await clock.until(seen.ended)
    expect(seen).toMatchObject({ end: 'complete' })
    expect(seen.values.at(-1)).toMatchObject({ status: 'result', via: 'lookup', transaction: { status: 'successful' } })
    expect([sandbox.charges(), posts(checkout).length]).toEqual([1, 1])
  },

  'retry after an error that was delivered once, and that no lookup explains, shows it again and sends nothing': async (
    libraries,
    checkout,
  ) => {
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'error', charged: true })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 500, times: 5 })
    const seen = see(pay(libraries, client, libraries.shop.order()).pipe(libraries.operators.retry(3)))
    await clock.until(seen.ended)
    expect(seen.end).toMatchObject({ code: 'gateway-error', effect: 'unknown' })
    const sent = sandbox.requests().length
    await clock.advance(60_000)
    expect(sandbox.requests()).toHaveLength(sent)
    expect([sandbox.charges(), posts(checkout).length]).toEqual([1, 1])
  },

  'retry after a refusal shows the same refusal': async (libraries, checkout) => {
    const { client, clock, sandbox } = checkout
    const request = libraries.shop.order({ currency: 'XXX' })
    const seen = see(pay(libraries, client, request).pipe(libraries.operators.retry(3)))
    await clock.until(seen.ended)
    expect(seen.end).toMatchObject({ code: 'submit-rejected', effect: 'none' })
    expect([sandbox.charges(), posts(checkout).length]).toEqual([0, 1])
  },

  'retry asks after a task that was taken, and posts it no more, also when its key is forgotten': async (
    libraries,
    checkout,
  ) => {
    const { clock, sandbox } = checkout
    const client = checkout.restart({ deadlineMs: 60_000 })
    const request = libraries.shop.order()
    sandbox.fault({ on: 'status', kind: 'http', status: 502, times: 1000 })
    const first = see(pay(libraries, client, request))
    await clock.until(first.ended)
    expect(first.end).toMatchObject({ code: 'deadline' })
    await clock.advance(25 * 3_600_000)
    sandbox.clearFaults()
    const again = see(pay(libraries, client, request))
    await clock.until(again.ended)
    expect([sandbox.charges(), posts(checkout).length]).toEqual([1, 1])
  },

  'leaving stops the asking, not the payment, and coming back goes on': async (libraries, checkout) => {
    const { client, clock, sandbox } = checkout
    const paid = pay(libraries, client, libraries.shop.order())
    const { take } = libraries.operators
    await clock.until(see(paid.pipe(take(1))).ended)
    await clock.advance(60_000)
    expect([sandbox.charges(), sandbox.requests().length, clock.pending]).toEqual([1, 1, 0])
    // Leaving during the state that is given at once is no observer, and no question.
    await clock.until(see(paid.pipe(take(1))).ended)
    await clock.advance(60_000)
    expect(sandbox.requests()).toHaveLength(1)
    const seen = see(paid)
    await clock.until(seen.ended)
    expect(seen.values.at(-1)).toMatchObject({ status: 'result' })
    expect([sandbox.charges(), posts(checkout).length]).toEqual([1, 1])
  },

  'a request that breaks a rule is sent nowhere': async (libraries, checkout) => {
    const { client } = checkout
    for (const request of [libraries.shop.order({ amount: 1.5 }), undefined as unknown as PaymentRequest]) {
      const seen = see(pay(libraries, client, request).pipe(libraries.operators.retry(2)))
      expect(seen.end).toMatchObject({ code: 'request-invalid', effect: 'none' })
    }
    expect(checkout.sandbox.requests()).toEqual([])
  },

  'a task that is stopped tells its subscribers': async (libraries, checkout) => {
    const { client, clock, sandbox } = checkout
    const request = libraries.shop.order()
    const task = client.submit('payments', request)
    const seen = see(libraries.ours.fromTask(task))
    await clock.until(task.accepted())
    task.stop()
    expect(seen.end).toMatchObject({ code: 'stopped' })
    await clock.advance(60_000)
    expect(sandbox.charges()).toBe(1)
  },

  'an unknown outcome is looked up, and found': async (libraries, checkout) => {
    const { client, clock, sandbox } = checkout
    unknownFor(checkout)
    const paid = pay(libraries, client, libraries.shop.order())
    const { lookupUnknown, settled, toTransaction } = libraries.ours
    const unknown = see(paid.pipe(settled()))
    await clock.until(unknown.ended)
    expect(unknown.values).toMatchObject([{ status: 'unknown' }])
    const found = see(paid.pipe(lookupUnknown(client), toTransaction()))
    await clock.until(found.ended)
    expect(found.values).toMatchObject([{ status: 'successful' }])
    expect([sandbox.charges(), posts(checkout).length]).toEqual([1, 1])
  },

  'a lookup of one of several merged payments drops no state of the others': async (libraries, checkout) => {
    const { client, clock, sandbox } = checkout
    const { fromTask, lookupUnknown } = libraries.ours
    const [lost, other] = [libraries.shop.order(), libraries.shop.order()]
    sandbox.fault({ on: 'submit', kind: 'forget', charged: true, trackingId: lost.tracking_id })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 500, times: 5, trackingId: lost.tracking_id })
    // The lookup of the operator takes longer than all that the other payment has to say.
    sandbox.fault({ on: 'lookup', kind: 'delay', ms: 25_000, nth: 6, trackingId: lost.tracking_id })
    const tasks = [lost, other].map((request) => client.submit('payments', request))
    const alone = see(fromTask(tasks[1] as TransactionTask))
    const merged = see(libraries.rxjs.merge(...tasks.map(fromTask)).pipe(lookupUnknown(client)))
    await clock.until(merged.ended)
    const requestId = tasks[1]?.handle?.requestId
    expect(merged.values.filter((state) => state.requestId === requestId)).toEqual(alone.values)
    expect(merged.values.filter(({ status }) => status === 'result')).toHaveLength(2)
  },

  'an unknown outcome is an error for who wants the transaction, and each retry looks it up': async (
    libraries,
    checkout,
  ) => {
    const { client, clock, sandbox } = checkout
    unknownFor(checkout, 7)
    const request = libraries.shop.order()
    const { lookupUnknown, toTransaction } = libraries.ours
    const transaction = pay(libraries, client, request).pipe(lookupUnknown(client), toTransaction())
    const lost = see(transaction)
    await clock.until(lost.ended)
    expect(lost.end).toBeInstanceOf(libraries.core.UnknownOutcomeError)
    expect(lost.end).toMatchObject({ trackingId: request.tracking_id, effect: 'unknown' })
    const found = see(transaction.pipe(libraries.operators.retry(1)))
    await clock.until(found.ended)
    expect(found.values).toMatchObject([{ status: 'successful' }])
    expect([sandbox.charges(), posts(checkout).length]).toEqual([1, 1])
  },

  'retry after an unknown outcome polls the task again, once a minute at most': async (libraries, checkout) => {
    const { client, clock, sandbox } = checkout
    unknownFor(checkout, 15)
    const { toTransaction } = libraries.ours
    const seen = see(
      pay(libraries, client, libraries.shop.order()).pipe(toTransaction(), libraries.operators.retry(100)),
    )
    await clock.until(seen.ended)
    expect(seen.values).toMatchObject([{ status: 'successful' }])
    const polls = sandbox.requests().filter(({ operation }) => operation === 'status')
    const apart = polls.slice(1).map(({ at }, index) => at - (polls[index]?.at ?? 0))
    expect(apart).toHaveLength(3)
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(60_000)
    expect([sandbox.charges(), posts(checkout).length]).toEqual([1, 1])
  },

  'a decline is a transaction, not an error': async (libraries, checkout) => {
    const { client, clock } = checkout
    const request = libraries.shop.order({}, libraries.shop.cards.declined)
    const seen = see(pay(libraries, client, request).pipe(libraries.ours.toTransaction()))
    await clock.until(seen.ended)
    expect(seen).toMatchObject({ values: [{ status: 'failed' }], end: 'complete' })
  },

  'an incomplete transaction is followed to its end': async (libraries, checkout) => {
    const { client, clock, sandbox } = checkout
    const request = libraries.shop.order({}, libraries.shop.cards.threeDSecure)
    const { followIncomplete, toTransaction } = libraries.ours
    const seen = see(pay(libraries, client, request).pipe(toTransaction(), followIncomplete(client)))
    await clock.advance(20_000)
    expect(seen.values).toMatchObject([{ status: 'incomplete', redirect_url: expect.any(String) }])
    const decision = { method: 'POST', body: new URLSearchParams({ decision: 'confirm' }) }
    await sandbox.fetch(new Request(String(seen.values[0]?.redirect_url), decision))
    await clock.until(seen.ended)
    expect(seen.values.map(({ status }) => status)).toEqual(['incomplete', 'successful'])
    expect(clock.pending).toBe(0)
  },

  'who leaves while an incomplete transaction is followed ends the asking': async (libraries, checkout) => {
    const { client, clock, sandbox } = checkout
    const request = libraries.shop.order({}, libraries.shop.cards.threeDSecure)
    const { followIncomplete, toTransaction } = libraries.ours
    const followed = pay(libraries, client, request).pipe(toTransaction(), followIncomplete(client))
    const subscription = followed.subscribe()
    await clock.advance(20_000)
    subscription.unsubscribe()
    await clock.advance(1000)
    const asked = sandbox.requests().length
    await clock.advance(600_000)
    expect(sandbox.requests()).toHaveLength(asked)
    expect(clock.pending).toBe(0)
  },

  'after a reload the tasks of the journal go on, each once': async (libraries, checkout) => {
    const { clock, sandbox } = checkout
    const journal = libraries.core.memoryJournal()
    const before = checkout.restart({ journal })
    await clock.until(see(pay(libraries, before, libraries.shop.order()).pipe(libraries.operators.take(1))).ended)
    const after = checkout.restart({ journal })
    const { fromTask, recoverTasks } = libraries.ours
    const seen = see(recoverTasks(after).pipe(libraries.operators.mergeMap(fromTask)))
    await clock.until(seen.ended)
    expect(seen.values.at(-1)).toMatchObject({ status: 'result' })
    expect([sandbox.charges(), posts(checkout).length]).toEqual([1, 1])
  },
}

export const paymentCases: [name: string, check: (libraries: Libraries) => Promise<void>][] = Object.entries(
  checks,
).map(([name, check]) => [name, (libraries) => check(libraries, libraries.shop.createCheckout())])
