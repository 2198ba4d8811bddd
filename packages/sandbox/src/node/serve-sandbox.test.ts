import { Agent, get, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createShop, payment, type Shop } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'
import type { SandboxOptions } from '../sandbox.ts'
import { type SandboxServer, serveSandbox } from './serve-sandbox.ts'

const authorization = `Basic ${btoa('shop-1:secret-1')}`
const running: { close(): unknown }[] = []

afterEach(async () => {
  for (const each of running.splice(0)) await each.close()
})

async function setUp(options: SandboxOptions = {}) {
  const sandbox = createSandbox(options)
  const server: SandboxServer = await serveSandbox(sandbox)
  running.push(server, sandbox)
  const shop: Shop = createShop({ fetch: (input, init) => fetch(input, init) }, undefined, server.url)
  return { sandbox, server, shop }
}

/** What a client sees of one GET, without any library that would hide it. */
function read(
  url: string,
  agent?: Agent,
): Promise<{ status?: number | undefined; promised?: string | undefined; bytes: number; error?: string }> {
  return new Promise((resolve) => {
    let bytes = 0
    let answer: IncomingMessage | undefined
    const end = (error?: NodeJS.ErrnoException) =>
      resolve({
        status: answer?.statusCode,
        promised: answer?.headers['content-length'],
        bytes,
        ...(error?.code && { error: error.code }),
      })
    get(url, { headers: { authorization }, ...(agent && { agent }) }, (response) => {
      answer = response
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      response.on('end', () => end())
      response.on('error', end)
    }).on('error', end)
  })
}

describe('over real sockets', () => {
  it('a payment goes from its acknowledgement to its result', async () => {
    const { server, shop } = await setUp()
    const ack = await shop.pay()
    expect(ack.body.status_url).toBe(`${server.url}/async/status/${ack.body.request_id}`)
    expect((await shop.status(ack.body.request_id)).body.status).toBe('completed')
    const result = await shop.result(ack.body.request_id)
    expect(result.body.transaction.status).toBe('successful')
    expect(result.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(result.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('the Date is that of the clock', async () => {
    const clock = { now: () => Date.UTC(2030, 0, 1), setTimeout: () => 0, clearTimeout: () => {} }
    const { shop } = await setUp({ clock })
    expect((await shop.status('1')).headers.get('date')).toBe('Tue, 01 Jan 2030 00:00:00 GMT')
  })

  it('HEAD is refused without a body, and consumes nothing', async () => {
    const { sandbox, server, shop } = await setUp()
    sandbox.fault({ on: 'submit', kind: 'error' })
    const { request_id } = (await shop.pay()).body
    const head = await fetch(`${server.url}/async/result/${request_id}`, { method: 'HEAD', headers: { authorization } })
    expect([head.status, await head.text()]).toEqual([405, ''])
    expect((await shop.result(request_id)).status).toBe(500)
  })

  it('leaves the globals as they are', async () => {
    const before = [globalThis.Request, globalThis.Response]
    await setUp()
    expect([globalThis.Request, globalThis.Response]).toEqual(before)
  })
})

describe('faults on the wire', () => {
  it.each(['drop-before', 'drop-after'] as const)('%s resets the connection', async (kind) => {
    const { sandbox, server } = await setUp()
    sandbox.fault({ on: 'status', kind })
    expect(await read(`${server.url}/async/status/1`)).toEqual({ status: undefined, bytes: 0, error: 'ECONNRESET' })
  })

  it('a reset is one: the other end is not told politely', async () => {
    const { sandbox, server } = await setUp()
    sandbox.fault({ on: 'status', kind: 'drop-before' })
    const socket = connect(server.port, '127.0.0.1')
    const events: string[] = []
    socket.on('end', () => events.push('end'))
    socket.on('error', (error: NodeJS.ErrnoException) => events.push(error.code ?? ''))
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.resume().write(`GET /async/status/1 HTTP/1.1\r\nHost: x\r\n\r\n`)
    await closed
    expect(events).toEqual(['ECONNRESET'])
  })

  it('drop-after a POST resets the connection with the charge made', async () => {
    const { sandbox, shop } = await setUp()
    sandbox.fault({ on: 'submit', kind: 'drop-after' })
    await expect(shop.pay({}, { RequestID: 'r-1' })).rejects.toThrow(TypeError)
    expect(sandbox.charges('order-17')).toBe(1)
    expect((await shop.pay({}, { RequestID: 'r-1' })).body.status).toBe('completed')
    expect(sandbox.charges('order-17')).toBe(1)
  })

  it('a reset reaches a connection that was used before', async () => {
    const { sandbox, server } = await setUp()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    running.push({ close: () => agent.destroy() })
    expect((await read(`${server.url}/async/status/1`, agent)).status).toBe(404)
    sandbox.fault({ on: 'status', kind: 'drop-after' })
    expect((await read(`${server.url}/async/status/1`, agent)).error).toBe('ECONNRESET')
    expect(sandbox.requests()).toHaveLength(2)
    expect((await read(`${server.url}/async/status/1`, agent)).status).toBe(404)
  })

  it('truncate sends less than it promised', async () => {
    const { sandbox, server } = await setUp()
    sandbox.fault({ on: 'status', kind: 'truncate' })
    const { status, promised, bytes, error } = await read(`${server.url}/async/status/1`)
    expect([status, error]).toEqual([404, 'ECONNRESET'])
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThan(Number(promised))
  })

  it('stall sends the head and a part, and then nothing; the server closes all the same', async () => {
    const { sandbox, server } = await setUp()
    sandbox.fault({ on: 'status', kind: 'stall' })
    const socket = connect(server.port, '127.0.0.1')
    socket.write(`GET /async/status/1 HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`)
    let text = ''
    let closed = false
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('close', () => {
      closed = true
    })
    socket.on('error', () => {})
    await expect.poll(() => text.split('\r\n\r\n')[1]?.length, { interval: 1 }).toBeGreaterThan(0)
    const promised = Number(/content-length: (\d+)/i.exec(text)?.[1])
    expect(text.split('\r\n\r\n')[1]?.length).toBeLessThan(promised)
    // Another exchange goes through meanwhile, so the silence is not just a late beginning.
    expect((await read(`${server.url}/async/status/2`)).status).toBe(404)
    expect([closed, text.split('\r\n\r\n')[1]?.length]).toEqual([false, Math.floor(promised / 2)])
    await server.close()
    await expect.poll(() => closed, { interval: 1 }).toBe(true)
  })

  it('the other answers arrive as they are', async () => {
    const { sandbox, server, shop } = await setUp()
    sandbox.fault({ on: 'status', kind: 'html' })
    expect((await shop.status('1')).body).toContain('502 Bad Gateway')
    sandbox.fault({ on: 'status', kind: 'empty', status: 204 })
    expect(await read(`${server.url}/async/status/1`)).toMatchObject({ status: 204, bytes: 0 })
    sandbox.fault({ on: 'status', kind: 'oversize' })
    expect(await read(`${server.url}/async/status/1`)).toEqual({ status: 404, promised: '307200', bytes: 307_200 })
    sandbox.fault({ on: 'status', kind: 'redirect', location: `${server.url}/async/status/2` })
    expect(await read(`${server.url}/async/status/1`)).toMatchObject({ status: 307 })
  })

  it('resend: the client sees one response, the gateway two requests and, by their RequestID, one charge', async () => {
    const { sandbox, shop } = await setUp()
    sandbox.fault({ on: 'submit', kind: 'resend' })
    const ack = await shop.pay({}, { RequestID: 'r-1' })
    expect(ack).toMatchObject({ status: 200, body: { request_id: expect.any(String) } })
    expect(sandbox.requests().map(({ status, repeated }) => [status, repeated])).toEqual([
      [undefined, undefined],
      [200, true],
    ])
    expect(sandbox.charges('order-17')).toBe(1)
    sandbox.fault({ on: 'submit', kind: 'resend', status: 409, body: { message: 'in progress' } })
    expect(await shop.pay({ tracking_id: 'b' })).toMatchObject({ status: 409, body: { message: 'in progress' } })
    expect(sandbox.charges('b')).toBe(1)
  })

  it('proxy-json: the response of an intermediary, for a time by the real clock', async () => {
    const { sandbox, shop } = await setUp()
    sandbox.fault({ on: 'any', kind: 'proxy-json', status: 404, forMs: 200 })
    const { status, headers, body } = await shop.get('/v2/transactions/tracking_id/order-17')
    expect([status, headers.get('x-request-id'), body]).toEqual([404, null, { message: 'Not found' }])
    await expect.poll(async () => (await shop.get('/v2/transactions/tracking_id/order-17')).status).toBe(200)
  })

  it('a client that leaves during a delay ends its exchange', async () => {
    const { sandbox, server } = await setUp()
    sandbox.fault({ on: 'submit', kind: 'delay', ms: 60_000 })
    const client = request(`${server.url}/async/transactions/payments`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
    })
    client.on('error', () => {})
    client.end(JSON.stringify({ request: payment() }))
    await expect.poll(() => sandbox.charges('order-17'), { interval: 1 }).toBe(1)
    client.destroy()
    await expect.poll(() => sandbox.requests()[0]?.aborted, { interval: 1 }).toBe(true)
  })
})

describe('the server', () => {
  it('closes at once with connections kept alive, and closes twice', async () => {
    const { server } = await setUp()
    const agent = new Agent({ keepAlive: true })
    running.push({ close: () => agent.destroy() })
    await read(`${server.url}/async/status/1`, agent)
    await server.close()
    await server.close()
    expect((await read(`${server.url}/async/status/1`)).error).toBe('ECONNREFUSED')
  })

  it('rejects with the error of the system when the port is taken', async () => {
    const { server } = await setUp()
    await expect(serveSandbox(createSandbox(), { port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('drops every request once the sandbox is closed', async () => {
    const { sandbox, server } = await setUp()
    sandbox.close()
    expect((await read(`${server.url}/async/status/1`)).error).toBe('ECONNRESET')
  })

  it('has the control API', async () => {
    const { server, shop } = await setUp()
    const fault = { on: 'submit', kind: 'throttle', retryAfter: 3 }
    const planned = await fetch(`${server.url}/sandbox/faults`, { method: 'POST', body: JSON.stringify(fault) })
    expect(planned.status).toBe(201)
    expect((await shop.pay()).headers.get('retry-after')).toBe('3')
    expect(await (await fetch(`${server.url}/sandbox/charges/order-17`)).json()).toEqual({ charges: 0 })
    expect((await fetch(`${server.url}/sandbox/faults`, { method: 'DELETE' })).status).toBe(204)
  })
})
