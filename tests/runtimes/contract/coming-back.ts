/** A payment outlives the client that made it: by its handle, by the journal, and step by step. */

import { type Cases, ended } from './cases.ts'
import { expect, expectSame } from './expect.ts'
import { expectNoSecret, type Order, type Shop, stillProcessing } from './shop.ts'

const paidOnce = async (shop: Shop, order: Order): Promise<void> => {
  expectSame(await shop.charges(order), 1)
  expectSame((await shop.exchanges(order.tracking_id, 'submit')).length, 1)
}

export const comingBack: Cases = {
  async 'a task is resumed from the JSON of its handle, by another client'(shop) {
    const order = shop.order()
    const task = shop.client().submit('payments', order)
    const json = JSON.stringify(await task.accepted())
    task.stop()
    expectNoSecret(json, order)
    expectSame(ended(await shop.client().resume(JSON.parse(json)).outcome()), 'result successful')
    await paidOnce(shop, order)
  },

  async 'an unsettled payment is recovered from the journal'(shop) {
    const order = shop.order()
    const journal = shop.core.memoryJournal()
    const task = shop.client({ journal }).submit('payments', order)
    await task.accepted()
    task.stop()
    const [recovered, ...others] = await shop.client({ journal }).recover()
    expect(recovered && others.length === 0, 'there is one')
    expectSame(recovered.trackingId, order.tracking_id)
    expectSame(ended(await recovered.outcome()), 'result successful')
    await paidOnce(shop, order)
  },

  async 'an error that is given once is told again after a restart'(shop) {
    const order = shop.order()
    const journal = shop.core.memoryJournal()
    await shop.fault(order, { on: 'submit', kind: 'error' })
    await shop.client({ journal }).submit('payments', order).outcome()
    const asked = (await shop.exchanges(order.tracking_id, 'status')).length
    const [recovered] = await shop.client({ journal }).recover()
    expect(recovered, 'it is still there')
    expectSame(ended(await recovered.outcome()), 'error gateway-error')
    expectSame((await shop.exchanges(order.tracking_id, 'status')).length, asked)
  },

  async 'check takes one step at a time, with a client for each'(shop) {
    const order = shop.order()
    await shop.fault(order, { on: 'status', ...stillProcessing })
    const task = shop.client().submit('payments', order)
    let handle = await task.accepted()
    task.stop()
    for (let steps = 1; ; steps++) {
      const reads = async (): Promise<number> =>
        (await shop.exchanges(order.tracking_id, 'status')).length +
        (await shop.exchanges(order.tracking_id, 'result')).length
      const before = await reads()
      const check = await shop.client().check(JSON.parse(JSON.stringify(handle)))
      // The result of a completed task is due at once, and read in the same step.
      expectSame((await reads()) - before, check.state.status === 'result' ? 2 : 1)
      if (check.nextCheckMs === undefined) {
        expectSame(check.state.status === 'result' && check.state.transaction?.status, 'successful')
        expect(steps > 4, 'it took some')
        return
      }
      handle = check.handle
      await new Promise((resolve) => setTimeout(resolve, check.nextCheckMs))
    }
  },

  async 'one that stops observing is told so, and the payment goes on'(shop) {
    const order = shop.order()
    const client = shop.client()
    const task = client.submit('payments', order)
    const handle = await task.accepted()
    const outcome = task.outcome()
    task.stop()
    expectSame(ended(await outcome), 'error stopped')
    expectSame(ended(await client.resume(handle).outcome()), 'result successful')
    await paidOnce(shop, order)
  },
}
