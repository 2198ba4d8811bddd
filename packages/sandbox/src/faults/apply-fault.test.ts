import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createShop, origin, payment } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'
import type { SandboxOptions } from '../sandbox.ts'

const authorization = `Basic ${btoa('shop-1:secret-1')}`

function setUp(options: SandboxOptions = {}) {
  const clock = createManualClock()
  const sandbox = createSandbox({ clock, ...options })
  return { clock, sandbox, shop: createShop(sandbox) }
}

/** A task whose once-only answer waits to be read. */
async function failing() {
  const world = setUp()
  world.sandbox.fault({ on: 'submit', kind: 'error' })
  return { ...world, id: (await world.shop.pay()).body.request_id as string }
}

describe('a dropped connection', () => {
  it('before: rejects as fetch does, and nothing has happened', async () => {
    const { sandbox, shop } = setUp()
    sandbox.fault({ on: 'submit', kind: 'drop-before' })
    await expect(shop.pay()).rejects.toThrow(TypeError)
    expect(sandbox.tasks()).toEqual([])
    expect(sandbox.requests()).toMatchObject([{ operation: 'submit', fault: 'drop-before', trackingId: 'order-17' }])
    expect(sandbox.requests()[0]?.status).toBeUndefined()
  })

  it('after: rejects alike, and the card is charged', async () => {
    const { sandbox, shop } = setUp()
    sandbox.fault({ on: 'submit', kind: 'drop-after' })
    await expect(shop.pay({}, { RequestID: 'r-1' })).rejects.toThrow(TypeError)
    expect(sandbox.charges('order-17')).toBe(1)
    expect((await shop.pay({}, { RequestID: 'r-1' })).status).toBe(200)
    expect(sandbox.charges('order-17')).toBe(1)
  })

  it.each([
    ['drop-before', 500],
    ['drop-after', 404],
  ] as const)('%s a once-only answer was read: the next read is %i', async (kind, status) => {
    const { sandbox, shop, id } = await failing()
    sandbox.fault({ on: 'result', kind })
    await expect(shop.result(id)).rejects.toThrow(TypeError)
    expect((await shop.result(id)).status).toBe(status)
  })
})

describe('a cut body', () => {
  it('truncate: errors in the middle, consumed', async () => {
    const { sandbox, shop, id } = await failing()
    sandbox.fault({ on: 'status', kind: 'truncate' })
    const response = await sandbox.fetch(`${origin}/async/status/${id}`, { headers: { authorization } })
    expect(response.status).toBe(500)
    const reader = response.body?.getReader()
    // A reader that comes late still gets the half that was sent.
    await new Promise((resolve) => setImmediate(resolve))
    const first = await reader?.read()
    expect(new TextDecoder().decode(first?.value)).toBe('{"message":"We\'re sorry, ')
    await expect(reader?.read()).rejects.toThrow(TypeError)
    expect((await shop.status(id)).status).toBe(404)
  })

  it('stall: falls silent until the request is aborted, consumed', async () => {
    const { sandbox, shop, id } = await failing()
    sandbox.fault({ on: 'status', kind: 'stall' })
    const controller = new AbortController()
    const request = new Request(`${origin}/async/status/${id}`, {
      headers: { authorization },
      signal: controller.signal,
    })
    const reader = (await sandbox.fetch(request)).body?.getReader()
    expect((await reader?.read())?.value?.length).toBeGreaterThan(0)
    let silent = true
    const next = reader?.read().finally(() => {
      silent = false
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(silent).toBe(true)
    controller.abort(new Error('gave up'))
    await expect(next).rejects.toThrow('gave up')
    expect((await shop.status(id)).status).toBe(404)
  })
})

describe('delay', () => {
  it('is taken at once and answered later, with what was true then', async () => {
    const { clock, sandbox, shop } = setUp({ latencyMs: 1000 })
    const { request_id } = (await shop.pay()).body
    sandbox.fault({ on: 'status', kind: 'delay', ms: 5000 })
    const answer = shop.status(request_id)
    await expect.poll(() => sandbox.requests().length, { interval: 1 }).toBe(2)
    await new Promise((resolve) => setImmediate(resolve))
    clock.advance(5000)
    expect((await answer).body.status).toBe('processing')
    expect(sandbox.requests()[1]).toMatchObject({ status: 200, durationMs: 5000, fault: 'delay' })
  })

  it('not taken, arrives that late', async () => {
    const { clock, sandbox, shop } = setUp({ latencyMs: 1000 })
    sandbox.fault({ on: 'submit', kind: 'delay', ms: 5000, taken: false })
    const answer = shop.pay()
    await expect.poll(() => clock.nextIn(), { interval: 1 }).toBe(5000)
    expect(sandbox.tasks()).toEqual([])
    clock.advance(5000)
    expect((await answer).body.status).toBe('processing')
    expect(sandbox.tasks()).toMatchObject([{ state: 'processing' }])
  })

  it('ends with the reason of an aborted request, which stays taken', async () => {
    const { clock, sandbox } = setUp()
    sandbox.fault({ on: 'submit', kind: 'delay', ms: 5000 })
    const controller = new AbortController()
    const answer = sandbox.fetch(`${origin}/async/transactions/payments`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ request: payment() }),
      signal: controller.signal,
    })
    await expect.poll(() => sandbox.charges('order-17'), { interval: 1 }).toBe(1)
    const reason = new Error('gave up')
    controller.abort(reason)
    await expect(answer).rejects.toBe(reason)
    expect(sandbox.requests()).toMatchObject([{ aborted: true, fault: 'delay' }])
    expect(clock.nextIn()).toBeUndefined()
  })
})

describe('another answer instead', () => {
  it.each([
    [{ kind: 'http', status: 503, body: { message: 'x' }, headers: { 'Retry-After': '7' } }, 503, { message: 'x' }],
    [{ kind: 'http', status: 204 }, 204, ''],
    [{ kind: 'html' }, 502, expect.stringContaining('<h1>502 Bad Gateway</h1>')],
    [{ kind: 'proxy-json' }, 502, { message: 'Bad gateway' }],
    [{ kind: 'proxy-json', status: 404 }, 404, { message: 'Not found' }],
    [{ kind: 'proxy-json', status: 418 }, 418, { message: 'Error' }],
    [{ kind: 'proxy-json', status: 403, body: { message: 'x' } }, 403, { message: 'x' }],
    [{ kind: 'throttle', retryAfter: 7 }, 429, {}],
    [{ kind: 'throttle', retryAfter: 'soon', status: 503, message: 'x' }, 503, { message: 'x' }],
    [{ kind: 'redirect', location: 'https://evil.example/' }, 307, ''],
  ] as const)('%o leaves the POST untaken and a once-only answer unread', async (fault, status, body) => {
    const { sandbox, shop, id } = await failing()
    sandbox.fault({ on: 'result', ...fault })
    expect(await shop.result(id)).toMatchObject({ status, body })
    expect((await shop.result(id)).status).toBe(500)
    sandbox.fault({ on: 'submit', ...fault })
    expect((await shop.pay({ tracking_id: 'b' })).status).toBe(status)
    expect(sandbox.charges('b')).toBe(0)
  })

  it.each([
    [{ kind: 'empty' }, 200, ''],
    [{ kind: 'empty', status: 502 }, 502, ''],
    [{ kind: 'garbage' }, 200, expect.stringContaining('not json')],
    [{ kind: 'html', taken: true }, 502, expect.anything()],
    [{ kind: 'proxy-json', status: 409, taken: true }, 409, { message: 'Conflict' }],
    [{ kind: 'throttle', taken: true }, 429, {}],
  ] as const)('%o comes after the work was done', async (fault, status, body) => {
    const { sandbox, shop, id } = await failing()
    sandbox.fault({ on: 'result', ...fault })
    expect(await shop.result(id)).toMatchObject({ status, body })
    expect((await shop.result(id)).status).toBe(404)
    sandbox.fault({ on: 'submit', ...fault })
    await shop.pay({ tracking_id: 'b' })
    expect(sandbox.charges('b')).toBe(1)
  })

  it('has the date and the id it was given, in place of the ones that every answer has', async () => {
    const { sandbox, shop } = setUp()
    const date = 'Tue, 01 Jan 2030 00:00:00 GMT'
    sandbox.fault({ on: 'status', kind: 'http', status: 500, headers: { Date: date, 'X-Request-Id': 'mine' } })
    const { headers } = await shop.status('1')
    expect([headers.get('date'), headers.get('x-request-id')]).toEqual([date, 'mine'])
  })

  it('has the headers it was given', async () => {
    const { sandbox, shop } = setUp()
    sandbox.fault({ on: 'status', kind: 'throttle', retryAfter: 7 })
    expect((await shop.status('1')).headers.get('retry-after')).toBe('7')
    sandbox.fault({ on: 'status', kind: 'redirect', location: 'https://evil.example/x' })
    expect((await shop.status('1')).headers.get('location')).toBe('https://evil.example/x')
    sandbox.fault({ on: 'status', kind: 'http', status: 200, headers: { 'Content-Type': 'text/plain' } })
    expect((await shop.status('1')).headers.get('content-type')).toBe('text/plain')
    sandbox.fault({ on: 'status', kind: 'html' })
    expect((await shop.status('1')).headers.get('x-request-id')).toBeNull()
    sandbox.fault({ on: 'status', kind: 'proxy-json', headers: { Server: 'balancer' } })
    const { headers } = await shop.status('1')
    expect([headers.get('x-request-id'), headers.get('server')]).toEqual([null, 'balancer'])
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  })
})

describe('an altered answer', () => {
  it('oversize: the real one, in valid JSON of that size', async () => {
    const { sandbox, shop } = setUp()
    const { request_id } = (await shop.pay({ description: 'Заказ' })).body
    sandbox.fault({ on: 'result', kind: 'oversize' })
    const response = await sandbox.fetch(`${origin}/async/result/${request_id}`, { headers: { authorization } })
    const bytes = await response.arrayBuffer()
    expect(bytes.byteLength).toBe(300 * 1024)
    expect(JSON.parse(new TextDecoder().decode(bytes)).transaction.status).toBe('successful')
  })

  it('foreign: the id of another task, in its URLs too', async () => {
    const { sandbox, shop } = setUp()
    sandbox.fault({ on: 'submit', kind: 'foreign' })
    const { body } = await shop.pay()
    const own = sandbox.tasks()[0]?.taskId ?? ''
    expect(body.request_id).not.toBe(own)
    expect(body.status_url).toBe(`${origin}/async/status/${body.request_id}`)
    sandbox.fault({ on: 'any', kind: 'http', status: 500 })
    sandbox.clearFaults()
    sandbox.fault({ on: 'result', kind: 'foreign' })
    const foreign = (await shop.result(own)).body
    expect(foreign).toEqual({ status: 'processing', request_id: expect.not.stringContaining(own) })
  })

  it('processing-word: a word that nobody knows, and nothing is consumed', async () => {
    const { sandbox, shop, id } = await failing()
    sandbox.fault({ on: 'status', kind: 'processing-word', word: 'queued' })
    expect(await shop.status(id)).toMatchObject({ status: 200, body: { status: 'queued', request_id: id } })
    expect((await shop.status(id)).status).toBe(500)
    sandbox.fault({ on: 'submit', kind: 'processing-word', word: 'accepted' })
    expect((await shop.pay()).body).toMatchObject({ status: 'accepted', status_url: expect.any(String) })
  })

  it('untrusted-urls and missing-urls: the task is taken all the same', async () => {
    const { sandbox, shop } = setUp()
    sandbox.fault({ on: 'submit', kind: 'untrusted-urls', origin: 'https://evil.example/' })
    const { body } = await shop.pay()
    expect(body.status_url).toBe(`https://evil.example/async/status/${body.request_id}`)
    expect(body.response_url).toBe(`https://evil.example/async/result/${body.request_id}`)
    sandbox.fault({ on: 'submit', kind: 'missing-urls' })
    expect((await shop.pay()).body).toEqual({ status: 'processing', request_id: expect.any(String) })
    expect(sandbox.charges('order-17')).toBe(2)
  })
})
