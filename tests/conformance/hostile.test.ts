/** Bad input from below: a fetch, JSON and headers that lie. Each leads to a named outcome, and one charge at most. */
import { inspect } from 'node:util'
import type { TransactionTask } from '@async-transaction/core'
import { describe, expect, it } from 'vitest'
import { createCheckout, order } from './checkout.ts'

const json = (body: string, init: ResponseInit = {}): Response =>
  new Response(body, { headers: { 'content-type': 'application/json' }, ...init })

describe('a hostile fetch', () => {
  it.each([
    ['rejects with a string', () => Promise.reject('down')],
    ['rejects with nothing', () => Promise.reject()],
    [
      'throws a number',
      () => {
        throw 7
      },
    ],
    ['resolves with nothing', () => Promise.resolve()],
    ['resolves with garbage', () => Promise.resolve({ ok: true, json: () => ({ status: 'successful' }) })],
    [
      'resolves with a status that is no number',
      () => Promise.resolve({ status: 'ok', headers: new Headers(), body: null }),
    ],
    ['never settles', () => new Promise(() => {})],
  ])('that %s ends in `submit-lost`, bounded', async (_, fetch) => {
    const { client, clock } = createCheckout({ fetch: fetch as never })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      error: { code: 'submit-lost', effect: 'unknown' },
    })
    expect(clock.pending).toBe(0)
  })

  it('that sends every request twice charges once, and names the outcome', async () => {
    const { client, clock, sandbox } = createCheckout({
      fetch: async (request: Request) => {
        await sandbox.fetch(request.clone())
        return sandbox.fetch(request)
      },
    })
    const request = order()
    expect(await clock.until(client.submit('payments', request).result())).toMatchObject({ status: 'successful' })
    expect(sandbox.charges(request.tracking_id)).toBe(1)
  })

  it('that sends every request twice, with an error that is given once, is `unknown`: not a failure, not a success', async () => {
    const { client, clock, sandbox } = createCheckout({
      fetch: async (request: Request) => {
        await sandbox.fetch(request.clone())
        return sandbox.fetch(request)
      },
    })
    sandbox.fault({ on: 'submit', kind: 'error' })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({ status: 'unknown' })
  })

  it('that caches answers finds its end at the deadline', async () => {
    const cache = new Map<string, Response>()
    const { client, clock, sandbox } = createCheckout({
      deadlineMs: 60_000,
      fetch: async (request: Request) => {
        const key = request.method + request.url
        const cached = cache.get(key) ?? (await sandbox.fetch(request))
        cache.set(key, cached)
        return cached.clone()
      },
    })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      error: { code: 'deadline' },
    })
  })
})

/** A task whose first question is answered by `answer`. */
async function answered(answer: (requestId: string) => Response | Promise<Response>) {
  const checkout = createCheckout({}, { latencyMs: 1000 })
  const { client, clock, sandbox } = checkout
  const task = client.submit('payments', order())
  const { requestId } = await clock.until(task.accepted())
  let first = true
  const real = sandbox.fetch
  const resumed = checkout
    .restart({
      fetch: (request: Request) => {
        if (!first) return real(request)
        first = false
        return Promise.resolve(answer(requestId))
      },
    })
    .resume(task.handle as never)
  return { ...checkout, task: resumed as TransactionTask, requestId }
}

describe('hostile JSON', () => {
  it.each([
    ['is nested 100,000 deep', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['is an error nested 20,000 deep', `{"message":"x","errors":${'{"a":'.repeat(20_000)}"x"${'}'.repeat(20_000)}}`],
    [
      'has errors in arrays 20,000 deep',
      `{"message":"x","errors":{"a":${'['.repeat(20_000)}"x"${']'.repeat(20_000)}}}`,
    ],
    ['has a status that is an object', '{"status":{"a":1}}'],
    ['has huge numbers', '{"status":1e400,"request_id":1e999}'],
    ['has duplicate keys', '{"status":"completed","status":7}'],
    ['is only a byte order mark', '\ufeff'],
    ['has keys of Object.prototype', '{"constructor":{"prototype":{"status":"completed"}},"hasOwnProperty":1}'],
  ])('that %s leads to an outcome', async (_, body) => {
    const { clock, task } = await answered(() => json(body))
    const outcome = await clock.until(task.outcome())
    expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
  })

  it('that knows the task no more, for a cause that is no text, leads to the lookup', async () => {
    const { clock, task } = await answered(() => json('{"status":"unknown","cause":{"toString":1}}', { status: 404 }))
    expect(await clock.until(task.outcome())).toMatchObject({ status: 'result', via: 'lookup' })
  })

  it('cannot name its fields so that they change objects', async () => {
    const { client, clock, sandbox } = createCheckout()
    const body = '{"message":"x","errors":{"__proto__":{"polluted":"yes"},"constructor":["c"],"toString":"t"}}'
    sandbox.fault({ on: 'submit', kind: 'http', status: 422, body })
    const outcome = await clock.until(client.submit('payments', order()).outcome())
    expect(outcome).toMatchObject({ error: { fieldErrors: { constructor: ['c'], toString: ['t'] } } })
    expect({}).not.toHaveProperty('polluted')
  })

  it('of a result may be anything beside its transaction', async () => {
    const body = {
      transaction: { status: 'successful', amount: 1e300, extra: { deep: [[[[]]]] }, uid: 7 },
      status: 'processing',
    }
    const { clock, task } = await answered(() => json(JSON.stringify(body)))
    expect(await clock.until(task.outcome())).toMatchObject({ status: 'result', body })
  })

  it('with a byte order mark is read', async () => {
    const { clock, task } = await answered(() => json('\ufeff{"transaction":{"status":"failed"}}'))
    expect(await clock.until(task.result())).toMatchObject({ status: 'failed' })
  })

  it('of a status with the same words elsewhere is not taken for more than it is', async () => {
    const { clock, task, requestId } = await answered((id) =>
      json(JSON.stringify({ request_id: id, status: 'processing', message: 'completed', transaction: null })),
    )
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
    expect(task.handle).toMatchObject({ requestId, lost: 0 })
  })
})

describe('a refusal of a submission', () => {
  it.each([
    { message: 'The amount is odd', code: 422, friendly_message: 'Try again' },
    { message: 'The amount is odd', errors: 'amount' },
    { response: { message: 'The amount is odd' }, request_id: 'an id/of another kind' },
  ])('with an odd field is one all the same, and the POST is not sent again: %j', async (body) => {
    const { client, clock, sandbox } = createCheckout()
    sandbox.fault({ on: 'submit', kind: 'http', status: 422, body })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      error: { code: 'submit-rejected', effect: 'none', message: 'The amount is odd' },
    })
    expect(sandbox.requests()).toHaveLength(1)
  })

  it('without a word has complaints by field all the same: none', async () => {
    const { client, clock, sandbox } = createCheckout()
    sandbox.fault({ on: 'submit', kind: 'http', status: 429, body: {}, times: 3 })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      error: { code: 'submit-rejected', effect: 'none', fieldErrors: {} },
    })
  })
})

describe('hostile headers', () => {
  it.each(['soon', '-1', '1e99', 'NaN', '9'.repeat(10_000), 'Thu, 01 Jan 1970 00:00:00 GMT', '\u00a0'])(
    'Retry-After %j neither storms nor stalls',
    async (value) => {
      const { clock, task } = await answered(() => json('{}', { status: 429, headers: { 'retry-after': value } }))
      const before = clock.now()
      expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
      expect(clock.now() - before).toBeLessThanOrEqual(332_000)
    },
  )

  it.each(['yesterday', '', 'Fri, 31 Dec 9999 23:59:59 GMT'])('Date %j does not break a lookup', async (date) => {
    const { client, clock, sandbox, restart } = createCheckout({}, { latencyMs: 0 })
    sandbox.fault({ on: 'submit', kind: 'forget', charged: true })
    const task = client.submit('payments', order())
    const handle = await clock.until(task.accepted())
    const resumed = restart({
      fetch: async (request: Request) => {
        const response = await sandbox.fetch(request)
        return new Response(response.body, { status: response.status, headers: { ...(date && { date }) } })
      },
    }).resume(handle)
    expect(await clock.until(resumed.outcome())).toMatchObject({ status: 'result', via: 'lookup' })
  })

  it('X-Request-Id is cut to what fits a log line', async () => {
    const { clock, task, events } = await answered(() =>
      json('{"message":"x"}', { status: 500, headers: { 'x-request-id': 'x'.repeat(5000) } }),
    )
    await clock.until(task.outcome())
    expect(events.find((event) => event.type === 'attempt' && event.httpStatus === 500)).toMatchObject({
      gatewayRequestId: 'x'.repeat(128),
    })
  })
})

describe('secrets', () => {
  it('are in no printing of anything the library gives out', async () => {
    const printed: string[] = []
    const print = (value: unknown): void => {
      printed.push(
        inspect(value, { depth: 12, showHidden: true, getters: true }),
        String(value),
        JSON.stringify(value) ?? '',
      )
    }
    const { client, clock, sandbox, events } = createCheckout({}, { latencyMs: 1000 })
    print(client)
    for (const fault of [
      undefined,
      {
        on: 'submit',
        kind: 'http',
        status: 422,
        body: { message: '4200000000000000', errors: { credit_card: { number: '4200 0000 0000 0000' } } },
      },
      { on: 'submit', kind: 'error', body: { message: 'Card 4200-0000-0000-0000' } },
      { on: 'submit', kind: 'drop-before', times: 3 },
    ] as const) {
      if (fault) sandbox.fault(fault)
      const task = client.submit('payments', order())
      print(task)
      const outcome = await clock.until(task.outcome())
      print(outcome)
      print(task)
      await task.result().catch(print)
      print(task.handle)
    }
    print(events)
    expect(printed.join('\n')).not.toMatch(/4200[ -]?0000|verification_value|a-secret-key|MzYx/)
  })

  it('are in no complaint about a handle, which says what is wrong with it', async () => {
    const { client, clock } = createCheckout()
    const handle = await clock.until(client.submit('payments', order()).accepted())
    const complaints: [unknown, string][] = [
      ['4200000000000000', 'it must be an object'],
      [undefined, 'it must be an object'],
      [{}, 'v is required'],
      [{ ...handle, lastWords: 'card 4200000000000000' }, 'lastWords must be an object'],
      [{ ...handle, lastWords: { message: 4200000000000000 } }, 'lastWords.message must be a text'],
      [{ ...handle, trackingId: '..' }, 'trackingId must be'],
      [{ ...handle, trackingId: '\ud800' }, 'trackingId must be'],
      [{ ...handle, ending: { status: '4200000000000000' } }, 'ending.status must be'],
    ]
    for (const [value, complaint] of complaints) {
      const thrown = inspect(catching(() => client.resume(value as never)))
      expect(thrown).toContain(complaint)
      expect(thrown).not.toContain('4200')
    }
  })
})

function catching(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}
