/** One isolate of workerd serves many requests, and what a request has under way ends with it. */
import type { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundle } from './bundle.ts'
import { cards } from './contract/shop.ts'
import { type Gateway, openGateway } from './gateway.ts'
import { heapOf } from './heap.ts'
import { compatibilityDates, startWorker, workerOf } from './workers.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await openGateway()
  await bundle('isolate', 'bundle', { GATEWAY_URL: JSON.stringify(gateway.gatewayUrl) })
})
afterAll(() => gateway.close())

const order = () => ({
  amount: 3245,
  currency: 'KZT',
  description: 'Order 17',
  tracking_id: crypto.randomUUID(),
  duplicate_check: false,
  credit_card: { number: cards.good, verification_value: '987', exp_month: '05', exp_year: '2040' },
})

const plan = (fault: object): Promise<Response> =>
  fetch(`${gateway.gatewayUrl}/sandbox/faults`, { method: 'POST', body: JSON.stringify(fault) })

describe.each(compatibilityDates)('in an isolate of %s', (compatibilityDate) => {
  let worker: Miniflare
  beforeAll(() => {
    worker = startWorker({ script: 'isolate', compatibilityDate, nodejsCompat: false })
  })
  afterAll(() => worker.dispose())

  // biome-ignore lint/suspicious/noExplicitAny: whatever the Worker answers
  const ask = async (path: string, body: object = {}): Promise<any> => {
    const answer = await worker.dispatchFetch(`http://worker/${path}`, { method: 'POST', body: JSON.stringify(body) })
    return JSON.parse(await answer.text())
  }

  it('nothing is done at module scope, where clients and proxies are made', async () => {
    const modules: [string, number][] = await ask('modules')
    expect(modules).toHaveLength(10)
    for (const [name, exported] of modules) expect(exported, name).toBeGreaterThan(0)
    expect(await ask('issue')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
  })

  it.each(['setTimeout(() => {}, 1)', 'crypto.randomUUID()'])(
    'a module that does something is found out: %s',
    async (statement) => {
      const eager = workerOf(`${statement}\nexport default { fetch: () => new Response('') }`, {
        compatibilityDate,
        nodejsCompat: false,
      })
      await expect(eager.ready).rejects.toThrow()
      await eager.dispose().catch(() => {})
    },
  )

  it('nothing is added to what is global', async () => {
    const bare = workerOf('export default { fetch: () => Response.json(Reflect.ownKeys(globalThis).map(String)) }', {
      compatibilityDate,
      nodejsCompat: false,
    })
    const before = (await (await bare.dispatchFetch('http://worker/')).json()) as string[]
    await bare.dispose()
    expect((await ask('globals')).sort()).toEqual(before.sort())
  })

  it('a client of all requests takes a step for each', async () => {
    const handle = await ask('submit', { order: order() })
    let check = await ask('check-shared', { handle })
    while (check.nextCheckMs !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, check.nextCheckMs))
      check = await ask('check-shared', { handle: check.handle })
    }
    expect(check.state).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
  })

  it('a request that waits holds up no other', async () => {
    const [slow, quick] = [order(), order()]
    await plan({ on: 'submit', kind: 'delay', ms: 3000, trackingId: slow.tracking_id })
    const ended: string[] = []
    const pay = async (name: string, paid: object): Promise<void> => {
      expect(await ask('pay', { order: paid })).toMatchObject({ status: 'result' })
      ended.push(name)
    }
    await Promise.all([pay('slow', slow), pay('quick', quick)])
    expect(ended).toEqual(['quick', 'slow'])
  })

  it('a request that ends in the middle of a step leaves the payment to the next one', async () => {
    const handle = await ask('submit', { order: order() })
    await plan({ on: 'status', kind: 'delay', ms: 1000, trackingId: handle.trackingId })
    await ask('leave-check', { handle })
    expect(await ask('resume', { handle })).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
  })

  it('the heap does not grow over 10,000 requests', { timeout: 120_000 }, async () => {
    const template = await ask('submit', { order: order() })
    const url = await worker.unsafeGetDirectURL('isolate')
    // Without `WeakRef` a client keeps what it has seen: so it is made in the request.
    const paths = compatibilityDate < '2025' ? ['check-busy-own'] : ['check-busy-own', 'check-busy']
    const run = async (count: number): Promise<void> => {
      let left = count
      const requests = async (): Promise<void> => {
        while (left-- > 0) {
          const handle = { ...template, requestId: crypto.randomUUID(), requestKey: crypto.randomUUID() }
          const path = paths[left % paths.length]
          const answer = await fetch(new URL(`/${path}`, url), { method: 'POST', body: JSON.stringify({ handle }) })
          expect(await answer.json()).toMatchObject({ state: { status: 'processing' } })
        }
      }
      await Promise.all(Array.from({ length: 16 }, requests))
    }
    const heap = await heapOf(worker, 'isolate')
    await run(1000)
    const before = await heap.usedBytes()
    await run(10_000)
    const after = await heap.usedBytes()
    heap.close()
    const grownPerRequest = (after - before) / 10_000
    process.stdout.write(`workerd ${compatibilityDate}: ${grownPerRequest.toFixed(1)} bytes of heap per request\n`)
    expect(grownPerRequest).toBeLessThan(32)
  })
})
