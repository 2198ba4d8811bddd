/** What comes after the end: the result of an `unknown` outcome. */
import { memoryJournal, type TransactionTask, watchOutcome } from '@async-transaction/core'
import { verifyWebhook } from '@async-transaction/core/webhook'
import { describe, expect, it, vi } from 'vitest'
import { createCheckout, order } from './checkout.ts'

describe('watchOutcome()', () => {
  async function unknown() {
    const received: Request[] = []
    const fetch = async (request: Request) => {
      received.push(request.clone())
      return new Response()
    }
    const checkout = createCheckout({}, { latencyMs: 1000, fetch })
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'status', kind: 'forget', charged: true })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [] }, times: 5 })
    const task = client.submit('payments', order({ notification_url: 'https://shop.test/hook' }))
    const changed = vi.fn()
    watchOutcome(task, changed)
    expect(await clock.until(task.outcome())).toMatchObject({ status: 'unknown' })
    expect(changed).not.toHaveBeenCalled()
    return { ...checkout, task, changed, received }
  }

  const ways: [string, (task: TransactionTask, parts: Awaited<ReturnType<typeof unknown>>) => Promise<void>][] = [
    ['lookup()', async (task, { clock }) => void (await clock.until(task.lookup()))],
    [
      'deliver()',
      async (task, { clock, sandbox, received }) => {
        while (!received.length) {
          await clock.advance(1000)
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
        const publicKey = await sandbox.publicKey()
        expect(task.deliver(await verifyWebhook(received[0] as Request, { publicKey }))).toBe(true)
      },
    ],
  ]

  it.each(ways)('tells of the result that %s brings, once, and with the new snapshot', async (_, bring) => {
    const parts = await unknown()
    const { task, changed, clock } = parts
    const seen: string[] = []
    watchOutcome(task, () => seen.push(task.getSnapshot().status))
    await bring(task, parts)
    expect(seen).toEqual(['result'])
    await clock.until(task.lookup())
    expect(changed).toHaveBeenCalledOnce()
    watchOutcome(task, changed)
    expect(changed).toHaveBeenCalledOnce()
  })

  it('tells nobody who left, and all others whatever one of them throws', async () => {
    const { task, changed, clock } = await unknown()
    const [left, aborted, late] = [vi.fn(), vi.fn(), vi.fn()]
    const controller = new AbortController()
    watchOutcome(task, left).unsubscribe()
    watchOutcome(task, aborted, controller)
    vi.stubGlobal('reportError', vi.fn())
    watchOutcome(task, () => {
      throw new Error('mine')
    })
    watchOutcome(task, late)
    controller.abort()
    await clock.until(task.lookup())
    expect([left, aborted, changed, late].map((watcher) => watcher.mock.calls.length)).toEqual([0, 0, 1, 1])
    vi.unstubAllGlobals()
  })

  it('does not count as observing', async () => {
    const { client, clock, sandbox } = createCheckout()
    const task = client.submit('payments', order())
    watchOutcome(task, () => {})
    await clock.until(task.accepted())
    await clock.advance(60_000)
    expect(sandbox.requests()).toHaveLength(1)
  })
})

it('recover() passes over keys that are none', async () => {
  const journal = memoryJournal()
  const { client, clock, restart } = createCheckout({ journal })
  const { requestKey } = client.submit('payments', order())
  await clock.advance(1000)
  const getKeys = () => [7, undefined, ...(journal.getKeys() as string[])] as string[]
  const recovered = await restart({ journal: { ...journal, getKeys } }).recover()
  expect(recovered.map((task) => task.requestKey)).toEqual([requestKey])
})
