/**
 * The rule above all: nothing of rxjs around our operators charges a second time for one request object. Pipelines,
 * subscribers and faults are generated; what counts is what the gateway saw.
 */
import type { PaymentRequest, TaskState } from '@async-transaction/core'
import type { SimulatedClock } from '@async-transaction/core/testing'
import fc from 'fast-check'
import {
  concat,
  from,
  identity,
  type MonoTypeOperatorFunction,
  merge,
  Observable,
  type OperatorFunction,
  of,
  pipe,
} from 'rxjs'
import {
  bufferCount,
  catchError,
  concatMap,
  debounce,
  delayWhen,
  dematerialize,
  distinct,
  exhaustMap,
  expand,
  finalize,
  last,
  map,
  materialize,
  mergeAll,
  mergeMap,
  raceWith,
  repeat,
  retry,
  share,
  shareReplay,
  switchMap,
  take,
  takeUntil,
  takeWhile,
  tap,
  throwIfEmpty,
} from 'rxjs/operators'
import { expect, it } from 'vitest'
import { cards, createCheckout, order } from '../../../tests/conformance/checkout.ts'
import { distinctStatus, followIncomplete, lookupUnknown, settled, submitTransaction, toTransaction } from './index.ts'

const RUNS = 1000
/** A busy machine plays fewer of them, in milliseconds: how many there are is no rule of ours. */
const LONG_ENOUGH_MS = 60_000

type Operator = MonoTypeOperatorFunction<never>
type Create = (use: { clock: SimulatedClock; n: number; ms: number }) => unknown

const after = (clock: SimulatedClock, ms: number): Observable<number> =>
  new Observable((subscriber) => {
    const timer = clock.setTimeout(() => {
      subscriber.next(0)
      subscriber.complete()
    }, ms)
    return () => clock.clearTimeout(timer)
  })

/** Fails at the nth value of all subscriptions together, so that a retry gets further. */
const failsOnce = (nth: number): OperatorFunction<unknown, unknown> => {
  let seen = 0
  return map((value) => {
    seen += 1
    if (seen === nth) throw new Error('the callback failed')
    return value
  })
}

/** Operators of rxjs that make of one subscription several, of one request several, or leave, or come back. */
const around: Record<string, Create> = {
  retry: ({ n }) => retry(n),
  retryLater: ({ clock, n, ms }) => retry({ count: n, delay: () => after(clock, ms) }),
  repeat: ({ n }) => repeat(n),
  repeatLater: ({ clock, n, ms }) => repeat({ count: n, delay: () => after(clock, ms) }),
  share: () => share(),
  shareForgetful: () => share({ resetOnRefCountZero: true, resetOnComplete: true, resetOnError: true }),
  shareReplay: () => shareReplay({ bufferSize: 1, refCount: true }),
  take: ({ n }) => take(n),
  takeUntil: ({ clock, ms }) => takeUntil(after(clock, ms)),
  takeWhile: ({ n }) => {
    let seen = 0
    return takeWhile(() => ++seen <= n)
  },
  last: () => last(),
  throwIfEmpty: () => throwIfEmpty(),
  twice: () => (source: Observable<unknown>) => merge(source, source),
  again: () => (source: Observable<unknown>) => concat(source, source),
  onError: () => (source: Observable<unknown>) => source.pipe(catchError(() => source)),
  race: () => (source: Observable<unknown>) => source.pipe(raceWith(source)),
  onTimeout:
    ({ clock, ms }) =>
    (source: Observable<unknown>) =>
      source.pipe(raceWith(after(clock, ms).pipe(mergeMap(() => source)))),
  failsOnce: ({ n }) => failsOnce(n),
  delay: ({ clock, ms }) => delayWhen(() => after(clock, ms)),
  debounce: ({ clock, ms }) => debounce(() => after(clock, ms)),
  buffer: ({ n }) => pipe(bufferCount(n), mergeAll()),
  switchMap: ({ clock, ms }) => switchMap((value) => after(clock, ms).pipe(map(() => value))),
  exhaustMap: ({ clock, ms }) => exhaustMap((value) => after(clock, ms).pipe(map(() => value))),
  concatMap: ({ clock, ms }) => concatMap((value) => after(clock, ms).pipe(map(() => value))),
  doubled: () => mergeMap((value) => [value, value]),
  expand: ({ n }) => {
    let left = n
    return expand((value) => (left-- > 0 ? of(value) : []))
  },
  materialize: () => pipe(materialize(), dematerialize()),
  distinct: () => distinct(),
  tap: () => tap(() => {}),
  finalize: () => finalize(() => {}),
}

const step = fc.record({
  name: fc.constantFrom(...Object.keys(around)),
  n: fc.integer({ min: 1, max: 3 }),
  ms: fc.integer({ min: 0, max: 20_000 }),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const piped = (steps: readonly Step[], clock: SimulatedClock): OperatorFunction<unknown, unknown> => {
  const operators = steps.map(({ name, n, ms }) => around[name]?.({ clock, n, ms }) as Operator)
  return (source) => operators.reduce((piped, operator) => piped.pipe(operator), source as Observable<never>)
}

const fault = fc.record({
  on: fc.constantFrom('submit' as const, 'status' as const, 'result' as const, 'lookup' as const),
  kind: fc.constantFrom(
    { kind: 'drop-before' as const },
    { kind: 'drop-after' as const },
    { kind: 'truncate' as const },
    { kind: 'html' as const },
    { kind: 'http' as const, status: 500 },
    { kind: 'proxy-json' as const, status: 409, taken: true },
    { kind: 'proxy-json' as const, status: 404 },
    { kind: 'throttle' as const, retryAfter: 2 },
    { kind: 'delay' as const, ms: 4000 },
  ),
  nth: fc.integer({ min: 1, max: 3 }),
  times: fc.integer({ min: 1, max: 4 }),
})
/** Of a task that was taken: an error that is told once, or a 404 `unknown`, though the card is charged. */
const mishap = fc.constantFrom(undefined, 'error' as const, 'forget' as const)

const plan = fc.record({
  requests: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 4 }),
  card: fc.constantFrom(cards.succeeds, cards.declined, cards.threeDSecure),
  strategy: fc.constantFrom(undefined, 'exhaust' as const, 'concat' as const, 'merge' as const),
  before: fc.array(step, { maxLength: 3 }),
  behind: fc.array(step, { maxLength: 4 }),
  ours: fc.constantFrom('states', 'distinct', 'settled', 'looked-up', 'transaction', 'followed'),
  faults: fc.array(fault, { maxLength: 4 }),
  mishap,
  subscribers: fc.array(
    fc.record({ atMs: fc.integer({ min: 0, max: 15_000 }), leavesMs: fc.integer({ min: 0, max: 60_000 }) }),
    { minLength: 1, maxLength: 3 },
  ),
})
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never

async function act({ requests, card, strategy, before, behind, ours, faults, mishap, subscribers }: Plan) {
  const checkout = createCheckout()
  const { client, clock, sandbox } = checkout
  const objects: PaymentRequest[] = [order({}, card), order({}, card), order({}, card)]
  if (mishap) sandbox.fault({ on: 'submit', kind: mishap, charged: true })
  for (const { on, kind, nth, times } of faults) sandbox.fault({ ...kind, on, nth, times })

  const own: Record<Plan['ours'], OperatorFunction<TaskState, unknown>> = {
    states: identity,
    distinct: distinctStatus(),
    settled: settled(),
    'looked-up': lookupUnknown(client),
    transaction: toTransaction(),
    followed: pipe(toTransaction(), followIncomplete(client, { clock, deadlineMs: 30_000 })),
  }
  const pipeline = from(requests.map((index) => objects[index])).pipe(
    piped(before, clock),
    submitTransaction(client, 'payments', strategy ? { strategy } : {}) as OperatorFunction<unknown, TaskState>,
    own[ours] ?? settled(),
    piped(behind, clock),
  )
  for (const { atMs, leavesMs } of subscribers)
    after(clock, atMs)
      .pipe(
        mergeMap(() => pipeline),
        takeUntil(after(clock, atMs + leavesMs)),
      )
      .subscribe({ error: () => {} })
  await clock.advance(180_000)
  return { sandbox, objects }
}

it('never charges twice for one request object, and never sends it under two keys', async () => {
  const seen = { runs: 0, charged: 0, repeatedPosts: 0 }
  await fc.assert(
    fc.asyncProperty(plan, async (planned) => {
      const { sandbox, objects } = await act(planned)
      seen.runs += 1
      for (const { tracking_id: trackingId = '' } of objects) {
        const posts = sandbox.requests().filter((sent) => sent.operation === 'submit' && sent.trackingId === trackingId)
        expect(sandbox.charges(trackingId)).toBeLessThanOrEqual(1)
        expect(new Set(posts.map((post) => post.requestIdHeader)).size).toBeLessThanOrEqual(1)
        seen.charged += sandbox.charges(trackingId)
        seen.repeatedPosts += Math.max(0, posts.length - 1)
      }
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: LONG_ENOUGH_MS },
  )
  // The property would hold of pipelines that pay nothing: these do.
  expect(seen.charged).toBeGreaterThan(seen.runs / 4)
  expect(seen.repeatedPosts).toBeGreaterThan(seen.runs / 20)
}, 120_000)
