/** What goes wrong when one polls with rxjs by hand, measured; the README shows these figures. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PaymentRequest } from '@async-transaction/core'
import type { SimulatedClock } from '@async-transaction/core/testing'
import { defer, filter, mergeMap, Observable, of, retry, switchMap, take } from 'rxjs'
import { expect, it } from 'vitest'
import { BASE_URL, type Checkout, createCheckout, credentials, order } from '../../../tests/conformance/checkout.ts'
import { see } from '../testing/payment-cases.ts'
import { submitTransaction } from './index.ts'

const [, section = ''] = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8').split('## Polling with rxjs')
const [, , ...rows] = [...section.matchAll(/^\| (.+)\|(.+)\|(.+)\|$/gm)].map((row) =>
  row.slice(1).map((cell) => cell.trim()),
)

/** What was measured, by hand and here, is what the README shows in the line of this pipeline. */
function measured(pipeline: string, byHand: string, here: string): void {
  expect(rows).toContainEqual([pipeline, byHand, here])
}

interface Answer {
  readonly status?: string
  readonly request_id?: string
  readonly message?: string
}

const every = (clock: SimulatedClock, ms: number): Observable<number> =>
  new Observable((subscriber) => {
    let timer: unknown
    const tick = (): void => {
      timer = clock.setTimeout(tick, ms)
      subscriber.next(0)
    }
    timer = clock.setTimeout(tick, ms)
    return () => clock.clearTimeout(timer)
  })

/** `fromFetch`, but through the sandbox: one request per subscription, aborted by leaving. */
const ask = ({ sandbox }: Checkout, path: string, body?: object): Observable<Answer> =>
  new Observable((subscriber) => {
    const controller = new AbortController()
    const headers = {
      authorization: `Basic ${btoa(`${credentials.shopId}:${credentials.secretKey}`)}`,
      'content-type': 'application/json',
    }
    const { signal } = controller
    const init = body ? { method: 'POST', headers, signal, body: JSON.stringify(body) } : { headers, signal }
    Promise.resolve(sandbox.fetch(new Request(BASE_URL + path, init)))
      .then((response) => response.json())
      .then(
        (answer: Answer) => {
          if (answer.message) subscriber.error(new Error(answer.message))
          else subscriber.next(answer)
          subscriber.complete()
        },
        (error) => subscriber.error(error),
      )
    return () => controller.abort()
  })

const post = (checkout: Checkout, request: PaymentRequest): Observable<Answer> =>
  ask(checkout, '/async/transactions/payments', { request })
const polls = ({ sandbox }: Checkout): number =>
  sandbox.requests().filter(({ operation }) => operation === 'status' || operation === 'result').length
const paid = ({ client }: Checkout, request: PaymentRequest) => of(request).pipe(submitTransaction(client, 'payments'))

/** The gateway's own guard against duplicates, for 30 seconds, is no idempotency: it is off, as a shop with equal carts has it. */
const cart = (): PaymentRequest => order({ duplicate_check: false })

it('switchMap cancels each question before it is answered', async () => {
  const slow = { on: 'any', kind: 'delay', ms: 1500, times: 1000 } as const
  const byHand = createCheckout()
  const { clock } = byHand
  const accepted = see(post(byHand, cart()))
  await clock.until(accepted.ended)
  byHand.sandbox.fault(slow)
  const path = `/async/status/${accepted.values[0]?.request_id}`
  const answers = see(every(clock, 1000).pipe(switchMap(() => ask(byHand, path))))
  await clock.advance(20_500)

  const here = createCheckout()
  const seen = see(paid(here, cart()))
  await here.clock.advance(100)
  here.sandbox.fault(slow)
  await here.clock.advance(20_400)
  expect(seen.values.at(-1)).toMatchObject({ status: 'result' })
  measured(
    '`switchMap` over a timer: 1 s apart, answers take 1.5 s',
    `${polls(byHand)} requests, ${answers.values.length} answers`,
    `${polls(here)} requests, the result`,
  )
})

it('switchMap throws away the one answer that says what went wrong', async () => {
  const slow = { on: 'status', kind: 'delay', ms: 1500, nth: 1 } as const
  const byHand = createCheckout({}, { latencyMs: 500 })
  const { clock } = byHand
  byHand.sandbox.fault({ on: 'submit', kind: 'error' })
  byHand.sandbox.fault(slow)
  const accepted = see(post(byHand, cart()))
  await clock.until(accepted.ended)
  const path = `/async/status/${accepted.values[0]?.request_id}`
  const answers = see(
    every(clock, 1000).pipe(
      switchMap(() => ask(byHand, path)),
      take(1),
    ),
  )
  await clock.until(answers.ended)

  const here = createCheckout({}, { latencyMs: 500 })
  here.sandbox.fault({ on: 'submit', kind: 'error' })
  here.sandbox.fault(slow)
  const seen = see(paid(here, cart()))
  await here.clock.until(seen.ended)
  measured(
    '`switchMap` over a timer, and the task blows up',
    `the answer is \`${answers.values[0]?.status ?? answers.end}\``,
    `the error is \`${(seen.end as { code: string }).code}\``,
  )
})

it('a cold POST charges for each subscriber', async () => {
  const byHand = createCheckout()
  const cold = post(byHand, cart())
  await byHand.clock.until(Promise.all([see(cold).ended, see(cold).ended]))
  await byHand.clock.advance(20_000)

  const here = createCheckout()
  const shared = paid(here, cart())
  await here.clock.until(Promise.all([see(shared).ended, see(shared).ended]))
  measured('a cold POST, two subscribers', `${byHand.sandbox.charges()} charges`, `${here.sandbox.charges()} charge`)
})

it('retry around a POST charges for each answer that was lost', async () => {
  const lost = { on: 'submit', kind: 'drop-after', times: 2 } as const
  const byHand = createCheckout()
  byHand.sandbox.fault(lost)
  await byHand.clock.until(see(post(byHand, cart()).pipe(retry(2))).ended)
  await byHand.clock.advance(20_000)

  const here = createCheckout()
  here.sandbox.fault(lost)
  await here.clock.until(see(paid(here, cart()).pipe(retry(2))).ended)
  measured(
    '`retry(2)` around a POST whose answer was lost twice',
    `${byHand.sandbox.charges()} charges`,
    `${here.sandbox.charges()} charge`,
  )
})

it('retry around a GET makes of an error that is told once a 404', async () => {
  const byHand = createCheckout()
  byHand.sandbox.fault({ on: 'submit', kind: 'error' })
  const flow = post(byHand, cart()).pipe(
    mergeMap(({ request_id: id }) =>
      every(byHand.clock, 6000).pipe(mergeMap(() => defer(() => ask(byHand, `/async/result/${id}`)).pipe(retry(2)))),
    ),
    filter(({ status }) => status !== 'processing'),
    take(1),
  )
  const answers = see(flow)
  await byHand.clock.until(answers.ended)

  const here = createCheckout()
  here.sandbox.fault({ on: 'submit', kind: 'error' })
  const seen = see(paid(here, cart()).pipe(retry(2)))
  await here.clock.until(seen.ended)
  measured(
    '`retry(2)` around a GET of an error that is told once',
    `the answer is \`${answers.values[0]?.status ?? answers.end}\``,
    `the error is \`${(seen.end as { code: string }).code}\``,
  )
})

it('the README shows nothing else', () => {
  expect(rows.map(([pipeline]) => pipeline)).toEqual([
    '`switchMap` over a timer: 1 s apart, answers take 1.5 s',
    '`switchMap` over a timer, and the task blows up',
    'a cold POST, two subscribers',
    '`retry(2)` around a POST whose answer was lost twice',
    '`retry(2)` around a GET of an error that is told once',
  ])
})
