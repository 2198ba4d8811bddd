/** Redis that is killed under paying pages, with and without its file: what is lost then, and what is not. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { bearerAuth, createClient, fixedSchedule } from '@async-transaction/core'
import { createTokenProxy } from '@async-transaction/proxy'
import { redisOutcomes } from '@async-transaction/proxy/redis'
import { createSandbox } from '@async-transaction/sandbox'
import { createClient as createRedis } from 'redis'
import { describe, expect, it } from 'vitest'
import { freePort, redisIsInstalled, startRedis } from './processes.ts'
import { BASE, newOrder, requestFor } from './shop.ts'
import { credentials, secret } from './shop-keys.ts'

const PAGES = Number(process.env.PAGES ?? 10)
const FILE = ['--appendonly', 'yes', '--appendfsync', 'always']

describe.skipIf(!redisIsInstalled)('Redis killed under paying pages (skipped only where there is none)', () => {
  it.each([
    ['with its file', FILE, 'task'],
    ['without a file', [], 'lookup'],
  ] as const)(
    '%s: every page ends in the true result, and is charged once',
    async (_, args, via) => {
      const folder = mkdtempSync(join(tmpdir(), 'async-transaction-restart-'))
      const port = await freePort()
      let redis = await startRedis(port, folder, args)
      const client = createRedis({
        url: `redis://127.0.0.1:${port}`,
        disableOfflineQueue: true,
        socket: { reconnectStrategy: 50 },
      })
      client.on('error', () => {})
      await client.connect()
      const sandbox = createSandbox({ credentials, latencyMs: 2500 })
      const proxy = createTokenProxy({
        gateway: { baseUrl: 'https://gateway.test', ...credentials },
        secret,
        origins: ['https://shop.example'],
        outcomes: redisOutcomes(client),
        fetch: (request, init) => sandbox.fetch(request, init),
      })
      const payments = await Promise.all(
        Array.from({ length: PAGES }, async () => {
          const order = newOrder()
          const token = await proxy.issue({ type: 'payments', ...order })
          const page = createClient({
            baseUrl: BASE,
            auth: bearerAuth(token),
            schedule: fixedSchedule({ intervalMs: 250 }),
            fetch: (request) => proxy.fetch(request),
          })
          return { order, task: page.submit('payments', requestFor(order)) }
        }),
      )
      await Promise.all(payments.map(({ task }) => task.accepted()))
      const outcomes = payments.map(({ task }) => task.outcome())
      await redis.end('SIGKILL')
      await new Promise((resolve) => setTimeout(resolve, 500))
      redis = await startRedis(port, folder, args)
      for (const outcome of await Promise.all(outcomes))
        expect(outcome).toMatchObject({ status: 'result', via, transaction: { status: 'successful' } })
      for (const { order } of payments) expect(sandbox.charges(order.trackingId)).toBe(1)
      client.destroy()
      await redis.end()
      sandbox.close()
      rmSync(folder, { recursive: true, force: true })
    },
    60_000,
  )
})
