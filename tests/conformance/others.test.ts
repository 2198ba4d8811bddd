/**
 * Others on the way: balancers, API gateways, firewalls and transports that send again. They speak JSON, use 4xx and say
 * 404. Only the gateway's own word ends a payment.
 */
import {
  type Auth,
  type AuthContext,
  basicAuth,
  type Client,
  type ClientOptions,
  memoryJournal,
  type PaymentRequest,
  type TaskHandle,
} from '@async-transaction/core'
import type { Fault, SandboxOptions } from '@async-transaction/sandbox'
import { describe, expect, it } from 'vitest'
import { type Checkout, cards, createCheckout, credentials, order } from './checkout.ts'

const operations = ({ sandbox }: Checkout) => sandbox.requests().map(({ operation }) => operation)
const count = (checkout: Checkout, operation: string) =>
  operations(checkout).filter((each) => each === operation).length

const pay = async (fault: Fault, options: Partial<ClientOptions> = {}, gateway: SandboxOptions = {}) => {
  const checkout = createCheckout(options, { latencyMs: 1000, ...gateway })
  const { client, clock, sandbox } = checkout
  sandbox.fault(fault)
  const request = order()
  const task = client.submit('payments', request)
  const outcome = await clock.until(task.outcome())
  return { ...checkout, checkout, task, request, outcome, charges: sandbox.charges(request.tracking_id) }
}
const json = (on: Fault['on'], status: number, fields: object = {}) =>
  ({ on, kind: 'proxy-json', status, ...fields }) as Fault

const paid = { status: 'result', transaction: { status: 'successful' } }

describe.each(['status', 'result'] as const)('a server on the way that answers GET %s', (on) => {
  it.each([
    ['500', json(on, 500)],
    ['502', json(on, 502)],
    ['503 without Retry-After', json(on, 503)],
    ['504', json(on, 504)],
    ['404', json(on, 404)],
    ['408', json(on, 408)],
    ['409', json(on, 409)],
    ['200 with a message', json(on, 200, { body: { message: 'Welcome' } })],
    ['400 with errors', json(on, 400, { body: { message: 'Bad request', errors: { header: ['is odd'] } } })],
    ['a 403 page', { on, kind: 'html', status: 403 }],
    ['a 403 in JSON', json(on, 403)],
    ['a 401 in JSON', json(on, 401)],
  ] as [string, Fault][])('with %s, once, does not end the payment', async (_, fault) => {
    const { outcome, task } = await pay(fault)
    expect(outcome).toMatchObject(paid)
    expect(task.handle?.lost).toBe(0)
  })

  it.each([3, 8, 30, 120])('with 502 in JSON for %i s ends nothing', async (seconds) => {
    const { outcome } = await pay(json(on, 502, { forMs: seconds * 1000 }), { strategy: on })
    expect(outcome).toMatchObject(paid)
  })

  it.each([
    [404, 3],
    [500, 30],
    [403, 20],
  ])('with %i in JSON at every exchange but the POST for %i s ends nothing', async (status, seconds) => {
    const checkout = createCheckout({ strategy: on }, { latencyMs: 1000 })
    const { client, clock, sandbox } = checkout
    const task = client.submit('payments', order())
    await clock.until(task.accepted())
    sandbox.fault(json('any', status, { forMs: seconds * 1000 }))
    expect(await clock.until(task.outcome())).toMatchObject(paid)
  })

  it('with a 200 for ever is known for what it is within about a minute, if nothing is listed', async () => {
    const checkout = createCheckout({ strategy: on }, { latencyMs: 1e9 })
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on, kind: 'http', status: 200, body: { message: 'Boom' }, times: 1e9 })
    const task = client.submit('payments', order())
    const before = clock.now()
    expect(await clock.until(task.outcome())).toMatchObject({
      error: { code: 'gateway-error', effect: 'unknown', message: 'Boom', httpStatus: 200 },
    })
    expect(clock.now() - before).toBeLessThan(90_000)
    expect(count(checkout, on)).toBe(10)
    expect(count(checkout, 'lookup')).toBe(5)
  })

  it('with a 200 for ever does not hide a payment that is listed', async () => {
    const { outcome } = await pay(
      { on, kind: 'http', status: 200, body: { message: 'Boom' }, times: 1e9 },
      { strategy: on },
    )
    expect(outcome).toMatchObject({ ...paid, via: 'lookup' })
  })

  it('with a 500 for ever ends nothing before the deadline, and the deadline has its words', async () => {
    const checkout = createCheckout({ strategy: on, deadlineMs: 600_000 }, { latencyMs: 1e9 })
    const { client, clock, sandbox } = checkout
    sandbox.fault(json(on, 500, { times: 1e9, body: { message: 'Boom' } }))
    const task = client.submit('payments', order())
    await clock.until(task.accepted())
    const before = clock.now()
    expect(await clock.until(task.outcome())).toMatchObject({
      error: { code: 'deadline', effect: 'unknown', message: 'Boom', httpStatus: 500 },
    })
    expect(clock.now() - before).toBe(600_000)
  })
})

describe('the once-only error of the gateway', () => {
  it('is the outcome, with its words, after the 404 and one lookup', async () => {
    const { outcome, checkout } = await pay({ on: 'submit', kind: 'error', status: 500, body: { message: 'Boom' } })
    expect(outcome).toMatchObject({ error: { code: 'gateway-error', effect: 'unknown', message: 'Boom' } })
    expect(operations(checkout)).toEqual(['submit', 'status', 'status', 'lookup'])
  })

  it('is the outcome also where a balancer answers before and after it', async () => {
    const checkout = createCheckout({}, { latencyMs: 1000 })
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'error', status: 500, body: { message: 'Boom' } })
    sandbox.fault(json('status', 502))
    sandbox.fault(json('status', 503, { nth: 3, times: 4 }))
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      error: { code: 'gateway-error', message: 'Boom', httpStatus: 500 },
    })
  })

  it('is confirmed by nobody who does not name the task', async () => {
    const checkout = createCheckout({}, { latencyMs: 8000 })
    const { client, clock, sandbox } = checkout
    sandbox.fault(json('status', 500))
    sandbox.fault({ on: 'status', nth: 2, kind: 'http', status: 404, body: { status: 'unknown' } })
    const task = client.submit('payments', order())
    expect(await clock.until(task.outcome())).toMatchObject({ ...paid, via: 'task' })
    expect(count(checkout, 'lookup')).toBe(0)
  })

  it('is not an error of before, which a task that is processed has refuted', async () => {
    const checkout = createCheckout({}, { latencyMs: 60_000 })
    const { client, clock, sandbox } = checkout
    sandbox.fault(json('status', 500))
    sandbox.fault({ on: 'status', nth: 3, kind: 'forget' })
    const task = client.submit('payments', order())
    expect(await clock.until(task.outcome())).toMatchObject({ status: 'unknown' })
    expect(task.handle).not.toHaveProperty('lastWords')
  })

  it('ends nothing while ours is listed as being processed', async () => {
    const checkout = createCheckout({}, { latencyMs: 12_000, listedWhileProcessing: 'incomplete' })
    const { client, clock, sandbox } = checkout
    sandbox.fault(json('status', 500))
    sandbox.fault({ on: 'status', nth: 2, kind: 'forget', charged: true })
    const task = client.submit('payments', order())
    expect(await clock.until(task.outcome())).toMatchObject({ ...paid, via: 'lookup' })
  })

  it('that charged all the same is a result', async () => {
    const { outcome } = await pay({ on: 'submit', kind: 'error', charged: true })
    expect(outcome).toMatchObject({ ...paid, via: 'lookup' })
  })

  it('with a transaction that failed, found by tracking id alone, stays an error: it may be of a later try', async () => {
    const checkout = createCheckout({}, { latencyMs: 1000 })
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'error' })
    const request = order()
    const task = client.submit('payments', request)
    await clock.until(task.accepted())
    const { amount, currency, tracking_id } = request
    sandbox.addTransaction({ status: 'failed', amount, currency, tracking_id: tracking_id as string })
    expect(await clock.until(task.outcome())).toMatchObject({ error: { code: 'gateway-error', effect: 'unknown' } })
  })

  it('before 25 hours of sleep, and a 404, is a result if the order was paid', async () => {
    const checkout = createCheckout({}, { latencyMs: 4500 })
    const { client, clock, sandbox } = checkout
    const task = client.submit('payments', order())
    const observer = task.subscribe({})
    sandbox.fault(json('status', 500))
    await clock.advance(4200)
    expect(task.handle).toMatchObject({ lastWords: { httpStatus: 500 } })
    observer.unsubscribe()
    await clock.advance(25 * 3_600_000)
    expect(await clock.until(task.outcome())).toMatchObject({ ...paid, via: 'lookup' })
  })

  it('that came with the one poll of an old handle is `deadline` with its words; the next resume confirms it', async () => {
    const { client, clock, sandbox, restart } = createCheckout({ deadlineMs: 60_000 }, { latencyMs: 1000 })
    sandbox.fault({ on: 'submit', kind: 'error', body: { message: 'Boom' } })
    const handle = await clock.until(client.submit('payments', order()).accepted())
    await clock.advance(3_600_000)
    const later = restart()
    const first = later.resume(handle)
    expect(await clock.until(first.outcome())).toMatchObject({ error: { code: 'deadline', message: 'Boom' } })
    const again = later.resume(first.handle as TaskHandle)
    expect(await clock.until(again.outcome())).toMatchObject({ error: { code: 'gateway-error', message: 'Boom' } })
  })

  it.each([400, 402, 422])(
    'of %i with complaints by field, confirmed, touched no money: a corrected card may be tried',
    async (status) => {
      const body = { response: { message: 'No', errors: { credit_card: { number: ['is invalid'] } } } }
      const { outcome } = await pay({ on: 'submit', kind: 'error', status, body })
      expect(outcome).toMatchObject({
        error: { code: 'gateway-error', effect: 'none', fieldErrors: { 'credit_card.number': ['is invalid'] } },
      })
    },
  )

  it.each([400, 422] as const)(
    'for a card that the gateway refuses inside the task, with %i, touched no money',
    async (refusalStatus) => {
      const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000, refuseAt: 'task', refusalStatus })
      const request = order({}, '4200000000000001')
      const outcome = await clock.until(client.submit('payments', request).outcome())
      expect(outcome).toMatchObject({ error: { code: 'gateway-error', effect: 'none', httpStatus: refusalStatus } })
      expect(sandbox.charges(request.tracking_id)).toBe(0)
    },
  )

  it.each([
    ['after a POST in doubt', { on: 'submit', kind: 'drop-after' }],
    [
      'if ours may be listed',
      { on: 'lookup', kind: 'http', status: 200, body: { transactions: [{ type: 'payment' }] } },
    ],
    ['if the lookup is not answered', json('lookup', 502, { times: 1e9 })],
  ] as [string, Fault][])('of 422 with complaints by field says nothing of the money %s', async (_, fault) => {
    const checkout = createCheckout({}, { latencyMs: 1000, refuseAt: 'task' })
    const { client, clock, sandbox } = checkout
    sandbox.fault(fault)
    // A list that anything may be in is open.
    const request = order({}, '4200000000000001')
    if (fault.kind === 'http') {
      const { amount, currency } = request
      sandbox.clearFaults()
      const body = { transactions: [{ type: 'payment', amount, currency }] }
      sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body, times: 1e9 })
    }
    expect(await clock.until(client.submit('payments', request).outcome())).toMatchObject({
      error: { code: 'gateway-error', effect: 'unknown' },
    })
  })

  it.each([
    ['none', 'none'],
    ['unknown', 'unknown'],
  ] as const)('confirmed by a proxy of ours ends at once, with its effect: %s', async (effect, expected) => {
    const body = { message: 'Boom', confirmed: true, effect }
    const { outcome, checkout } = await pay({ on: 'status', kind: 'http', status: 422, body })
    expect(outcome).toMatchObject({ error: { code: 'gateway-error', effect: expected, message: 'Boom' } })
    expect(operations(checkout)).toEqual(['submit', 'status'])
  })
})

describe('a POST', () => {
  it.each([408, 409, 423, 425, 499])(
    'answered %i in JSON after it was taken is in doubt, and found',
    async (status) => {
      const { outcome, charges } = await pay(json('submit', status, { taken: true, body: { message: 'In progress' } }))
      expect(outcome).toMatchObject(paid)
      expect(charges).toBe(1)
    },
  )

  it.each([408, 409, 423, 425, 499])(
    'answered %i in JSON for ever never says that nothing was charged',
    async (status) => {
      const { outcome, checkout } = await pay(json('submit', status, { times: 3 }))
      expect(outcome).toMatchObject({ error: { code: 'submit-lost', effect: 'unknown' } })
      expect(count(checkout, 'submit')).toBe(3)
    },
  )

  it.each([
    ['404', { status: 404, body: { message: 'no upstream' } }],
    ['405', { status: 405, body: { message: 'Method not allowed' } }],
    ['410', { status: 410, body: { message: 'Gone' } }],
    ['413', { status: 413, body: { message: 'Too large' } }],
    ['421', { status: 421, body: { message: 'Misdirected' } }],
    ['400', { status: 400, body: { message: 'Bad request' } }],
    ['409', { status: 409, body: { message: 'Conflict' } }],
    ['425', { status: 425, body: { message: 'Too early' } }],
    ['a 401 page', { status: 401, body: '<html>', headers: { 'content-type': 'text/html' } }],
    ['a 403 page', { status: 403, body: '<html>', headers: { 'content-type': 'text/html' } }],
    ['422 duplicate', { status: 422, body: { message: 'Duplicate transaction', errors: { base: 'duplicate' } } }],
  ] as [string, object][])('that a transport sends again, taken and then answered %s, is found', async (_, answer) => {
    const { outcome, charges } = await pay({ on: 'submit', kind: 'resend', ...answer } as Fault)
    expect(outcome).toMatchObject(paid)
    expect(charges).toBe(1)
  })

  it.each([404, 405, 410, 413, 421, 400, 401, 403])(
    'that a transport sends again each time, taken and then answered %i, never says that nothing was charged',
    async (status) => {
      const page = status === 401 || status === 403
      const body = page ? '<html>' : { message: 'no' }
      const { outcome, charges } = await pay({ on: 'submit', kind: 'resend', status, body, times: 1e9 } as Fault)
      expect(charges).toBe(1)
      expect(outcome).toMatchObject({ ...paid, via: 'lookup' })
    },
  )

  it.each([
    ['404 in JSON', json('submit', 404, { times: 1e9 }), 'submit-rejected', 404],
    ['413 in JSON', json('submit', 413, { times: 1e9 }), 'submit-rejected', 413],
    ['a 403 page', { on: 'submit', kind: 'html', status: 403, times: 1e9 }, 'unauthorized', 403],
    ['a 404 page', { on: 'submit', kind: 'html', status: 404, times: 1e9 }, 'submit-rejected', 404],
  ] as [string, Fault, string, number][])(
    'answered three times with %s, and not listed by five lookups over ten seconds, touched no money',
    async (_, fault, code, httpStatus) => {
      const { outcome, checkout, charges } = await pay(fault)
      expect(outcome).toMatchObject({ error: { code, effect: 'none', httpStatus } })
      expect(operations(checkout)).toEqual([...Array(3).fill('submit'), ...Array(5).fill('lookup')])
      const [first = 0, , , , last = 0] = checkout.sandbox
        .requests()
        .slice(3)
        .map(({ at }) => at)
      expect(last - first).toBeGreaterThanOrEqual(10_000)
      expect(charges).toBe(0)
    },
  )

  it.each([
    ['the lookups are not answered', [json('submit', 404, { times: 1e9 }), json('lookup', 404, { times: 1e9 })]],
    ['one lookup is not answered', [json('submit', 404, { times: 1e9 }), json('lookup', 502, { nth: 3 })]],
    ['the answers differ', [json('submit', 404), json('submit', 405), json('submit', 404)]],
    ['one was 429', [json('submit', 404), { on: 'submit', kind: 'throttle', retryAfter: 1 }, json('submit', 404)]],
  ] as [string, Fault[]][])('refused by others says nothing of the money if %s', async (_, faults) => {
    const { client, clock, sandbox } = createCheckout()
    for (const fault of faults) sandbox.fault(fault)
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      error: { code: 'submit-lost', effect: 'unknown' },
    })
  })

  it('refused by others, with ours in the middle of processing, is found', async () => {
    const { outcome, charges } = await pay(
      { on: 'submit', kind: 'resend', status: 404, body: { message: 'no' }, times: 1e9 } as Fault,
      {},
      { latencyMs: 8000, listedWhileProcessing: 'without-status' },
    )
    expect([outcome, charges]).toMatchObject([paid, 1])
  })

  it.each([409, 425] as const)(
    'whose repeats the gateway answers %i while it works is found',
    async (repeatWhileProcessing) => {
      const { outcome, charges } = await pay(
        { on: 'submit', kind: 'drop-after' },
        {},
        { latencyMs: 6000, repeatWhileProcessing },
      )
      expect([outcome, charges]).toMatchObject([paid, 1])
    },
  )

  it('that is in doubt, and then refused by the gateway itself, says nothing of the money', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
    const refusal = { response: { message: 'No', errors: { amount: ['is odd'] } } }
    sandbox.fault({ on: 'submit', kind: 'drop-after' })
    sandbox.fault({ on: 'submit', nth: 2, kind: 'http', status: 422, body: refusal, times: 2 })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [] }, times: 1e9 })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      error: { code: 'submit-lost', effect: 'unknown' },
    })
  })

  it.each([
    ['401 in JSON', json('submit', 401, { nth: 2 })],
    [
      'a refusal in the shape of the gateway',
      json('submit', 422, { nth: 2, body: { response: { message: 'No', errors: {} } } }),
    ],
  ])('refused by others, and then answered %s, may have been taken', async (_, second) => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault(json('submit', 413))
    sandbox.fault(second as Fault)
    sandbox.fault(json('submit', 413, { nth: 3 }))
    const { error } = (await clock.until(client.submit('payments', order()).outcome())) as { error: { effect: string } }
    expect(error).toMatchObject({ effect: 'unknown' })
  })

  it('answered 401 with a page by others after it was taken, and then 401 in JSON, may have been taken', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'submit', kind: 'resend', status: 401, body: '<html>' } as Fault)
    sandbox.fault(json('submit', 401, { nth: 2 }))
    const request = order()
    expect(await clock.until(client.submit('payments', request).outcome())).toMatchObject({
      error: { code: 'unauthorized', effect: 'unknown' },
    })
    await clock.advance(2000)
    expect(sandbox.charges(request.tracking_id)).toBe(1)
  })

  it.each([401, 429])(
    'answered %i at the door, and then refused by the gateway, left the money alone',
    async (status) => {
      let calls = 0
      const auth = () => `Basic ${btoa(`361:${calls++ ? 'a-secret-key' : 'an-old-key'}`)}`
      const { client, clock, sandbox } = createCheckout(status === 401 ? { auth } : {}, { latencyMs: 1000 })
      if (status === 429) sandbox.fault({ on: 'submit', kind: 'throttle', retryAfter: 1 })
      const outcome = await clock.until(client.submit('payments', order({}, '4200000000000001')).outcome())
      expect(outcome).toMatchObject({ error: { code: 'submit-rejected', effect: 'none' } })
    },
  )

  it.each([
    ['a Date that is a day ahead', 86_400_000],
    ['a Date that is a day behind', -86_400_000],
  ])('taken, and then refused by others, is not "none" by %s', async (_, skewMs) => {
    const { clock, sandbox, restart } = createCheckout({}, { latencyMs: 0 })
    const fetch = async (request: Request) => {
      const response = await sandbox.fetch(request)
      const headers = new Headers(response.headers)
      headers.set('date', new Date(clock.now() + skewMs).toUTCString())
      return new Response(response.body, { status: response.status, headers })
    }
    sandbox.fault({ on: 'submit', kind: 'resend', status: 410, times: 3 })
    const task = restart({ fetch }).submit('payments', order())
    const outcome = await clock.until(task.outcome())
    if (outcome.status === 'error') expect(outcome.error.effect).toBe('unknown')
    else expect(outcome).toMatchObject(paid)
  })

  it('answered 503 three times, with an order to wait, may have been taken', async () => {
    const { client, clock, sandbox } = createCheckout()
    sandbox.fault({ on: 'submit', kind: 'throttle', status: 503, retryAfter: 1, times: 3 })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      error: { code: 'submit-lost', effect: 'unknown' },
    })
  })

  it('does not leave when the machine has slept since the click', async () => {
    const checkout = createCheckout()
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'drop-before', times: 1e9 })
    client.submit('payments', order())
    await clock.advance(0)
    clock.jump(600_000)
    await clock.advance(60_000)
    expect(count(checkout, 'submit')).toBe(1)
  })

  it('is not waited for in vain: told to wait for five minutes, it is looked up at once', async () => {
    const { client, clock, sandbox } = createCheckout()
    sandbox.fault({ on: 'submit', kind: 'throttle', retryAfter: 299, times: 1e9 })
    const before = clock.now()
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      error: { code: 'submit-rejected', effect: 'none' },
    })
    expect(clock.now() - before).toBeLessThan(330_000)
  })

  it('leaves no later than two minutes after the click', async () => {
    const checkout = createCheckout()
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'throttle', retryAfter: 100, times: 1e9 })
    const before = clock.now()
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      error: { code: 'submit-rejected', effect: 'none' },
    })
    const posts = sandbox.requests().filter(({ operation }) => operation === 'submit')
    expect(posts.map(({ at }) => at - before)).toEqual([0, 105_000])
  })
})

describe('two processes with one journal, under one key', () => {
  /** The second process gets `fault` for each POST while the first one's is taken. */
  async function second(fault: Fault) {
    const journal = memoryJournal()
    const { client, clock, restart, sandbox } = createCheckout({ journal }, { latencyMs: 2000 })
    const request = order()
    // Both have read the journal before either wrote.
    const one = client.submit('payments', request, { requestKey: 'key-1' })
    const other = restart().submit('payments', request, { requestKey: 'key-1' })
    sandbox.fault({ ...fault, nth: 2, times: 3 } as Fault)
    const outcomes = await clock.until(Promise.all([one.outcome(), other.outcome()]))
    return { outcomes, charges: sandbox.charges(request.tracking_id) }
  }

  it.each([
    ['429', { on: 'submit', kind: 'throttle' }],
    ['409', json('submit', 409)],
    ['404', json('submit', 404)],
  ] as [string, Fault][])('the second of which is answered %s is the task of the first', async (_, fault) => {
    const { outcomes, charges } = await second(fault)
    expect(charges).toBe(1)
    expect(outcomes).toMatchObject([paid, paid])
  })

  it.each([
    ['429', { on: 'submit', kind: 'throttle', times: 3 }],
    ['401', json('submit', 401)],
    ['422 in the shape of the gateway', json('submit', 422, { body: { response: { message: 'no', errors: {} } } })],
  ] as [string, Fault][])(
    'the second of which is answered %s after the first was accepted is the task of the first',
    async (_, fault) => {
      const journal = memoryJournal()
      const { client, clock, restart, sandbox } = createCheckout({ journal }, { latencyMs: 20_000 })
      const request = order()
      // The second reads the journal before the first writes, and sends after it was accepted.
      let release = (): void => {}
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      const auth = Object.assign(() => held.then(basicAuth(credentials)), { scope: credentials.shopId })
      const other = restart({ auth }).submit('payments', request, { requestKey: 'key-1' })
      await clock.advance(1)
      const one = client.submit('payments', request, { requestKey: 'key-1' })
      await clock.until(one.accepted())
      sandbox.fault(fault)
      release()
      expect(await clock.until(Promise.all([one.outcome(), other.outcome()]))).toMatchObject([paid, paid])
      expect(sandbox.charges(request.tracking_id)).toBe(1)
    },
  )
})

describe('credentials that cannot be had just now', () => {
  /** Fails at those calls, from 1. */
  const failing = (...at: number[]) => {
    let calls = 0
    return () => {
      calls += 1
      return at.includes(calls) ? Promise.reject(new Error('no token')) : `Basic ${btoa('361:a-secret-key')}`
    }
  }

  it.each([
    ['at the first POST', [1], undefined],
    ['at the second POST, after the first was lost', [2], { on: 'submit', kind: 'drop-after' }],
    ['at a poll', [2], undefined],
    ['at the result', [3], undefined],
    ['at both polls', [2, 3], undefined],
  ] as [string, number[], Fault | undefined][])('%s lose nothing', async (_, at, fault) => {
    const { client, clock, sandbox } = createCheckout({ auth: failing(...at) }, { latencyMs: 1000 })
    if (fault) sandbox.fault(fault)
    const request = order()
    expect(await clock.until(client.submit('payments', request).outcome())).toMatchObject(paid)
    expect(sandbox.charges(request.tracking_id)).toBe(1)
  })

  it.each([undefined, '', null])('that are %j are none: nothing leaves without any', async (nothing) => {
    const checkout = createCheckout({ auth: () => nothing as never })
    const outcome = await checkout.clock.until(checkout.client.submit('payments', order()).outcome())
    expect(outcome).toMatchObject({ error: { code: 'unauthorized', effect: 'none' } })
    expect(operations(checkout)).toEqual([])
  })

  it('three times, with nothing sent, leave the money alone, and name the cause', async () => {
    const auth = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }))
    const checkout = createCheckout({ auth })
    const outcome = await checkout.clock.until(checkout.client.submit('payments', order()).outcome())
    expect(outcome).toMatchObject({ error: { code: 'unauthorized', effect: 'none', cause: 'ENOTFOUND' } })
    expect(operations(checkout)).toEqual([])
  })

  it('after a POST that was lost say nothing of the money', async () => {
    const { client, clock, sandbox } = createCheckout({ auth: failing(2, 3, 4, 5, 6, 7, 8) })
    sandbox.fault({ on: 'submit', kind: 'drop-before' })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      error: { code: 'submit-lost', effect: 'unknown' },
    })
  })

  it('that hang are given up after a time, and nothing was sent', async () => {
    const checkout = createCheckout({ auth: () => new Promise<string>(() => {}) })
    const outcome = await checkout.clock.until(checkout.client.submit('payments', order()).outcome())
    expect(outcome).toMatchObject({ error: { code: 'unauthorized', effect: 'none' } })
    expect(operations(checkout)).toEqual([])
  })

  it('are asked for anew, as refused, after a 401 of a poll', async () => {
    const contexts: AuthContext[] = []
    const auth: Auth = (context) => {
      contexts.push(context)
      return `Basic ${btoa('361:a-secret-key')}`
    }
    const { client, clock, sandbox } = createCheckout({ auth }, { latencyMs: 1000 })
    sandbox.fault(json('status', 401))
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject(paid)
    expect(contexts.map(({ operation, refused }) => [operation, refused])).toEqual([
      ['submit', undefined],
      ['status', undefined],
      ['status', true],
      ['result', undefined],
    ])
  })

  it.each([
    ['are renewed after a 401 of the POST, once', ['old', 'new', 'new'], paid],
    [
      'that are the same after a 401 are refused',
      ['old', 'old', 'old'],
      { error: { code: 'unauthorized', effect: 'none' } },
    ],
  ])('%s', async (_, tokens, expected) => {
    let calls = 0
    const auth = () => {
      const token = tokens[calls] ?? 'new'
      calls += 1
      return token === 'new' ? `Basic ${btoa('361:a-secret-key')}` : `Basic ${btoa('361:an-old-key')}`
    }
    const { client, clock } = createCheckout({ auth }, { latencyMs: 1000 })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject(expected)
  })
})

describe('an order to wait', () => {
  it.each([
    ['200', { kind: 'http', status: 200 }],
    ['429', { kind: 'throttle', status: 429 }],
    ['503', { kind: 'throttle', status: 503 }],
  ])('with %s does not outlast the deadline, and is waited out: one GET', async (_, fields) => {
    for (const retryAfter of ['60', '999999999']) {
      const checkout = createCheckout({ deadlineMs: 10_000 }, { latencyMs: 1e9 })
      const { client, clock, sandbox } = checkout
      const task = client.submit('payments', order())
      const { requestId } = await clock.until(task.accepted())
      const before = clock.now()
      const body = { status: 'processing', request_id: requestId }
      const answer = fields.kind === 'http' ? { body, headers: { 'retry-after': retryAfter } } : { retryAfter }
      sandbox.fault({ on: 'status', times: 1e9, ...fields, ...answer } as Fault)
      expect(await clock.until(task.outcome())).toMatchObject({ error: { code: 'deadline' } })
      expect(clock.now() - before).toBe(10_000)
      expect(count(checkout, 'status')).toBe(1)
    }
  })

  it('is heeded before the result of a task that is completed, and after a lookup that was asked for', async () => {
    const checkout = createCheckout({}, { latencyMs: 1000 })
    const { client, clock, sandbox } = checkout
    const completed = { status: 'completed', request_id: '' }
    const task = client.submit('payments', order())
    const { requestId } = await clock.until(task.accepted())
    sandbox.fault({
      on: 'status',
      kind: 'http',
      status: 200,
      body: { ...completed, request_id: requestId },
      headers: { 'retry-after': '30' },
    })
    const before = clock.now()
    task.subscribe({})
    await clock.advance(10_000)
    sandbox.fault({ on: 'lookup', kind: 'throttle', retryAfter: 60 })
    await clock.until(task.lookup())
    await clock.until(task.outcome())
    const seen = sandbox.requests().map(({ operation, at }) => [operation, at - before])
    expect(seen.slice(1)).toEqual([
      ['status', 4000],
      ['lookup', 10_000],
      ['result', 70_000],
    ])
  })

  it('is not stretched by a clock that is set back', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'status', kind: 'throttle', retryAfter: 55 })
    const task = client.submit('payments', order())
    task.subscribe({})
    await clock.advance(10_000)
    const before = clock.now()
    clock.jump(-42 * 60_000)
    // What passed before the clock was seen to be wrong is waited once more.
    await clock.advance(120_000)
    expect(clock.now()).toBeLessThan(before)
    expect(task.getSnapshot()).toMatchObject(paid)
  })

  it('does not outlast the ten minutes of a recovered submission', async () => {
    const journal = memoryJournal()
    const { client, clock, restart, sandbox } = createCheckout({ journal })
    sandbox.fault({ on: 'submit', kind: 'drop-before', times: 3 })
    client.submit('payments', order())
    await clock.advance(3000)
    const [task] = await clock.until(restart().recover())
    sandbox.clearFaults()
    sandbox.fault({ on: 'lookup', kind: 'throttle', retryAfter: 250, times: 1e9 })
    const before = clock.now()
    expect(await clock.until(task?.outcome() as Promise<unknown>)).toMatchObject({ error: { code: 'submit-lost' } })
    expect(clock.now() - before).toBeLessThanOrEqual(600_000)
  })
})

describe('a deadline that has passed', () => {
  it('counts anew from the resume in the same client', async () => {
    const checkout = createCheckout({ deadlineMs: 20_000, schedule: () => 5000 }, { latencyMs: 1e9 })
    const { client, clock } = checkout
    const task = client.submit('payments', order())
    expect(await clock.until(task.outcome())).toMatchObject({ error: { code: 'deadline' } })
    await clock.advance(3_600_000)
    const [before, asked] = [clock.now(), count(checkout, 'status')]
    const again = client.resume(task.handle as TaskHandle)
    expect(await clock.until(again.outcome())).toMatchObject({ error: { code: 'deadline' } })
    expect(clock.now() - before).toBe(20_000)
    expect(count(checkout, 'status') - asked).toBeGreaterThanOrEqual(4)
  })
})

describe('a lookup', () => {
  const NOT_LISTS = [
    { message: 'no upstream' },
    { error: 'Not found' },
    { status: 404, title: 'Not Found' },
    { transactions: null },
    { response: { message: 'Record not found' } },
    {},
  ]
  it.each(NOT_LISTS)('answered 404 with %j is no word of the gateway that there is none', async (body) => {
    const checkout = createCheckout({}, { latencyMs: 1000 })
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 404, body, times: 3 })
    const task = client.submit('payments', order())
    expect(await clock.until(task.outcome())).toMatchObject({ ...paid, via: 'lookup' })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 404, body })
    await expect(clock.until(client.find({ trackingId: task.trackingId }))).rejects.toMatchObject({
      code: 'unknown-outcome',
    })
  })

  /** The task is gone, and the lookups list what `others` adds to the books. */
  async function gone(
    add: (checkout: Checkout, request: PaymentRequest) => void,
    gateway: SandboxOptions = {},
    charged = true,
  ) {
    const checkout = createCheckout({}, { latencyMs: 30_000, ...gateway })
    const { client, clock, sandbox } = checkout
    const request = order()
    const task = client.submit('payments', request)
    await clock.until(task.accepted())
    add(checkout, request)
    sandbox.fault({ on: 'status', kind: 'forget', charged })
    return { ...checkout, request, outcome: await clock.until(task.outcome()), task }
  }
  const laterTry =
    (status: string) =>
    ({ sandbox }: Checkout, { amount, currency, tracking_id }: PaymentRequest) =>
      void sandbox.addTransaction({ status, amount, currency, tracking_id: tracking_id as string })

  it.each(['incomplete', 'without-status'] as const)(
    'that lists a later try that was declined beside ours, which is %s in the middle of processing, is not taken for ours',
    async (listedWhileProcessing) => {
      const { outcome } = await gone(laterTry('failed'), { listedWhileProcessing, latencyMs: 12_000 })
      expect(outcome).toMatchObject(paid)
    },
  )

  it('that lists a later try that was declined, and ours only then, finds ours', async () => {
    const { client, clock, sandbox } = createCheckout({ schedule: () => 12_000 }, { latencyMs: 13_000 })
    const { amount, currency, tracking_id } = order()
    const request = order({ amount, currency, tracking_id })
    sandbox.fault({ on: 'status', kind: 'forget', charged: true })
    const task = client.submit('payments', request)
    await clock.until(task.accepted())
    sandbox.addTransaction({ status: 'failed', amount, currency, tracking_id: tracking_id as string })
    expect(await clock.until(task.outcome())).toMatchObject(paid)
  })

  it('that lists ours after a later try that was declined finds ours', async () => {
    const { outcome } = await gone(laterTry('failed'), { latencyMs: 9000 })
    expect(outcome).toMatchObject(paid)
  })

  it('looks on for ours that is listed as incomplete without a redirect_url', async () => {
    const { outcome } = await gone(() => {}, { listedWhileProcessing: 'incomplete', latencyMs: 11_000 })
    expect(outcome).toMatchObject({ ...paid, via: 'lookup' })
  })

  it('ends with ours that stays incomplete without a redirect_url, with its uid', async () => {
    const { outcome, task } = await gone(() => {}, { listedWhileProcessing: 'incomplete', latencyMs: 3_600_000 })
    expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'incomplete' } })
    expect(task.handle).toMatchObject({ uid: expect.any(String) })
  })

  it('asked for once, after an unknown outcome, finds a declined one as well', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'status', kind: 'forget', charged: true })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [] }, times: 5 })
    const task = client.submit('payments', order({}, cards.declined))
    expect(await clock.until(task.outcome())).toMatchObject({ status: 'unknown' })
    expect(await clock.until(task.lookup())).toMatchObject({ status: 'result', transaction: { status: 'failed' } })
  })

  it('that lags three seconds finds ours', async () => {
    const { outcome } = await gone(() => {}, { latencyMs: 2000, lookupLagMs: 7000 })
    expect(outcome).toMatchObject({ ...paid, via: 'lookup' })
  })

  it.each(['America/New_York', 'Asia/Almaty'])('dates a transaction without a zone in UTC, in %s', async (zone) => {
    const before = process.env.TZ
    process.env.TZ = zone
    try {
      const listed =
        (ageMs: number) =>
        ({ sandbox, clock }: Checkout, { amount, currency }: PaymentRequest) => {
          const created_at = new Date(clock.now() - ageMs).toISOString().replace('Z', '')
          const transactions = [{ uid: 'u', type: 'payment', status: 'failed', amount, currency, created_at }]
          sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions }, times: 1e9 })
        }
      expect((await gone(listed(3_600_000))).outcome).toMatchObject({ status: 'unknown', candidates: [] })
      expect((await gone(listed(0))).outcome).toMatchObject({ status: 'result', transaction: { uid: 'u' } })
    } finally {
      process.env.TZ = before
    }
  })

  it('takes no test transaction for a live one, where the request says which it is', async () => {
    const checkout = createCheckout({}, { latencyMs: 1000 })
    const { client, clock, sandbox } = checkout
    const request = order({ test: false })
    sandbox.fault({ on: 'submit', kind: 'forget' })
    const task = client.submit('payments', request)
    await clock.until(task.accepted())
    const { amount, currency, tracking_id } = request
    sandbox.addTransaction({ status: 'successful', amount, currency, tracking_id: tracking_id as string, test: true })
    expect(await clock.until(task.outcome())).toMatchObject({ status: 'unknown', candidates: [] })
  })
})

describe('answers of other versions and types', () => {
  const answeredBy = async (type: string, request: object, answer: (path: string) => object) => {
    const { client, clock } = createCheckout({
      fetch: async ({ url, method }: Request) => {
        const { pathname } = new URL(url)
        if (method === 'POST') return Response.json({ status: 'processing', request_id: 'id' })
        return Response.json(
          pathname.includes('/status/') ? { status: 'completed', request_id: 'id' } : answer(pathname),
        )
      },
    })
    return clock.until(client.submit(type, request as never).outcome())
  }

  it('of version 3 is read by its top level, not by the acquirer’s section', async () => {
    const body = { uid: 'u', status: 'failed', type: 'payment', transaction: { auth_code: '1', status: 'successful' } }
    expect(await answeredBy('payments', order(), () => body)).toMatchObject({
      status: 'result',
      transaction: { uid: 'u', status: 'failed' },
      body,
    })
  })

  it('of a tokenization may be a flat card token', async () => {
    const body = { holder: 'J', stamp: 's', brand: 'visa', last_4: '0000', first_1: '4', token: 't', exp_month: 5 }
    expect(await answeredBy('tokenizations', { credit_card: {} }, () => body)).toMatchObject({ status: 'result', body })
  })
})

describe('a correction by hand', () => {
  it('corrects a result that is looked up again, and nothing else does', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
    const task = client.submit('payments', order())
    const { uid = '' } = await clock.until(task.result())
    expect(await clock.until(task.lookup())).toMatchObject({ via: 'task', transaction: { status: 'successful' } })
    sandbox.correct(uid, { status: 'failed' })
    expect(await clock.until(task.lookup())).toMatchObject({ via: 'lookup', transaction: { status: 'failed' } })
  })

  it('is found by its uid', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
    const { uid = '' } = await clock.until(client.submit('payments', order()).result())
    sandbox.correct(uid, { status: 'failed' })
    expect(await clock.until(client.find({ uid }))).toMatchObject([
      { status: 'failed', manually_corrected_at: expect.any(String) },
    ])
  })
})

describe('what the gateway echoes', () => {
  // The code stands alone: random ids may hold its digits.
  const secrets = /4200|0000 0000|\b907\b|a-secret-key|YS1zZWNyZXQta2V5|MzYxOmEtc2VjcmV0LWtleQ/
  it.each([
    ['the card in groups', 'Card 4200%200000%200000%200000 is blocked'],
    ['the code', 'CVC 907 is wrong, 907'],
    ['the key', 'The key a-secret-key is blocked'],
    ['the key in base64', 'The key YS1zZWNyZXQta2V5 is blocked'],
    ['the header', 'Authorization: Basic MzYxOmEtc2VjcmV0LWtleQ=='],
  ])('shows in no error: %s', async (_, message) => {
    const { client, clock, sandbox, events } = createCheckout()
    sandbox.fault({
      on: 'submit',
      kind: 'http',
      status: 422,
      body: { response: { message, errors: { base: message } } },
    })
    const request = order()
    const card = { ...request.credit_card, verification_value: '907' }
    const task = client.submit('payments', { ...request, credit_card: card }, { requestKey: 'key-1' })
    const outcome = await clock.until(task.outcome())
    expect(outcome).toMatchObject({ error: { code: 'submit-rejected' } })
    expect(JSON.stringify([outcome, events]) + (outcome.status === 'error' && outcome.error.stack)).not.toMatch(secrets)
  })

  it('shows in no outcome, nor in the journal', async () => {
    const journal = memoryJournal()
    const { client, clock, sandbox } = createCheckout({ journal }, { latencyMs: 1000 })
    sandbox.fault({
      on: 'submit',
      kind: 'error',
      body: { message: `The key ${credentials.secretKey} is blocked; CVC 907` },
    })
    const outcome = await clock.until(client.submit('payments', order(), { requestKey: 'key-1' }).outcome())
    const kept = (await journal.getKeys()).map((key) => journal.getItem(key))
    expect(JSON.stringify([outcome, kept])).not.toMatch(secrets)
  })
})

describe('a payment', () => {
  const known = async (client: Client, request: PaymentRequest) =>
    client.submit('payments', request, { requestKey: 'key-1' })

  it.each([
    ['amount', { amount: 1 }],
    ['currency', { currency: 'USD' }],
    ['tracking_id', { tracking_id: 'other' }],
  ])('of another %s under a known key is refused, in this client and in the journal', async (field, fields) => {
    const journal = memoryJournal()
    const checkout = createCheckout({ journal }, { latencyMs: 1000 })
    const { client, clock, restart, sandbox } = checkout
    const request = order()
    const task = await known(client, request)
    await clock.until(task.accepted())
    const refused = { code: 'request-invalid', effect: 'none', message: expect.stringContaining(field) }
    await expect(known(client, { ...request, ...fields })).rejects.toMatchObject(refused)
    expect(() => client.submit('authorizations', request, { requestKey: 'key-1' })).toThrow(
      expect.objectContaining({ code: 'request-invalid', message: expect.stringContaining('type') }),
    )
    const later = restart()
    const other = await known(later, { ...request, ...fields })
    expect(await clock.until(other.outcome())).toMatchObject({ error: refused })
    // The payment under the key is unharmed, and the right request is that payment.
    expect(await clock.until((await known(later, request)).result())).toMatchObject({ status: 'successful' })
    expect(count(checkout, 'submit')).toBe(1)
    expect(sandbox.charges()).toBe(1)
  })

  it('in other letters of its currency is the same', async () => {
    const { client, clock } = createCheckout()
    const request = order({ currency: 'kzt' })
    const task = await known(client, request)
    expect(await known(client, { ...request, currency: 'KZT' })).toBe(task)
    await clock.until(task.outcome())
  })

  it('has a view for each signal: one that is stopped stops no other', async () => {
    const checkout = createCheckout({}, { latencyMs: 1000 })
    const { client, clock } = checkout
    const request = order()
    const shared = await known(client, request)
    const leave = new AbortController()
    const mine = client.submit('payments', request, { requestKey: 'key-1', signal: leave.signal })
    expect(mine).not.toBe(shared)
    const outcomes = Promise.all([shared.outcome(), mine.outcome()])
    await clock.advance(100)
    leave.abort()
    expect(await clock.until(outcomes)).toMatchObject([paid, { error: { code: 'stopped', effect: 'unknown' } }])
    expect(count(checkout, 'submit')).toBe(1)
  })

  it('gives a stopped view for a signal that is aborted already, with its own effect, and goes on', async () => {
    const { client, clock } = createCheckout({}, { latencyMs: 1000 })
    const request = order()
    const task = await known(client, request)
    await clock.advance(100)
    const stopped = client.submit('payments', request, { requestKey: 'key-1', signal: AbortSignal.abort() })
    expect(stopped.getSnapshot()).toMatchObject({ error: { code: 'stopped', effect: 'unknown' } })
    expect(await clock.until(task.outcome())).toMatchObject(paid)
  })

  it('stopped for one view goes on for another, so that its end says nothing of the money', async () => {
    const journal = memoryJournal()
    const slow = { ...journal, getItem: () => new Promise<string | null>(() => {}) }
    const { client, clock, sandbox } = createCheckout({ journal: slow })
    const request = order()
    const first = client.submit('payments', request, { requestKey: 'key-1' })
    const leave = new AbortController()
    const stopped = client.submit('payments', request, { requestKey: 'key-1', signal: leave.signal })
    await clock.advance(1000)
    leave.abort()
    expect(stopped.getSnapshot()).toMatchObject({ error: { code: 'stopped', effect: 'unknown' } })
    expect(await clock.until(first.outcome())).toMatchObject(paid)
    expect(sandbox.charges(request.tracking_id)).toBe(1)
  })

  it('stopped before the journal was read says nothing of the money: an earlier process may have sent the key', async () => {
    const { restart } = createCheckout({ journal: memoryJournal() })
    const task = await known(restart(), order())
    task.stop()
    expect(task.getSnapshot()).toMatchObject({ error: { code: 'stopped', effect: 'unknown' } })
  })

  it('that ended without an answer goes on for a new task; the old one has ended', async () => {
    const { client, clock } = createCheckout({ deadlineMs: 4500 }, { latencyMs: 8000 })
    const request = order()
    const first = await known(client, request)
    await clock.until(first.outcome())
    const second = await known(client, request)
    expect(second).not.toBe(first)
    await clock.advance(5000)
    expect(await clock.until(second.outcome())).toMatchObject(paid)
    expect(first.getSnapshot()).toMatchObject({ error: { code: 'deadline' } })
  })

  it('refused by others may be submitted again under its key: nothing was taken', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'submit', kind: 'throttle', times: 3 })
    const request = order()
    expect(await clock.until((await known(client, request)).outcome())).toMatchObject({ error: { effect: 'none' } })
    expect(await clock.until((await known(client, request)).outcome())).toMatchObject(paid)
  })

  it.each(['same client', 'new client'])(
    'is not posted in the last minutes before the gateway forgets its key: %s',
    async (where) => {
      const checkout = createCheckout({ journal: memoryJournal() })
      const { client, clock, sandbox, restart } = checkout
      sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
      sandbox.fault({ on: 'lookup', kind: 'html', times: 5 })
      const request = order()
      await clock.until((await known(client, request)).outcome())
      await clock.advance(24 * 3_600_000 - 60_000 - 20_000)
      const later = where === 'same client' ? client : restart()
      expect(await clock.until((await known(later, request)).outcome())).toMatchObject({ ...paid, via: 'lookup' })
      expect([count(checkout, 'submit'), sandbox.charges()]).toEqual([3, 1])
    },
  )
})

describe('a key of the caller, and a journal that cannot be read', () => {
  const unreadable = {
    getItem: () => Promise.reject(new Error('read')),
    setItem() {},
    removeItem() {},
    getKeys: () => [],
  }

  it.each([
    ['cards.succeeds', cards.succeeds, 'successful'],
    ['cards.threeDSecure', cards.threeDSecure, 'incomplete'],
  ])('a day after the order was paid (%s) sends nothing', async (_, number, status) => {
    const checkout = createCheckout({}, { latencyMs: 1000 })
    const { client, clock, restart, sandbox } = checkout
    const request = order({}, number)
    await clock.until(client.submit('payments', request, { requestKey: 'key-1' }).outcome())
    await clock.advance(25 * 3_600_000)
    const later = restart({ journal: unreadable })
    const task = later.submit('payments', request, { requestKey: 'key-1' })
    expect(await clock.until(task.outcome())).toMatchObject({
      status: 'result',
      via: 'lookup',
      transaction: { status },
    })
    expect(count(checkout, 'submit')).toBe(1)
    expect(sandbox.charges(request.tracking_id)).toBeLessThanOrEqual(1)
  })

  it('and an earlier try that was declined sends the payment', async () => {
    const { client, clock, restart, sandbox } = createCheckout({}, { latencyMs: 1000 })
    const request = order({}, cards.declined)
    await clock.until(client.submit('payments', request).outcome())
    await clock.advance(60_000)
    const again = { ...request, credit_card: { ...request.credit_card, number: cards.succeeds } }
    const task = restart({ journal: unreadable }).submit('payments', again, { requestKey: 'key-2' })
    expect(await clock.until(task.outcome())).toMatchObject(paid)
    expect(sandbox.charges(request.tracking_id)).toBe(2)
  })

  it.each([
    ['dropped', { on: 'lookup', kind: 'drop-before' }],
    ['404 in JSON', json('lookup', 404)],
    ['401', json('lookup', 401)],
  ] as [string, Fault][])(
    'and a lookup that is not answered (%s): nothing is sent, and the money is not known',
    async (_, fault) => {
      const checkout = createCheckout({ journal: unreadable })
      checkout.sandbox.fault(fault)
      const task = checkout.client.submit('payments', order(), { requestKey: 'key-1' })
      expect(await checkout.clock.until(task.outcome())).toMatchObject({
        error: { code: 'submit-lost', effect: 'unknown' },
      })
      expect(count(checkout, 'submit')).toBe(0)
    },
  )

  it('that is required sends nothing, and says so', async () => {
    const checkout = createCheckout({ journal: unreadable, journalRequired: true })
    const task = checkout.client.submit('payments', order(), { requestKey: 'key-1' })
    // An earlier process may have sent it under this key.
    expect(await checkout.clock.until(task.outcome())).toMatchObject({ error: { code: 'config', effect: 'unknown' } })
    expect(operations(checkout)).toEqual([])
  })

  it('for one read is read again', async () => {
    const journal = memoryJournal()
    let failures = 1
    const flaky = {
      ...journal,
      getItem: (key: string) => (failures-- > 0 ? Promise.reject(new Error('read')) : journal.getItem(key)),
    }
    const checkout = createCheckout({ journal: flaky })
    const task = checkout.client.submit('payments', order(), { requestKey: 'key-1' })
    expect(await checkout.clock.until(task.outcome())).toMatchObject(paid)
    expect(operations(checkout)[0]).toBe('submit')
  })
})
