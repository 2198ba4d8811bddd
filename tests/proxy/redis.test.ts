/** Two proxy processes, one Redis: over real sockets, one reader at a time, whichever process a browser meets. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bearerAuth, createClient, fixedSchedule } from '@async-transaction/core'
import { createTokenProxy, type TokenProxy } from '@async-transaction/proxy'
import { redisOutcomes } from '@async-transaction/proxy/redis'
import { createSandbox, type Sandbox } from '@async-transaction/sandbox'
import { type SandboxServer, serveSandbox } from '@async-transaction/sandbox/node'
import { Redis } from 'ioredis'
import { createClient as createRedis } from 'redis'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { freePort, redisIsInstalled, type Started, startProxy, startRedis } from './processes.ts'
import { createShop, newOrder, requestFor } from './shop.ts'
import { credentials, secret } from './shop-keys.ts'
import { testStore } from './store-contract.ts'

const scratch = mkdtempSync(join(tmpdir(), 'async-transaction-redis-'))
let redis: Started
let url = ''

describe.skipIf(!redisIsInstalled)('outcomes in Redis (skipped only where there is no redis-server)', () => {
  beforeAll(async () => {
    const port = await freePort()
    redis = await startRedis(port, scratch)
    url = `redis://127.0.0.1:${port}`
  })
  afterAll(async () => {
    await redis.end()
    rmSync(scratch, { recursive: true, force: true })
  })

  for (const library of ['redis', 'ioredis'] as const)
    testStore(library, async () => {
      const prefix = `${library}-${crypto.randomUUID()}:`
      const connect = async () => {
        if (library === 'redis') {
          const client = await createRedis({ url }).connect()
          return { store: redisOutcomes(client, { prefix }), close: () => client.destroy() }
        }
        const client = new Redis(url)
        return { store: redisOutcomes(client, { prefix }), close: () => client.disconnect() }
      }
      const [one, other] = [await connect(), await connect()]
      return {
        store: one.store,
        other: other.store,
        pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        close() {
          one.close()
          other.close()
        },
      }
    })

  describe('a cluster', () => {
    let node: Started
    let client: Redis
    beforeAll(async () => {
      const port = await freePort()
      node = await startRedis(port, mkdtempSync(join(scratch, 'cluster-')), ['--cluster-enabled', 'yes'])
      // One node with all slots refuses a script over two of them as many nodes do.
      client = new Redis(port)
      await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
      await vi.waitFor(
        async () => expect(`${await client.call('CLUSTER', 'INFO')}`).toContain('cluster_state:ok'),
        10_000,
      )
    }, 20_000)
    afterAll(async () => {
      client.disconnect()
      await node.end()
    })

    testStore('cluster', () => ({
      store: redisOutcomes(client, { prefix: `${crypto.randomUUID()}:` }),
      pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    }))
  })

  it('costs three round trips a poll, eight a submission, and one for what is known', async () => {
    const client = await createRedis({ url }).connect()
    let trips = 0
    let pending = 0
    const shop = createShop({
      outcomes: redisOutcomes(async (command) => {
        // Commands that leave together are one.
        if (pending++ === 0) trips += 1
        return client.sendCommand(command).finally(() => (pending -= 1))
      }),
    })
    const spent = async (work: Promise<unknown>): Promise<number> => {
      trips = 0
      await work
      return trips
    }
    const order = newOrder()
    const token = await shop.token(order)
    shop.sandbox.fault({ on: 'result', kind: 'http', status: 425, body: { status: 'processing' }, times: 1 })
    const submitted = shop.post(token, requestFor(order))
    expect(await spent(submitted)).toBeLessThanOrEqual(8)
    const path = `/async/result/${(await submitted).body.request_id}`
    expect(await spent(shop.call(path, { token }))).toBe(3)
    expect(await spent(shop.call(path, { token }))).toBe(3)
    expect(await spent(shop.call(path, { token }))).toBe(1)
    client.destroy()
  })

  describe('two processes', () => {
    let sandbox: Sandbox
    let gateway: SandboxServer
    let proxies: Started[] = []
    let bases: string[] = []
    let issuer: TokenProxy

    beforeAll(async () => {
      sandbox = createSandbox({ credentials, latencyMs: 30 })
      gateway = await serveSandbox(sandbox)
      proxies = await Promise.all([startProxy(gateway.url, url), startProxy(gateway.url, url)])
      bases = proxies.map(({ said }) => said)
      issuer = createTokenProxy({
        gateway: { baseUrl: gateway.url, ...credentials },
        secret,
        origins: ['https://shop.example'],
      })
    }, 30_000)
    afterAll(async () => {
      await Promise.all(proxies.map(({ end }) => end()))
      sandbox.close()
      await gateway.close()
    })

    const get = (base: string | undefined, path: string, token: string): Promise<Response> =>
      fetch(`${base}${path}`, { headers: { authorization: `Bearer ${token}` } })
    const browserAt = (base: string | undefined, token: string) =>
      createClient({ baseUrl: base ?? '', auth: bearerAuth(token), schedule: fixedSchedule({ intervalMs: 250 }) })

    it('pay once, whichever of them the browser meets, and survive real resets', async () => {
      const order = newOrder()
      const token = await issuer.issue({ type: 'payments', ...order })
      sandbox.fault({ on: 'submit', kind: 'drop-after', trackingId: order.trackingId })
      sandbox.fault({ on: 'status', kind: 'drop-before', trackingId: order.trackingId })
      const tasks = bases.map((base) => browserAt(base, token).submit('payments', requestFor(order)).outcome())
      for (const outcome of await Promise.all(tasks))
        expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
      expect(sandbox.charges(order.trackingId)).toBe(1)
    }, 30_000)

    it('read an error that is delivered once, once, and give it to both', async () => {
      const order = newOrder()
      const token = await issuer.issue({ type: 'payments', ...order })
      sandbox.fault({ on: 'submit', kind: 'error', trackingId: order.trackingId })
      const { requestId } = await browserAt(bases[0], token).submit('payments', requestFor(order)).accepted()
      const reads = await Promise.all(
        Array.from({ length: 10 }, (_, index) => get(bases[index % 2], `/async/result/${requestId}`, token)),
      )
      await expect.poll(async () => (await get(bases[1], `/async/result/${requestId}`, token)).status).toBe(500)
      for (const read of reads) expect([200, 500]).toContain(read.status)
      for (const base of bases)
        expect(await (await get(base, `/async/status/${requestId}`, token)).json()).toEqual({
          message: "We're sorry, but something went wrong",
          confirmed: true,
          effect: 'unknown',
        })
      expect(sandbox.tasks().find(({ taskId }) => taskId === requestId)?.state).toBe('consumed')
    }, 30_000)

    it('leave the outcome to the other one when the browser cuts the connection, and when one is killed', async () => {
      const order = newOrder()
      const token = await issuer.issue({ type: 'payments', ...order })
      sandbox.fault({ on: 'submit', kind: 'error', trackingId: order.trackingId })
      const { requestId } = await browserAt(bases[0], token).submit('payments', requestFor(order)).accepted()
      await new Promise((resolve) => setTimeout(resolve, 60))
      sandbox.fault({ on: 'result', kind: 'delay', ms: 150 })
      const leaving = new AbortController()
      const left = fetch(`${bases[0]}/async/result/${requestId}`, {
        headers: { authorization: `Bearer ${token}` },
        signal: leaving.signal,
      }).catch(() => 'gone')
      await expect.poll(() => sandbox.requests().at(-1)?.operation).toBe('result')
      leaving.abort()
      expect(await left).toBe('gone')
      expect((await get(bases[1], `/async/result/${requestId}`, token)).status).toBe(500)
      await proxies[0]?.end()
      expect((await get(bases[1], `/async/result/${requestId}`, token)).status).toBe(500)
      expect(
        await browserAt(bases[1], token)
          .resume({
            v: 1,
            requestId,
            requestKey: 'key',
            trackingId: order.trackingId,
            type: 'payments',
            amount: order.amount,
            currency: order.currency,
            createdAt: Date.now(),
            polls: 0,
            lost: 0,
            statusUrl: '',
            responseUrl: '',
          })
          .outcome(),
      ).toMatchObject({ status: 'error', error: { code: 'gateway-error' } })
    }, 30_000)
  })
})
