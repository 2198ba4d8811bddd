/** Timers of the runtime, on the real clock. */
import { type Cases, ended } from './cases.ts'
import { expect, expectSame } from './expect.ts'
import { sleep } from './shop.ts'

/** The first delay that a runtime's timer cannot hold: it would fire at once. */
const TOO_LONG_MS = 2 ** 31

export const time: Cases = {
  async 'a wait longer than a timer holds does not end at once'(shop) {
    const order = shop.order()
    const task = shop.client({ schedule: () => TOO_LONG_MS + 1000, deadlineMs: 2 ** 40 }).submit('payments', order)
    await task.accepted()
    const observing = task.subscribe({ error() {} })
    await sleep(500)
    expectSame((await shop.exchanges(order.tracking_id, 'status')).length, 0)
    await task.poll()
    expectSame((await shop.exchanges(order.tracking_id, 'status')).length, 1)
    observing.unsubscribe()
    task.stop()
  },

  async 'a time-out longer than a timer holds does not end at once'(shop) {
    const order = shop.order()
    await shop.fault(order, { on: 'any', kind: 'delay', ms: 100, times: 2 })
    const lost: string[] = []
    const client = shop.client({
      submitTimeoutMs: TOO_LONG_MS,
      pollTimeoutMs: TOO_LONG_MS,
      deadlineMs: TOO_LONG_MS,
      onEvent: (event) => event.type === 'lost' && lost.push(event.reason),
    })
    expectSame(ended(await client.submit('payments', order).outcome()), 'result successful')
    expectSame(lost, [])
  },

  async 'a deadline ends the asking, and not the payment'(shop) {
    const order = shop.order()
    await shop.fault(order, { on: 'status', kind: 'html', times: 100 })
    const client = shop.client({ deadlineMs: 300 })
    const task = client.submit('payments', order)
    const outcome = await task.outcome()
    expectSame([ended(outcome), outcome.status === 'error' && outcome.error.effect], ['error deadline', 'unknown'])
    expect(task.handle, 'it can be resumed')
    const later = shop.client({ strategy: 'result' }).resume(task.handle)
    expectSame(ended(await later.outcome()), 'result successful')
  },
}
