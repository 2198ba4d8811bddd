/** The rows GET status and GET result of the table of answers. Reading is destructive: one reader, and nothing is lost. */
import { type AuthContext, basicAuth } from '@async-transaction/core'
import type { Fault } from '@async-transaction/sandbox'
import { describe, expect, it } from 'vitest'
import { type Checkout, createCheckout, credentials, order, record } from './checkout.ts'

type Question = 'status' | 'result'
const questions: Question[] = ['status', 'result']

const asked = ({ sandbox }: Checkout, operation: Question | 'lookup') =>
  sandbox.requests().filter((request) => request.operation === operation)

/** Ways in which an answer is not seen, though the gateway did not lose it: it can be asked again. */
const losses = (on: Question): [name: string, fault: Fault][] => [
  ['the connection drops before', { on, kind: 'drop-before' }],
  ['the connection drops after', { on, kind: 'drop-after' }],
  ['the body is cut', { on, kind: 'truncate' }],
  ['the body stalls', { on, kind: 'stall' }],
  ['the answer never comes', { on, kind: 'delay', ms: 3_600_000 }],
  ['the body is over-large', { on, kind: 'oversize' }],
  ['it redirects', { on, kind: 'redirect', location: 'https://evil.test/' }],
  ['it is an HTML page of 502', { on, kind: 'html', status: 502 }],
  ['it is an HTML page of 500', { on, kind: 'html', status: 500 }],
  ['it is a 404 page', { on, kind: 'html', status: 404 }],
  ['it is an HTML page of 503 without Retry-After', { on, kind: 'html', status: 503 }],
  ['it is empty', { on, kind: 'empty' }],
  ['it is empty and 500', { on, kind: 'empty', status: 500 }],
  ['it is no JSON', { on, kind: 'garbage' }],
  ['it is an unknown word', { on, kind: 'processing-word', word: 'queued' }],
  ['it is an empty object', { on, kind: 'http', status: 200, body: {} }],
  ['it is an array', { on, kind: 'http', status: 200, body: [] }],
  ['it is null', { on, kind: 'http', status: 200, body: 'null' }],
  ['it is a transaction that is none', { on, kind: 'http', status: 200, body: { transaction: 'yes' } }],
]

describe.each(questions)('GET %s', (on) => {
  it.each(losses(on))('whose answer is lost because %s is asked again', async (_, fault) => {
    const checkout = createCheckout({}, { latencyMs: 1000 })
    const { client, clock, sandbox, events } = checkout
    sandbox.fault(fault)
    const task = client.submit('payments', order())
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
    expect(asked(checkout, on).length).toBe(2)
    expect(task.handle?.lost).toBe(1)
    expect(events.filter(({ type }) => type === 'lost')).toHaveLength(1)
  })

  it.each([
    ['it is an HTML page', { on, kind: 'html' }],
    ['it is an unknown word', { on, kind: 'processing-word', word: 'queued' }],
    ['it is empty', { on, kind: 'empty' }],
  ] as [string, Fault][])('with an answer that is nothing the protocol knows, since %s, warns', async (_, fault) => {
    const { client, clock, sandbox, events } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault(fault)
    await clock.until(client.submit('payments', order()).outcome())
    expect(events).toContainEqual(expect.objectContaining({ type: 'warning', warning: 'unexpected-answer' }))
  })

  it.each([
    ['429', { on, kind: 'throttle', retryAfter: 40 }],
    ['429 in HTML', { on, kind: 'http', status: 429, body: '<html>', headers: { 'retry-after': '40' } }],
    ['503 with Retry-After', { on, kind: 'throttle', status: 503, retryAfter: 40 }],
    [
      '503 with Retry-After in HTML',
      { on, kind: 'http', status: 503, body: '<html>', headers: { 'retry-after': '40' } },
    ],
  ] as [string, Fault][])('that is throttled by %s waits as told, and nothing is lost', async (_, fault) => {
    const checkout = createCheckout({}, { latencyMs: 1000 })
    const { client, clock, sandbox } = checkout
    sandbox.fault(fault)
    const task = client.submit('payments', order())
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
    const [first = 0, second = 0] = asked(checkout, on).map(({ at }) => at)
    // Chance comes on top, so that those who were told alike do not come back together.
    expect(second - first).toBe(42_000)
    expect(task.handle?.lost).toBe(0)
  })

  it('that is throttled by 503 until a time that has passed is asked on', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
    const headers = { 'retry-after': new Date(clock.now() - 60_000).toUTCString() }
    sandbox.fault({ on, kind: 'http', status: 503, body: { message: 'Service unavailable' }, headers })
    expect(await clock.until(client.submit('payments', order()).result())).toMatchObject({ status: 'successful' })
  })

  it('that is throttled for years waits five minutes', async () => {
    const checkout = createCheckout({}, { latencyMs: 1000 })
    checkout.sandbox.fault({ on, kind: 'throttle', retryAfter: 999_999_999 })
    const { client, clock } = checkout
    await clock.until(client.submit('payments', order()).outcome())
    const [first = 0, second = 0] = asked(checkout, on).map(({ at }) => at)
    expect(second - first).toBe(315_000)
  })

  const denials: [number, unknown][] = [
    [401, { message: 'no' }],
    [403, { message: 'no' }],
    [403, '<html>Blocked</html>'],
  ]
  it.each(denials)(
    'with %i %j, three times in a row over half a minute, ends `unauthorized`, and can be resumed',
    async (status, body) => {
      const checkout = createCheckout({ strategy: on, schedule: () => 10_000 }, { latencyMs: 3_600_000 })
      const { client, clock, sandbox } = checkout
      sandbox.fault({ on, kind: 'http', status, body, times: 1e9 })
      const task = client.submit('payments', order())
      const outcome = await clock.until(task.outcome())
      expect(outcome).toMatchObject({ error: { code: 'unauthorized', effect: 'unknown', httpStatus: status } })
      expect(asked(checkout, on)).toHaveLength(4)
      sandbox.clearFaults()
      expect(client.resume(task.handle as never).getSnapshot()).toMatchObject({ status: 'processing' })
    },
  )

  it.each(denials)('with %i %j is polled on, with credentials that were asked for anew', async (status, body) => {
    const refused: unknown[] = []
    const auth = (context: AuthContext) => {
      refused.push(context.refused)
      return basicAuth(credentials)()
    }
    const { client, clock, sandbox } = createCheckout({ auth }, { latencyMs: 1000 })
    sandbox.fault({ on, kind: 'http', status, body, times: 2 })
    expect(await clock.until(client.submit('payments', order()).result())).toMatchObject({ status: 'successful' })
    expect(refused).toContain(true)
    expect(refused[0]).toBeUndefined()
  })

  it.each([
    [400, { message: 'Bad request', errors: { amount: 'is odd' } }],
    [404, { message: 'Not found' }],
    [409, { response: { message: 'Conflict', errors: {} } }],
    [
      422,
      { code: 'F.0118', friendly_message: 'Try another card', message: 'Card 4200000000000000 is blocked', errors: {} },
    ],
    [500, { message: "We're sorry, but something went wrong" }],
    [503, { message: 'Down' }],
    [500, { message: 'Its code is a number', code: 500 }],
    [500, { message: 'Its errors are a text', errors: 'bad' }],
  ])('with an error of %i that the gateway confirms is the outcome, kept and replayed', async (status, body) => {
    const checkout = createCheckout({ strategy: on }, { latencyMs: 1000 })
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'error', status, body })
    const task = client.submit('payments', order())
    const seen = record(task)
    const outcome = await clock.until(task.outcome())
    expect(outcome).toMatchObject({ error: { code: 'gateway-error', httpStatus: status } })
    // The error, the 404 that confirms it, and a lookup.
    expect(sandbox.requests().map(({ operation }) => operation)).toEqual(['submit', on, on, 'lookup'])
    expect(record(task).end).toBe(seen.end)
    if (status === 422)
      expect(seen.end).toMatchObject({
        gatewayCode: 'F.0118',
        friendlyMessage: 'Try another card',
        message: 'Card ****0000 is blocked',
      })
  })

  it('with 404 unknown leads to the lookup, which may know', async () => {
    const checkout = createCheckout({}, { latencyMs: 1000 })
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on, kind: 'forget', charged: true })
    const request = order()
    const outcome = await clock.until(client.submit('payments', request).outcome())
    expect(outcome).toMatchObject({
      status: 'result',
      via: 'lookup',
      transaction: { tracking_id: request.tracking_id },
    })
    expect(asked(checkout, 'lookup')).toHaveLength(1)
  })

  it('with an answer of another task is a protocol error, and nothing of it is delivered', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 60_000 })
    if (on === 'result') sandbox.fault({ on: 'status', kind: 'early-completed', ms: 3_600_000 })
    sandbox.fault({ on, kind: 'foreign' })
    const task = client.submit('payments', order())
    const seen = record(task)
    expect(await clock.until(task.outcome())).toMatchObject({ error: { code: 'protocol', effect: 'unknown' } })
    expect(seen.statuses()).not.toContain('result')
  })

  it.each([
    ['a transaction', { transaction: { status: 'successful', type: 'payment' } }],
    ['an error', { message: 'Somebody else’s card is blocked' }],
  ])('with %s of another task is a protocol error, and nothing of it is delivered', async (_, body) => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on, kind: 'http', status: 200, body: { request_id: 'task-of-another', ...body } })
    const outcome = await clock.until(client.submit('payments', order()).outcome())
    expect(outcome).toMatchObject({ status: 'error', error: { code: 'protocol', effect: 'unknown' } })
    expect(String(outcome.status === 'error' && outcome.error)).not.toContain('blocked')
  })

  it.each([
    ['nothing', ''],
    ['a message', { message: 'Too early' }],
    ['a word nobody knows', { status: 'queued' }],
  ])('that is too early, with 425 and %s, is asked on, and nothing is lost', async (_, body) => {
    const { client, clock, sandbox, events } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on, kind: 'http', status: 425, body })
    const task = client.submit('payments', order())
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
    expect(task.handle?.lost).toBe(0)
    expect(events.filter(({ type }) => type === 'lost' || type === 'warning')).toEqual([])
  })
})

describe('processing', () => {
  it.each([200, 202, 425] as const)('of the result with HTTP %i is asked on', async (processingStatus) => {
    const checkout = createCheckout({ strategy: 'result' }, { processingStatus })
    const { client, clock } = checkout
    const task = client.submit('payments', order())
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
    expect(asked(checkout, 'result').length).toBeGreaterThan(1)
    expect(task.handle?.lost).toBe(0)
  })

  it('of the result after `completed` asks on without going back in the emissions', async () => {
    const checkout = createCheckout({}, { latencyMs: 60_000 })
    checkout.sandbox.fault({ on: 'status', kind: 'early-completed', ms: 30_000 })
    const { client, clock } = checkout
    const task = client.submit('payments', order())
    const seen = record(task)
    await clock.until(task.outcome())
    const statuses = seen.statuses()
    expect(statuses.slice(statuses.indexOf('completed'))).toEqual(['completed', 'result'])
    expect(asked(checkout, 'result').length).toBeGreaterThan(2)
    expect(asked(checkout, 'status')).toHaveLength(1)
  })

  it('that the acknowledgement calls completed already is asked after all the same', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 0 })
    sandbox.fault({ on: 'submit', kind: 'drop-after' })
    expect(await clock.until(client.submit('payments', order()).result())).toMatchObject({ status: 'successful' })
  })
})

describe('an error that is delivered once', () => {
  it.each(questions)('on %s is kept, and never asked for on the other URL', async (strategy) => {
    const checkout = createCheckout({ strategy })
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'error', status: 500 })
    const task = client.submit('payments', order())
    expect(await clock.until(task.outcome())).toMatchObject({ error: { code: 'gateway-error' } })
    await clock.advance(3_600_000)
    expect(sandbox.requests().filter(({ status }) => status === 500)).toHaveLength(1)
    expect(sandbox.requests().filter(({ status }) => status === 404)).toMatchObject([{ operation: strategy }])
  })

  it('whose answer was cut is `unknown`, because an answer was lost: never "failed", never "not found"', async () => {
    const checkout = createCheckout({}, { latencyMs: 1000 })
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'error' })
    sandbox.fault({ on: 'status', kind: 'truncate' })
    const task = client.submit('payments', order())
    expect(await clock.until(task.outcome())).toMatchObject({ status: 'unknown', cause: 'answer-lost', candidates: [] })
    expect(asked(checkout, 'lookup')).toHaveLength(5)
  })

  it('together with "try again later" is kept as last words, and is the end if the gateway knows no more', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'submit', kind: 'forget' })
    sandbox.fault({ on: 'status', kind: 'throttle', retryAfter: 5, message: 'The acquirer is down' })
    const outcome = await clock.until(client.submit('payments', order()).outcome())
    expect(outcome).toMatchObject({
      error: { code: 'gateway-error', effect: 'unknown', message: 'The acquirer is down', httpStatus: 429 },
    })
  })

  it('together with "too early" is kept as last words as well', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'submit', kind: 'forget' })
    sandbox.fault({ on: 'status', kind: 'http', status: 425, body: { message: 'The acquirer is down' } })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      error: { code: 'gateway-error', message: 'The acquirer is down', httpStatus: 425 },
    })
  })

  it('leaves no last words when the task turns out to be alive', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 20_000 })
    sandbox.fault({ on: 'status', kind: 'throttle', retryAfter: 1, message: 'Too many requests' })
    sandbox.fault({ on: 'status', nth: 3, kind: 'forget' })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({ status: 'unknown' })
  })

  it('is read to its end when the last observer leaves in the middle, and kept', async () => {
    const checkout = createCheckout({}, { latencyMs: 1000 })
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'error' })
    sandbox.fault({ on: 'status', kind: 'delay', ms: 10_000 })
    const task = client.submit('payments', order())
    const subscription = task.subscribe(() => {})
    await clock.advance(5000)
    expect(asked(checkout, 'status')).toHaveLength(1)
    subscription.unsubscribe()
    await clock.advance(60_000)
    expect(task.handle).toMatchObject({ lastWords: { httpStatus: 500 } })
    expect(sandbox.requests().every(({ aborted }) => !aborted)).toBe(true)
    expect(asked(checkout, 'status')).toHaveLength(1)
    expect(await clock.until(task.outcome())).toMatchObject({ status: 'error', error: { code: 'gateway-error' } })
  })
})

describe('one reader', () => {
  it('asks one question at a time, whoever observes, polls, looks up, leaves and comes back', async () => {
    let inFlight = 0
    let most = 0
    const { client, clock, sandbox } = createCheckout({
      fetch: async (request: Request) => {
        inFlight += 1
        most = Math.max(most, inFlight)
        try {
          return await sandbox.fetch(request)
        } finally {
          inFlight -= 1
        }
      },
    })
    sandbox.fault({ on: 'status', kind: 'delay', ms: 700, times: 1e9 })
    sandbox.fault({ on: 'result', kind: 'delay', ms: 700, times: 1e9 })
    const task = client.submit('payments', order())
    await clock.until(task.accepted())
    const again = client.resume(task.handle as never)
    expect(again).toBe(task)
    for (let round = 0; round < 20; round++) {
      const observers = [task.subscribe(() => {}), again.subscribe(() => {})]
      void task.poll()
      void task.lookup()
      void client.check(task.handle as never)
      await clock.advance(300)
      for (const observer of observers) observer.unsubscribe()
      await clock.advance(100)
    }
    await clock.until(task.outcome())
    expect(most).toBe(1)
    expect(task.getSnapshot()).toMatchObject({ status: 'result' })
  })

  it('that keeps losing is spaced out to one question in thirty seconds, and goes on', async () => {
    const checkout = createCheckout({}, { latencyMs: 0 })
    checkout.sandbox.fault({ on: 'status', kind: 'drop-before', times: 60 })
    const { client, clock } = checkout
    const task = client.submit('payments', order())
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
    const times = asked(checkout, 'status').map(({ at }) => at)
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0))
    expect(Math.max(...gaps.slice(0, 8))).toBeLessThan(10_000)
    expect(Math.min(...gaps.slice(12))).toBeGreaterThanOrEqual(30_000)
  })

  it('that is heard again gets its credit back, bit by bit', async () => {
    const checkout = createCheckout({}, { latencyMs: 3_600_000 })
    checkout.sandbox.fault({ on: 'status', kind: 'drop-before', times: 12 })
    const { client, clock } = checkout
    const task = client.submit('payments', order())
    task.subscribe(() => {})
    await clock.advance(600_000)
    const times = asked(checkout, 'status').map(({ at }) => at)
    const last = (times.at(-1) ?? 0) - (times.at(-2) ?? 0)
    expect(last).toBeLessThan(20_000)
  })
})

describe('unknown', () => {
  it('says `expired` for a task that is older than 24 hours', async () => {
    const { client, clock } = createCheckout()
    const task = client.submit('payments', order({ tracking_id: undefined }))
    const { requestId, ...handle } = await clock.until(task.accepted())
    task.stop()
    await clock.advance(86_400_001)
    const other = createCheckout()
    await other.clock.advance(86_400_001)
    const resumed = other.client.resume({ requestId, ...handle })
    expect(await other.clock.until(resumed.outcome())).toMatchObject({ status: 'unknown', cause: 'expired' })
  })

  it('says `answer-lost` before `expired`', async () => {
    const { client, clock } = createCheckout()
    const handle = await clock.until(client.submit('payments', order()).accepted())
    const other = createCheckout()
    await other.clock.advance(90_000_000)
    const resumed = other.client.resume({ ...handle, lost: 1 })
    expect(await other.clock.until(resumed.outcome())).toMatchObject({ status: 'unknown', cause: 'answer-lost' })
  })

  it.each(['answer-lost', 'expired'])('takes over the cause `%s` of a proxy', async (cause) => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
    const task = client.submit('payments', order())
    const { requestId } = await clock.until(task.accepted())
    sandbox.fault({
      on: 'status',
      kind: 'http',
      status: 404,
      body: { status: 'unknown', request_id: requestId, cause },
    })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [] }, times: 5 })
    expect(await clock.until(task.outcome())).toMatchObject({ status: 'unknown', cause })
  })

  it('is what it is though the lookup cannot be asked either', async () => {
    const checkout = createCheckout({}, { latencyMs: 1000 })
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'forget' })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 401, times: 1e9 })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      status: 'unknown',
      cause: 'not-found',
    })
    expect(asked(checkout, 'lookup').length).toBeLessThanOrEqual(5)
  })

  it('shows nothing new while the transaction is looked up', async () => {
    const checkout = createCheckout({}, { latencyMs: 1000 })
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'status', kind: 'forget', charged: true })
    sandbox.fault({ on: 'lookup', kind: 'drop-before', times: 3 })
    const task = client.submit('payments', order())
    const seen = record(task)
    await clock.until(task.outcome())
    expect(asked(checkout, 'lookup')).toHaveLength(4)
    expect(seen.statuses()).toEqual(['processing', 'result'])
  })

  it('is not settled while the lookup is lost, but asked again', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'status', kind: 'forget', charged: true })
    sandbox.fault({ on: 'lookup', kind: 'drop-before', times: 2 })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      status: 'result',
      via: 'lookup',
    })
  })
})

describe('types without a transaction', () => {
  it('give the body', async () => {
    const { client, clock } = createCheckout()
    const task = client.submit('balance', { currency: 'KZT' })
    const outcome = await clock.until(task.outcome())
    expect(outcome).toMatchObject({ status: 'result', body: { status: 'successful', result: { currency: 'KZT' } } })
    expect(outcome).not.toHaveProperty('transaction')
    expect(await task.result()).toEqual((outcome as { body: unknown }).body)
  })
})
