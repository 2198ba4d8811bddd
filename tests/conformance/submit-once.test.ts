/** `submitOnce()`: one order, one charge, however often a page asks for it. */
import { forgetTask, hasCharged, rememberTask, submitOnce, type TaskHandle } from '@async-transaction/core'
import { describe, expect, it } from 'vitest'
import { cards, createCheckout, order } from './checkout.ts'

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
