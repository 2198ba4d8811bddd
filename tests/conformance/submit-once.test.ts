/** `submitOnce()`: one order, one charge, however often a page asks for it. */
import {
  forgetTask,
  hasCharged,
  type KnownTask,
  memoryJournal,
  rememberTask,
  submitOnce,
  type TaskHandle,
  type TransactionTask,
} from '@async-transaction/core'
import { describe, expect, it } from 'vitest'
import { cards, createCheckout, order } from './checkout.ts'

const at = (task: TransactionTask): KnownTask => ({ task, state: task.getSnapshot() })

describe('submitOnce()', () => {
  it('gives the same task for the same order, under way and after it is paid', async () => {
    const { client, clock, sandbox } = createCheckout()
    const request = order()
    const task = submitOnce(client, 'payments', request)
    expect(submitOnce(client, 'payments', { ...request })).toBe(task)
    await clock.until(task.outcome())
    expect(submitOnce(client, 'payments', { ...request })).toBe(task)
    expect(sandbox.charges()).toBe(1)
  })

  it('takes another type, another tracking id and another client for another order', async () => {
    const { client, restart } = createCheckout()
    const request = order()
    const task = submitOnce(client, 'payments', request)
    const others = [
      submitOnce(client, 'authorizations', request),
      submitOnce(client, 'payments', order()),
      submitOnce(restart(), 'payments', request),
    ]
    expect(new Set([task, ...others])).toHaveProperty('size', 4)
    for (const each of [task, ...others]) each.stop()
  })

  it('pays again after a decline, which left the money alone', async () => {
    const { client, clock } = createCheckout()
    const request = order({}, cards.declined)
    const declined = submitOnce(client, 'payments', request)
    await clock.until(declined.outcome())
    await clock.advance(60_000)
    const again = submitOnce(client, 'payments', { ...order(), tracking_id: request.tracking_id as string })
    expect(again.requestKey).not.toBe(declined.requestKey)
    expect(await clock.until(again.result())).toMatchObject({ status: 'successful' })
  })

  it('asks again under the same key after an error that may have charged', async () => {
    const { client, clock, sandbox } = createCheckout()
    const request = order()
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 500, times: 5 })
    const lost = submitOnce(client, 'payments', request)
    expect(await clock.until(lost.outcome())).toMatchObject({ error: { code: 'submit-lost', effect: 'unknown' } })
    const again = submitOnce(client, 'payments', request)
    expect(again.requestKey).toBe(lost.requestKey)
    expect(await clock.until(again.result())).toMatchObject({ status: 'successful' })
    expect(submitOnce(client, 'payments', request)).toBe(again)
    expect(sandbox.charges()).toBe(1)
  })

  it('pays nothing else before it is known what came of the current one, whatever the request says', async () => {
    const { client, clock, sandbox } = createCheckout()
    const task = submitOnce(client, 'payments', order())
    const known = () => ({ task, state: task.getSnapshot() })
    expect(submitOnce(client, 'payments', order(), known())).toBe(task)
    await clock.until(task.accepted())
    expect(submitOnce(client, 'payments', order(), known())).toBe(task)
    await clock.until(task.outcome())
    expect(sandbox.charges()).toBe(1)
  })

  it('pays for another order once the current one is paid, if the request names another', async () => {
    const { client, clock, sandbox } = createCheckout()
    const request = order()
    const task = submitOnce(client, 'payments', request)
    await clock.until(task.outcome())
    const known = { task, state: task.getSnapshot() }
    expect(submitOnce(client, 'payments', request, known)).toBe(task)
    expect(submitOnce(client, 'payments', order({ tracking_id: undefined }), known)).toBe(task)
    const next = submitOnce(client, 'payments', order(), known)
    expect(next).not.toBe(task)
    await clock.until(next.outcome())
    expect(sandbox.charges()).toBe(2)
  })

  it('believes what was heard of the current one after its end', async () => {
    const { client, clock, sandbox } = createCheckout()
    const request = order({}, cards.threeDSecure)
    const task = submitOnce(client, 'payments', request)
    const transaction = await clock.until(task.result())
    expect(hasCharged(task.getSnapshot())).toBeUndefined()
    const followed = { ...task.getSnapshot(), transaction: { ...transaction, status: 'failed' } } as never
    await clock.advance(60_000)
    expect(submitOnce(client, 'payments', request, { task, state: task.getSnapshot() })).toBe(task)
    const again = submitOnce(client, 'payments', request, { task, state: followed })
    expect(again).not.toBe(task)
    await clock.until(again.outcome())
    expect(sandbox.requests().filter(({ operation }) => operation === 'submit')).toHaveLength(2)
  })

  it('refuses a request that is none', () => {
    const { client } = createCheckout()
    expect(() => submitOnce(client, 'payments', undefined as never)).toThrow('amount is required')
  })
})

describe('what else is known of the order', () => {
  const declinedOrder = async () => {
    const checkout = createCheckout({ journal: memoryJournal() })
    const { client, clock } = checkout
    const request = order({}, cards.declined)
    const declined = submitOnce(client, 'payments', request)
    await clock.until(declined.outcome())
    await clock.advance(60_000)
    const retry = order({ tracking_id: request.tracking_id })
    return { ...checkout, declined, retry }
  }

  it('counts after a decline of another order: a paid one is not paid again', async () => {
    const { client, clock, sandbox, declined } = await declinedOrder()
    const request = order()
    const paid = submitOnce(client, 'payments', request)
    await clock.until(paid.outcome())
    expect(submitOnce(client, 'payments', request, at(declined))).toBe(paid)
    expect(sandbox.charges(request.tracking_id)).toBe(1)
  })

  it('counts after a decline of another order: one under way is not submitted again', async () => {
    const { client, clock, sandbox, declined } = await declinedOrder()
    const request = order()
    const task = submitOnce(client, 'payments', request)
    expect(submitOnce(client, 'payments', request, at(declined))).toBe(task)
    await clock.until(task.outcome())
    expect(sandbox.charges(request.tracking_id)).toBe(1)
  })

  it.each([
    ['by its tracking id', {}],
    ['by no tracking id', { tracking_id: undefined }],
  ])('counts after its decline, which two callers saw: they retry once (%s)', async (_, fields) => {
    const { client, clock, sandbox, declined, retry } = await declinedOrder()
    const seen = at(declined)
    const first = submitOnce(client, 'payments', { ...retry, ...fields }, seen)
    expect(first).not.toBe(declined)
    expect(submitOnce(client, 'payments', { ...retry, ...fields }, seen)).toBe(first)
    await clock.until(first.outcome())
    expect(submitOnce(client, 'payments', { ...retry, ...fields }, seen)).toBe(first)
    expect(sandbox.transactions(declined.trackingId).map(({ status }) => status)).toEqual(['failed', 'successful'])
  })

  it('counts while the try that the caller is at is in doubt: the order may be paid by a later one', async () => {
    const { client, clock, sandbox } = createCheckout()
    const request = order()
    sandbox.fault({ on: 'submit', kind: 'drop-before', times: 3 })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 500, times: 5 })
    const lost = submitOnce(client, 'payments', request)
    await clock.until(lost.outcome())
    // Somebody else asked the shop, and paid anew.
    forgetTask(client, lost)
    const paid = submitOnce(client, 'payments', request)
    expect(paid.requestKey).not.toBe(lost.requestKey)
    expect(submitOnce(client, 'payments', request, at(lost))).toBe(paid)
    await clock.until(paid.outcome())
    expect(submitOnce(client, 'payments', request, at(lost))).toBe(paid)
    expect(sandbox.charges()).toBe(1)
  })

  it('is not hidden by a try that says less, whenever that is found', async () => {
    const { client, clock, restart, declined, retry } = await declinedOrder()
    const paid = submitOnce(client, 'payments', retry, at(declined))
    await clock.until(paid.outcome())
    expect(rememberTask(client, declined)).toBe(paid)
    const page = restart()
    for (const task of (await page.recover()).reverse()) rememberTask(page, task)
    expect(submitOnce(page, 'payments', retry).requestKey).toBe(paid.requestKey)
  })

  it('is not forgotten with an earlier try of it', async () => {
    const { client, clock, sandbox, declined, retry } = await declinedOrder()
    const paid = submitOnce(client, 'payments', retry, at(declined))
    await clock.until(paid.outcome())
    forgetTask(client, declined)
    expect(submitOnce(client, 'payments', retry)).toBe(paid)
    expect(sandbox.charges()).toBe(2) // with the decline, which reached the bank
  })
})

describe('after an answer that was lost', () => {
  const lostOrder = async (request = order()) => {
    const checkout = createCheckout()
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 500, times: 5 })
    const lost = submitOnce(client, 'payments', request)
    await clock.until(lost.outcome())
    const posts = () => sandbox.requests().filter(({ operation }) => operation === 'submit')
    return { ...checkout, request, lost, posts }
  }

  it.each([
    ['another order', 'payments', { tracking_id: 'another', amount: 999 }],
    ['another type', 'authorizations', {}],
  ] as const)('sends nothing for %s, least of all under the same key', async (_, type, fields) => {
    const { client, request, lost, posts } = await lostOrder()
    expect(submitOnce(client, type, { ...request, ...fields }, at(lost))).toBe(lost)
    expect(posts()).toHaveLength(3)
  })

  it('asks under the same key with the same tracking id, if the request has none', async () => {
    const { client, clock, request, lost, posts } = await lostOrder()
    const again = submitOnce(client, 'payments', { ...request, tracking_id: undefined }, at(lost))
    expect(again).toMatchObject({ requestKey: lost.requestKey, trackingId: request.tracking_id })
    expect(await clock.until(again.result())).toMatchObject({ status: 'successful' })
    expect(new Set(posts().map(({ trackingId }) => trackingId))).toEqual(new Set([request.tracking_id]))
  })

  it('asks under the same key for a request that never had a tracking id', async () => {
    const { client, clock, sandbox, request, lost } = await lostOrder(order({ tracking_id: undefined }))
    const again = submitOnce(client, 'payments', request)
    expect(again).toMatchObject({ requestKey: lost.requestKey, trackingId: lost.requestKey })
    await clock.until(again.outcome())
    expect(sandbox.charges()).toBe(1)
  })
})

it('another type is another payment, once the current one is paid', async () => {
  const { client, clock } = createCheckout()
  const request = order()
  const paid = submitOnce(client, 'payments', request)
  await clock.until(paid.outcome())
  const other = submitOnce(client, 'authorizations', request, at(paid))
  expect(other.type).toBe('authorizations')
  other.stop()
})

describe('a request without a tracking id', () => {
  it('is the same order as long as it is the same object', async () => {
    const { client, clock, sandbox } = createCheckout()
    const request = order({ tracking_id: undefined })
    const task = submitOnce(client, 'payments', request)
    expect(submitOnce(client, 'payments', request)).toBe(task)
    await clock.until(task.outcome())
    expect(submitOnce(client, 'payments', request)).toBe(task)
    expect(submitOnce(client, 'authorizations', request)).not.toBe(task)
    expect(submitOnce(client, 'payments', request)).toBe(task)
    expect(submitOnce(client, 'payments', { ...request })).not.toBe(task)
    await clock.advance(60_000)
    // The other two are refused as duplicates of the first, which proves nothing: each is sent three times.
    const keys = sandbox
      .requests()
      .flatMap(({ operation, requestIdHeader }) => (operation === 'submit' ? [requestIdHeader] : []))
    expect(new Set(keys).size).toBe(3)
  })

  it('that was declined is one order with its next try', async () => {
    const { client, clock } = createCheckout()
    const request = order({ tracking_id: undefined }, cards.declined)
    const declined = submitOnce(client, 'payments', request)
    await clock.until(declined.outcome())
    const again = submitOnce(client, 'payments', request)
    expect(again).not.toBe(declined)
    expect(submitOnce(client, 'payments', request, at(declined))).toBe(again)
    again.stop()
  })
})

describe('an order', () => {
  it('that was resumed is the task of its handle', async () => {
    const { client, clock, restart, sandbox } = createCheckout()
    const request = order()
    const handle: TaskHandle = await clock.until(client.submit('payments', request).accepted())
    const page = restart()
    const resumed = rememberTask(page, page.resume(handle))
    expect(submitOnce(page, 'payments', request)).toBe(resumed)
    await clock.until(resumed.outcome())
    expect(sandbox.charges()).toBe(1)
  })

  it('is not forgotten while it is under way, and is once it ended', async () => {
    const { client, clock, sandbox } = createCheckout()
    const request = order()
    const task = submitOnce(client, 'payments', request)
    const forgotten: Record<string, boolean> = {}
    const forget = (): void => {
      const { status } = task.getSnapshot()
      forgetTask(client, task)
      const next = submitOnce(client, 'payments', request)
      forgotten[status] = next !== task
      if (next !== task) next.stop()
    }
    forget()
    task.subscribe(forget)
    await clock.until(task.outcome())
    expect(forgotten).toEqual({ submitting: false, processing: false, completed: false, result: true })
    expect(sandbox.charges()).toBe(1)
  })

  it('of a client that never paid once may be forgotten', async () => {
    const { client, clock } = createCheckout()
    const task = client.submit('payments', order())
    await clock.until(task.outcome())
    expect(() => forgetTask(client, task)).not.toThrow()
  })
})
