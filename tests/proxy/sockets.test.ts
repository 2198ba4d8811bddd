/** The proxy as a server on Node: real sockets on both sides, real resets, and a browser that hangs up. */
import { bearerAuth, createClient, fixedSchedule } from '@async-transaction/core'
import { createTokenProxy, type TokenProxy } from '@async-transaction/proxy'
import { createSandbox, type Sandbox } from '@async-transaction/sandbox'
import { type SandboxServer, serveSandbox } from '@async-transaction/sandbox/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Started, startProxy } from './processes.ts'
import { cards, newOrder, requestFor } from './shop.ts'
import { credentials, secret } from './shop-keys.ts'

let sandbox: Sandbox
let gateway: SandboxServer
let server: Started
let baseUrl = ''
let issuer: TokenProxy

beforeAll(async () => {
  sandbox = createSandbox({ credentials, latencyMs: 30 })
  gateway = await serveSandbox(sandbox)
  server = await startProxy(gateway.url, '')
  baseUrl = server.said
  issuer = createTokenProxy({
    gateway: { baseUrl: gateway.url, ...credentials },
    secret,
    origins: ['https://shop.example'],
  })
}, 30_000)
afterAll(async () => {
  await server.end()
  sandbox.close()
  await gateway.close()
})

const browser = (token: string) =>
  createClient({ baseUrl, auth: bearerAuth(token), schedule: fixedSchedule({ intervalMs: 250 }) })

it.each([
  ['successful', cards.succeeds],
  ['failed', cards.declined],
  ['incomplete', cards.threeDSecure],
])('a payment ends %s', async (status, number) => {
  const order = newOrder()
  const token = await issuer.issue({ type: 'payments', ...order })
  expect(await browser(token).submit('payments', requestFor(order, number)).result()).toMatchObject({
    status,
    tracking_id: order.trackingId,
  })
})

it.each(['drop-before', 'drop-after', 'truncate'] as const)(
  'a POST that is lost by %s before the proxy charges once',
  async (kind) => {
    const order = newOrder()
    const token = await issuer.issue({ type: 'payments', ...order })
    sandbox.fault({ on: 'submit', kind, trackingId: order.trackingId })
    expect(await browser(token).submit('payments', requestFor(order)).outcome()).toMatchObject({ status: 'result' })
    expect(sandbox.charges(order.trackingId)).toBe(1)
  },
  30_000,
)

it('a browser that hangs up while the error is on its way leaves it to the next one', async () => {
  const order = newOrder()
  const token = await issuer.issue({ type: 'payments', ...order })
  sandbox.fault({ on: 'submit', kind: 'error', trackingId: order.trackingId })
  const task = browser(token).submit('payments', requestFor(order))
  const { requestId } = await task.accepted()
  task.stop()
  const read = (signal?: AbortSignal) =>
    fetch(`${baseUrl}/async/result/${requestId}`, {
      headers: { authorization: `Bearer ${token}` },
      ...(signal && { signal }),
    })
  // Processed by now; reading the task list consumes nothing.
  await expect.poll(() => sandbox.tasks().find(({ taskId }) => taskId === requestId)?.state).toBe('completed')
  sandbox.fault({ on: 'result', kind: 'delay', ms: 150, trackingId: order.trackingId })
  const leaving = new AbortController()
  const left = read(leaving.signal).catch(() => 'gone')
  await expect.poll(() => sandbox.tasks().find(({ taskId }) => taskId === requestId)?.state).toBe('consumed')
  leaving.abort()
  expect(await left).toBe('gone')
  const next = await read()
  expect(next.status).toBe(500)
  expect(await next.json()).toMatchObject({ message: "We're sorry, but something went wrong", confirmed: true })
})
