/** `submitRequest()`: one request object, one payment, however often a pipeline submits it. */
import { forgetTask, memoryJournal, submitOnce, submitRequest, type TransactionTask } from '@async-transaction/core'
import { describe, expect, it } from 'vitest'
import { cards, createCheckout, order } from './checkout.ts'

const posts = ({ sandbox }: ReturnType<typeof createCheckout>) =>
  sandbox.requests().filter(({ operation }) => operation === 'submit')

describe('submitRequest()', () => {
  it('is one payment for one object, under way and after its end, and another for an equal one', async () => {
    const { client, clock, sandbox } = createCheckout()
    const request = order({ duplicate_check: false })
    const task = submitRequest(client, 'payments', request)
    expect(submitRequest(client, 'payments', request)).toBe(task)
    await clock.until(task.outcome())
    expect(submitRequest(client, 'payments', request)).toBe(task)
    const copy = submitRequest(client, 'payments', { ...request })
    expect(copy.requestKey).not.toBe(task.requestKey)
    await clock.until(copy.outcome())
    expect(sandbox.charges()).toBe(2)
  })

  it('is one payment whatever the outcome: a decline is shown again', async () => {
    const checkout = createCheckout()
    const { client, clock } = checkout
    const request = order({}, cards.declined)
    const declined = submitRequest(client, 'payments', request)
    await clock.until(declined.outcome())
    expect(submitRequest(client, 'payments', request)).toBe(declined)
    expect(posts(checkout)).toHaveLength(1)
  })

  it('is another payment for another type, and for another client', async () => {
    const { client, restart } = createCheckout()
    const request = order()
    const tasks = [
      submitRequest(client, 'payments', request),
      submitRequest(client, 'authorizations', request),
      submitRequest(restart(), 'payments', request),
    ]
    expect(new Set(tasks.map(({ requestKey }) => requestKey)).size).toBe(3)
    for (const task of tasks) task.stop()
  })

  it('goes on after a submission that was lost, under its own key', async () => {
    const checkout = createCheckout()
    const { client, clock, sandbox } = checkout
    const request = order()
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 500, times: 5 })
    const lost = submitRequest(client, 'payments', request)
    expect(await clock.until(lost.outcome())).toMatchObject({ error: { code: 'submit-lost' } })
    expect(await clock.until(submitRequest(client, 'payments', request).result())).toMatchObject({
      status: 'successful',
    })
    expect([sandbox.charges(), new Set(posts(checkout).map(({ requestIdHeader }) => requestIdHeader)).size]).toEqual([
      1, 1,
    ])
  })

  it('goes on with a task that was stopped', async () => {
    const checkout = createCheckout({ journal: memoryJournal() })
    const { client, clock, sandbox } = checkout
    const request = order()
    const stopped = submitRequest(client, 'payments', request)
    await clock.until(stopped.accepted())
    stopped.stop()
    const again = submitRequest(client, 'payments', request)
    expect(again).not.toBe(stopped)
    expect(await clock.until(again.result())).toMatchObject({ status: 'successful' })
    expect([sandbox.charges(), posts(checkout).length]).toEqual([1, 1])
  })

  it('refuses an object whose amount was changed since', async () => {
    const checkout = createCheckout()
    const { client, clock } = checkout
    const request = order()
    await clock.until(submitRequest(client, 'payments', request).outcome())
    request.amount += 1
    expect(() => submitRequest(client, 'payments', request)).toThrow(/amount/)
    expect(posts(checkout)).toHaveLength(1)
  })

  it('refuses a request that is none', () => {
    const { client } = createCheckout()
    for (const request of [undefined, null, 7])
      expect(() => submitRequest(client, 'payments', request as never)).toThrow('request must be an object')
  })
})

describe('a request object that goes through a pipeline and through a page', () => {
  it.each([
    ['with a tracking id', order()],
    ['without a tracking id', order({ tracking_id: undefined })],
  ])('is paid once, %s', async (_, request) => {
    const { client, clock, sandbox } = createCheckout()
    const piped = submitRequest(client, 'payments', request)
    expect(submitOnce(client, 'payments', request)).toBe(piped)
    await clock.until(piped.outcome())
    expect(submitOnce(client, 'payments', request)).toBe(piped)
    expect(submitRequest(client, 'payments', request)).toBe(piped)
    expect(sandbox.charges()).toBe(1)
  })

  it.each([
    ['with a tracking id', order()],
    ['without a tracking id', order({ tracking_id: undefined })],
  ])('is paid once the other way round, %s', async (_, request) => {
    const { client, clock, sandbox } = createCheckout()
    const task = submitOnce(client, 'payments', request)
    expect(submitRequest(client, 'payments', request).requestKey).toBe(task.requestKey)
    await clock.until(task.outcome())
    expect(submitRequest(client, 'payments', request)).toBe(task)
    expect(sandbox.charges()).toBe(1)
  })

  it('goes on in the page under the key of the pipeline, after a submission that was lost', async () => {
    const { client, clock, sandbox } = createCheckout()
    const request = order()
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 500, times: 5 })
    const lost = submitRequest(client, 'payments', request)
    await clock.until(lost.outcome())
    const again = submitOnce(client, 'payments', request)
    expect(again.requestKey).toBe(lost.requestKey)
    await clock.until(again.outcome())
    expect(sandbox.charges()).toBe(1)
  })

  it('is another try on the page after a decline, and that one in the pipeline', async () => {
    const { client, clock } = createCheckout()
    const request = order({ duplicate_check: false }, cards.declined)
    const declined = submitRequest(client, 'payments', request)
    await clock.until(declined.outcome())
    const again = submitOnce(client, 'payments', request)
    expect(again.requestKey).not.toBe(declined.requestKey)
    expect(submitRequest(client, 'payments', request)).toBe(again)
    await clock.until(again.outcome())
  })

  it('says nothing about another order that it is used for since', async () => {
    const { client, clock, sandbox } = createCheckout()
    const request = order()
    await clock.until(submitRequest(client, 'payments', request).outcome())
    Object.assign(request, order())
    await clock.until(submitOnce(client, 'payments', request).outcome())
    expect(sandbox.charges(request.tracking_id)).toBe(1)
  })

  it('is charged again once its order was freed', async () => {
    const { client, clock, sandbox } = createCheckout()
    const request = order({ tracking_id: undefined, duplicate_check: false })
    const paid: TransactionTask = submitOnce(client, 'payments', request)
    await clock.until(paid.outcome())
    forgetTask(client, paid)
    const again = submitOnce(client, 'payments', request)
    expect(again.requestKey).not.toBe(paid.requestKey)
    expect(again.trackingId).toBe(paid.trackingId)
    await clock.until(again.outcome())
    expect(sandbox.charges()).toBe(2)
  })
})
