/** Processes that end in the middle of a payment, over real sockets and a real Redis: the others take over. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bearerAuth, createClient, fixedSchedule } from '@async-transaction/core'
import { createTokenProxy, type TokenProxy } from '@async-transaction/proxy'
import { createSandbox, type Sandbox } from '@async-transaction/sandbox'
import { type SandboxServer, serveSandbox } from '@async-transaction/sandbox/node'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freePort, redisIsInstalled, type Started, startProxy, startRedis } from './processes.ts'
import { newOrder, requestFor } from './shop.ts'
import { credentials, secret } from './shop-keys.ts'

/** A lease, and what its taking over takes, on a busy machine. */
const TAKE_OVER_MS = 16_000
const LONG_MS = 45_000

describe.skipIf(!redisIsInstalled)('two processes on one Redis (skipped only where there is no redis-server)', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'async-transaction-fleet-'))
  let redis: Started
  let redisUrl: string
  let sandbox: Sandbox
  let gateway: SandboxServer
  let issuer: TokenProxy
  let one: Started
  let other: Started

  beforeAll(async () => {
    const port = await freePort()
    redis = await startRedis(port, scratch)
    redisUrl = `redis://127.0.0.1:${port}`
    sandbox = createSandbox({ credentials, latencyMs: 30 })
    gateway = await serveSandbox(sandbox)
    issuer = createTokenProxy({
      gateway: { baseUrl: gateway.url, ...credentials },
      secret,
      origins: ['https://shop.example'],
    })
  })
  afterAll(async () => {
    await redis.end()
    sandbox.close()
    await gateway.close()
    rmSync(scratch, { recursive: true, force: true })
  })
  beforeEach(async () => {
    const started = await Promise.all([startProxy(gateway.url, redisUrl), startProxy(gateway.url, redisUrl)])
    one = started[0]
    other = started[1]
  }, 30_000)
  afterEach(() => Promise.all([one.end(), other.end()]))

  const pageAt = ({ said }: Started, token: string) =>
    createClient({ baseUrl: said, auth: bearerAuth(token), schedule: fixedSchedule({ intervalMs: 250 }) })
  const read = ({ said }: Started, token: string, requestId: string): Promise<Response> =>
    fetch(`${said}/async/result/${requestId}`, { headers: { authorization: `Bearer ${token}` } })
  const post = async ({ said }: Started, token: string, request: object): Promise<Response> =>
    fetch(`${said}/async/transactions/payments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ request }),
    })

  /** A payment that is accepted, and a read of it by the first process that takes `ms`. */
  async function readingFor(ms: number) {
    const order = newOrder()
    const token = await issuer.issue({ type: 'payments', ...order })
    const task = pageAt(other, token).submit('payments', requestFor(order))
    const { requestId } = await task.accepted()
    task.stop()
    sandbox.fault({ on: 'result', kind: 'delay', ms, trackingId: order.trackingId })
    const reads = (): number =>
      sandbox.requests().filter(({ taskId, operation }) => taskId === requestId && operation === 'result').length
    const before = reads()
    const reading = read(one, token, requestId).catch(() => undefined)
    await expect.poll(reads).toBe(before + 1)
    return { order, token, requestId, reading }
  }

  it(
    'a process that is killed in the middle of a read keeps the others waiting for a lease, no longer',
    async () => {
      const { token, requestId } = await readingFor(60_000)
      const startedAt = Date.now()
      await one.end('SIGKILL')
      const answer = await read(other, token, requestId)
      expect(await answer.json()).toMatchObject({ transaction: { status: 'successful' } })
      expect(Date.now() - startedAt).toBeLessThan(TAKE_OVER_MS)
    },
    LONG_MS,
  )

  it(
    'a process that is drained in the middle of a read answers it, gives its lease back, and ends',
    async () => {
      const { token, requestId, reading } = await readingFor(1500)
      const startedAt = Date.now()
      const ended = one.end('SIGTERM')
      const answers = await Promise.all([reading, read(other, token, requestId)])
      for (const answer of answers)
        expect(await answer?.json()).toMatchObject({ transaction: { status: 'successful' } })
      expect(await ended).toBe(0)
      expect(Date.now() - startedAt).toBeLessThan(8000)
    },
    LONG_MS,
  )

  it(
    'a process that is killed in the middle of a submission is followed by the same POST, and one charge',
    async () => {
      const order = newOrder()
      const token = await issuer.issue({ type: 'payments', ...order })
      sandbox.fault({ on: 'submit', kind: 'delay', ms: 60_000, trackingId: order.trackingId })
      const posts = () =>
        sandbox
          .requests()
          .filter(({ operation, trackingId }) => operation === 'submit' && trackingId === order.trackingId)
      void post(one, token, requestFor(order)).catch(() => {})
      await expect.poll(() => posts().length).toBe(1)
      const startedAt = Date.now()
      await one.end('SIGKILL')
      const answer = await post(other, token, requestFor(order))
      expect(await answer.json()).toMatchObject({ status: 'processing' })
      expect(Date.now() - startedAt).toBeLessThan(TAKE_OVER_MS)
      await pageAt(other, token).submit('payments', requestFor(order)).outcome()
      expect(sandbox.charges(order.trackingId)).toBe(1)
    },
    LONG_MS,
  )
})
