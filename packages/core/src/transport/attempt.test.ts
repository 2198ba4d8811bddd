import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../lib/clock.ts'
import { createSimulatedClock } from '../lib/simulated-clock.ts'
import { attempt, type Transport } from './attempt.ts'
import type { AuthContext } from './auth.ts'
import { basicAuth } from './basic-auth.ts'
import { fetchSend } from './fetch-send.ts'
import { kySend } from './ky-send.ts'

/** All of this holds for both transports. */
const send = process.env.TRANSPORT === 'fetch' ? fetchSend : kySend

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const transport = (fields: Partial<Transport>): Transport => ({
  send,
  baseUrl: 'http://gateway.test',
  auth: () => 'Basic c2VjcmV0',
  fetch: (request, init) => fetch(request, init),
  clock: systemClock,
  maxBodyBytes: 1024,
  cache: { cache: 'no-store' },
  ...fields,
})
const get = { operation: 'result', path: '/async/result/1', timeoutMs: 5000 } as const
const answer = (body: string | ReadableStream | null, init?: ResponseInit) => (): Response => new Response(body, init)

/** A body without an end, that tells whether it was let go. */
function cancellable(cancel = (): void => {}): ReadableStream & { cancelled: () => boolean; pulled: () => number } {
  let cancelled = false
  let pulled = 0
  const body = new ReadableStream({
    pull(controller) {
      pulled += 1
      controller.enqueue(new Uint8Array(512))
    },
    cancel() {
      cancelled = true
      cancel()
    },
  })
  return Object.assign(body, { cancelled: () => cancelled, pulled: () => pulled })
}

describe('a transport, which may retry, throw, follow and cache by default', () => {
  it.each([408, 413, 429, 500, 502, 503, 504])(
    'asks once, and gives the body, when the answer is %i',
    async (status) => {
      let asked = 0
      const baseUrl = await serve((_, response) => {
        asked += 1
        response.writeHead(status, { 'content-type': 'application/json' }).end('{"message":"once"}')
      })
      const reply = await attempt(transport({ baseUrl }), get)
      expect(reply).toMatchObject({ httpStatus: status, json: { message: 'once' } })
      expect(asked).toBe(1)
    },
  )

  it('asks once when the network fails', async () => {
    let asked = 0
    const reply = await attempt(
      transport({
        fetch: () => {
          asked += 1
          return Promise.reject(new TypeError('fetch failed'))
        },
      }),
      get,
    )
    expect(reply).toMatchObject({ lost: 'network', httpStatus: 0 })
    expect(asked).toBe(1)
  })

  it.each([301, 302, 303, 307, 308])('does not follow %i, above all not with the card', async (status) => {
    const seen: string[] = []
    const baseUrl = await serve((request, response) => {
      seen.push(request.url ?? '')
      response.writeHead(status, { location: '/elsewhere' }).end()
    })
    const reply = await attempt(transport({ baseUrl }), { ...get, requestKey: 'key', body: '{}' })
    expect(reply).toMatchObject({ lost: 'redirect' })
    expect(seen).toEqual(['/async/result/1'])
  })

  it('does not take an answer that a fetch followed by itself', async () => {
    const followed = Object.defineProperty(new Response('{}'), 'redirected', { value: true })
    expect(await attempt(transport({ fetch: () => followed }), get)).toMatchObject({ lost: 'redirect' })
  })

  it.each([
    ['https://elsewhere.test/async/status/1', 'redirect'],
    ['https://GATEWAY.test:443/async/status/other%20form', undefined],
    ['', undefined],
  ])('a response from %s tells a redirect where the runtime has no other word for it', async (url, lost) => {
    const response = Object.defineProperties(new Response('{}'), {
      redirected: { value: undefined },
      url: { value: url },
    })
    const reply = await attempt({ ...transport({ fetch: () => response }), baseUrl: 'https://gateway.test' }, get)
    expect(reply.lost).toBe(lost)
  })

  it('lets go of the body of a redirect, so that its connection is free', async () => {
    const body = cancellable()
    expect(await attempt(transport({ fetch: answer(body, { status: 302 }) }), get)).toMatchObject({ lost: 'redirect' })
    expect(body.cancelled()).toBe(true)
  })

  it('asks not to be answered from a cache, where the runtime can be asked', async () => {
    const modes: unknown[] = []
    const fetch = (request: Request): Response => {
      modes.push(request.cache)
      return new Response('{}')
    }
    await attempt(transport({ fetch }), get)
    await attempt(transport({ fetch, cache: {} }), get)
    expect(modes).toEqual(['no-store', 'default'])
  })
})

describe('the time-out', () => {
  it('covers the wait for headers, and aborts the request', async () => {
    const clock = createSimulatedClock()
    let signal: AbortSignal | undefined
    const reply = attempt(
      transport({
        clock,
        fetch: (_, init) => {
          signal = init.signal
          return new Promise(() => {})
        },
      }),
      get,
    )
    expect(await clock.until(reply)).toMatchObject({ lost: 'timeout', httpStatus: 0, durationMs: 5000 })
    expect(signal?.aborted).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('covers a body that stalls, and cancels it', async () => {
    const clock = createSimulatedClock()
    let cancelled = false
    const stalled = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"mess')),
      cancel() {
        cancelled = true
      },
    })
    const reply = attempt(transport({ clock, fetch: answer(stalled) }), get)
    expect(await clock.until(reply)).toMatchObject({ lost: 'timeout' })
    expect(cancelled).toBe(true)
  })

  it('covers credentials that do not come', async () => {
    const clock = createSimulatedClock()
    const reply = attempt(transport({ clock, auth: () => new Promise<string>(() => {}) }), get)
    expect(await clock.until(reply)).toMatchObject({ lost: 'auth' })
  })

  it('covers credentials that come too late: nothing is sent after it', async () => {
    const clock = createSimulatedClock()
    let sent = 0
    const fetch = (): Response => {
      sent += 1
      return new Response('{}')
    }
    let come = (_: string): void => {}
    const auth = () => new Promise<string>((resolve) => (come = resolve))
    expect(await clock.until(attempt(transport({ clock, auth, fetch }), get))).toMatchObject({ lost: 'auth' })
    come('Bearer x')
    await new Promise(setImmediate)
    expect(sent).toBe(0)
  })

  it('covers an answer that comes too late, of a fetch that was not told: it is let go', async () => {
    const clock = createSimulatedClock()
    const body = cancellable()
    let come = (_: Response): void => {}
    const fetch = () => new Promise<Response>((resolve) => (come = resolve))
    expect(await clock.until(attempt(transport({ clock, fetch }), get))).toMatchObject({ lost: 'timeout' })
    come(new Response(body))
    await new Promise(setImmediate)
    expect(body.cancelled()).toBe(true)
  })

  it('leaves no timer behind when the answer came', async () => {
    const clock = createSimulatedClock()
    await clock.until(attempt(transport({ clock, fetch: answer('{}') }), get))
    expect(clock.pending).toBe(0)
  })
})

describe('the body', () => {
  it.each([
    ['empty', ''],
    ['absent', null],
    ['HTML', '<html><body>Bad gateway</body></html>'],
    ['cut', '{"transaction":{"status":"succ'],
  ])('that is %s is no JSON, and no exception', async (_, body) => {
    const reply = await attempt(transport({ fetch: answer(body, { status: 502 }) }), get)
    expect(reply).toMatchObject({ httpStatus: 502 })
    expect(reply.json).toBeUndefined()
    expect(reply.lost).toBeUndefined()
  })

  it('that breaks off is lost', async () => {
    const baseUrl = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"transaction":', () => response.destroy())
    })
    expect(await attempt(transport({ baseUrl }), get)).toMatchObject({ lost: 'network' })
  })

  it('that is larger than allowed is lost, and not read to its end', async () => {
    const endless = cancellable()
    expect(await attempt(transport({ fetch: answer(endless) }), get)).toMatchObject({ lost: 'too-large' })
    expect(endless.pulled()).toBeLessThan(8)
    expect(endless.cancelled()).toBe(true)
  })

  it('that cannot be let go is a loss all the same, and nothing is unhandled', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    const stuck = cancellable(() => {
      throw new Error('stuck')
    })
    expect(await attempt(transport({ fetch: answer(stuck) }), get)).toMatchObject({ lost: 'too-large' })
    await new Promise(setImmediate)
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })

  it('that is as large as allowed is read', async () => {
    const body = JSON.stringify({ message: 'x'.repeat(1024 - 14) })
    const reply = await attempt(transport({ fetch: answer(body) }), get)
    expect(reply.json).toEqual(JSON.parse(body))
  })

  it('may begin with a byte order mark, and come in pieces that cut a character', async () => {
    const bytes = new TextEncoder().encode('\ufeff{"message":"оплачено"}')
    const pieces = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
        controller.close()
      },
    })
    expect((await attempt(transport({ fetch: answer(pieces) }), get)).json).toEqual({ message: 'оплачено' })
  })

  it.each(['{"__proto__":{"polluted":true},"status":"x"}', '{"\\u005f_proto__":{"polluted":true},"status":"x"}'])(
    'cannot change what objects inherit: %s',
    async (body) => {
      const { json } = await attempt(transport({ fetch: answer(body) }), get)
      expect(Object.assign({}, json)).not.toHaveProperty('polluted')
      expect(json).toEqual({ status: 'x' })
    },
  )
})

describe('a hostile fetch', () => {
  it.each([
    ['rejects with a string', () => Promise.reject('down')],
    [
      'throws',
      () => {
        throw new Error('down')
      },
    ],
    ['resolves with nothing', () => Promise.resolve(undefined)],
    ['resolves with garbage', () => Promise.resolve({ ok: true })],
    [
      'resolves with a body that is no stream',
      () => Promise.resolve({ status: 200, headers: new Headers(), body: 'text' }),
    ],
    [
      'resolves with chunks that are no bytes',
      () =>
        Promise.resolve({
          status: 200,
          headers: new Headers(),
          body: { getReader: () => ({ read: async () => ({ done: false, value: 'text' }), cancel: async () => {} }) },
        }),
    ],
  ])('that %s is a loss, not an exception', async (_, fetch) => {
    expect(await attempt(transport({ fetch: fetch as never }), get)).toMatchObject({ lost: 'network' })
  })
})

describe('what is sent and learned', () => {
  it('sends the idempotency key with a POST, and the credentials with everything', async () => {
    const seen: Record<string, unknown>[] = []
    const baseUrl = await serve((request, response) => {
      seen.push({ method: request.method, ...request.headers })
      response.end('{}')
    })
    await attempt(transport({ baseUrl }), { ...get, requestKey: 'key-1', body: '{"request":{}}' })
    await attempt(transport({ baseUrl }), get)
    expect(seen[0]).toMatchObject({
      method: 'POST',
      requestid: 'key-1',
      authorization: 'Basic c2VjcmV0',
      'content-type': 'application/json',
    })
    expect(seen[1]).toMatchObject({ method: 'GET', authorization: 'Basic c2VjcmV0', accept: 'application/json' })
    expect(seen[1]).not.toHaveProperty('requestid')
  })

  it('learns the wait, the clock and the request id of the gateway', async () => {
    const headers = { 'retry-after': '7', date: 'Sun, 22 Nov 2026 10:00:00 GMT', 'x-request-id': 'abc' }
    const reply = await attempt(transport({ fetch: answer('{}', { status: 429, headers }) }), get)
    expect(reply).toMatchObject({ retryAfterMs: 7000, date: Date.parse(headers.date), gatewayRequestId: 'abc' })
  })

  it('takes a `Retry-After` that is a date by the clock of the gateway, not by ours', async () => {
    const headers = { 'retry-after': 'Sun, 22 Nov 2026 10:00:30 GMT', date: 'Sun, 22 Nov 2026 10:00:00 GMT' }
    const clock = createSimulatedClock(Date.parse('2026-11-22T10:00:20Z'))
    const wait = async (given: HeadersInit) =>
      (await attempt(transport({ clock, fetch: answer('{}', { status: 429, headers: given }) }), get)).retryAfterMs
    expect(await wait(headers)).toBe(30_000)
    expect(await wait({ ...headers, date: 'yesterday' })).toBe(10_000)
    expect(await wait({ ...headers, date: 'since 2020' })).toBe(10_000)
    expect(await wait({ 'retry-after': headers['retry-after'] })).toBe(10_000)
  })

  it('is `auth` without credentials, and sends nothing', async () => {
    let asked = 0
    const fetch = (): Response => {
      asked += 1
      return new Response('{}')
    }
    const auth = (): Promise<string> => Promise.reject(new Error('no token'))
    expect(await attempt(transport({ fetch, auth }), get)).toMatchObject({ lost: 'auth' })
    expect(asked).toBe(0)
  })

  it('keeps of an endless request id what a log can hold', async () => {
    const headers = { 'x-request-id': 'x'.repeat(1000) }
    const { gatewayRequestId } = await attempt(transport({ fetch: answer('{}', { headers }) }), get)
    expect(gatewayRequestId).toBe('x'.repeat(128))
  })

  it('keeps the card and the secret out of whatever it returns', async () => {
    const body = '{"request":{"credit_card":{"number":"4200000000000000"}}}'
    const reply = await attempt(transport({ fetch: () => Promise.reject(new Error(body)) }), {
      ...get,
      requestKey: 'key',
      body,
    })
    expect(inspect(reply, { depth: 9, showHidden: true })).not.toMatch(/4200|c2VjcmV0/)
  })

  it.each([
    ['plain', 'c2hvcC1rZXktOTk='],
    ['in base64', 'YzJodmNDMXJaWGt0T1RrPQ=='],
  ])('hides credentials that the gateway echoes, %s', async (_, secret) => {
    const auth = basicAuth({ shopId: '361', secretKey: 'c2hvcC1rZXktOTk=' })
    const body = JSON.stringify({ message: `Key ${secret} is blocked`, errors: { deep: [{ key: secret }] } })
    const { json } = await attempt(transport({ auth, fetch: answer(body) }), get)
    expect(json).toEqual({ message: 'Key *** is blocked', errors: { deep: [{ key: '***' }] } })
  })

  it('gives the name of the fault, where the runtime has one', async () => {
    const closed = await serve(() => {})
    await new Promise((resolve) => servers.pop()?.close(resolve))
    expect(await attempt(transport({ baseUrl: closed }), get)).toMatchObject({ lost: 'network', cause: 'ECONNREFUSED' })
  })
})

describe('a fetch without streams, as of React Native', () => {
  const streamless = (text: string, status = 200) => ({
    status,
    headers: new Headers(),
    text: async () => text,
  })

  it('is read by its text', async () => {
    expect(await attempt(transport({ fetch: () => streamless('{"status":"processing"}') }), get)).toMatchObject({
      json: { status: 'processing' },
    })
  })

  it('is not read beyond the largest size', async () => {
    const fetch = () => streamless(JSON.stringify({ padding: 'x'.repeat(1024) }))
    expect(await attempt(transport({ fetch }), get)).toMatchObject({ lost: 'too-large' })
  })
})

describe('credentials', () => {
  const post = { ...get, operation: 'submit', requestKey: 'k', trackingId: 't', body: '{}' } as const
  const refusal = answer('{"message":"no"}', { status: 401 })

  it.each([
    ['that were renewed', ['Bearer a', 'Bearer b'], true],
    ['that are the same', ['Bearer a', 'Bearer a'], undefined],
  ])('are asked for anew after a POST was answered 401: %s', async (_, tokens, renewed) => {
    const contexts: unknown[] = []
    const auth = (context: AuthContext) => {
      contexts.push(context)
      return tokens[contexts.length - 1] ?? ''
    }
    expect((await attempt(transport({ auth, fetch: refusal }), post)).renewed).toBe(renewed)
    const context = { operation: 'submit', requestKey: 'k', trackingId: 't' }
    expect(contexts).toEqual([context, { ...context, refused: true }])
  })

  it('that cannot be had anew are the same', async () => {
    let asked = 0
    const auth = () => (asked++ ? Promise.reject(new Error('later')) : 'Bearer a')
    expect((await attempt(transport({ auth, fetch: refusal }), post)).renewed).toBeUndefined()
  })

  it('that cannot be had are a reply of their own, with the name of the fault', async () => {
    const auth = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }))
    expect(await attempt(transport({ auth }), get)).toMatchObject({ lost: 'auth', cause: 'ENOTFOUND', httpStatus: 0 })
  })
})
