/** Submit, observe, and know the outcome. */

import { type Cases, ended } from './cases.ts'
import { expect, expectSame } from './expect.ts'
import { cards, stillProcessing } from './shop.ts'
import { uniqueId } from './unique-id.ts'

export const mainJob: Cases = {
  async 'a payment is processing, completed, and then a result'(shop) {
    const order = shop.order()
    const task = shop.client().submit('payments', order)
    const seen: string[] = []
    for await (const { status } of task) if (seen.at(-1) !== status) seen.push(status)
    expectSame(seen, ['processing', 'completed', 'result'])
    const { status, amount, tracking_id } = await task.result()
    expectSame([status, amount, tracking_id], ['successful', 3245, order.tracking_id])
    expectSame(await shop.charges(order), 1)
  },

  async 'a decline is a result'(shop) {
    const order = shop.order(cards.declined)
    expectSame(ended(await shop.client().submit('payments', order).outcome()), 'result failed')
  },

  async 'a 3-D Secure challenge is a result, and is found again when the customer has confirmed it'(shop) {
    const order = shop.order(cards.threeDSecure)
    const client = shop.client()
    const { status, redirect_url, uid } = await client.submit('payments', order).result()
    expectSame(status, 'incomplete')
    await fetch(String(redirect_url), { method: 'POST', body: new URLSearchParams({ decision: 'confirm' }) })
    for (const by of [{ trackingId: order.tracking_id }, { uid: String(uid) }])
      expectSame(
        (await client.find(by)).map((transaction) => transaction.status),
        ['successful'],
      )
  },

  async 'the status step may be skipped'(shop) {
    const order = shop.order()
    await shop.fault(order, { on: 'result', ...stillProcessing })
    const task = shop.client({ strategy: 'result' }).submit('payments', order)
    const seen = new Set<string>()
    for await (const { status } of task) seen.add(status)
    expectSame([...seen], ['processing', 'result'])
    expectSame((await shop.exchanges(order.tracking_id, 'status')).length, 0)
    expect((await shop.exchanges(order.tracking_id, 'result')).length > 4, 'it was processing for a while')
  },

  async 'all observers share one payment and its polls'(shop) {
    const order = shop.order()
    const polls = { asked: 0 }
    const task = shop
      .client({ onEvent: (event) => (polls.asked += Number(event.type === 'attempt' && event.operation === 'status')) })
      .submit('payments', order)
    const byCallback = new Promise<void>((complete, error) => task.subscribe({ complete, error }))
    const byIterator = (async () => {
      for await (const _ of task);
    })()
    await Promise.all([byCallback, byIterator, task.outcome(), task.result()])
    expectSame((await shop.exchanges(order.tracking_id, 'submit')).length, 1)
    expectSame((await shop.exchanges(order.tracking_id, 'status')).length, polls.asked)
    const snapshot = task.getSnapshot()
    expect(snapshot === task.getSnapshot(), 'the snapshot is the same object until it changes')
  },

  async 'submitting again under the same key is the same payment'(shop) {
    const order = shop.order()
    const requestKey = uniqueId()
    const client = shop.client()
    const task = client.submit('payments', order, { requestKey })
    expect(client.submit('payments', order, { requestKey }) === task, 'it is the same task')
    await task.outcome()
    const other = shop.client().submit('payments', order, { requestKey })
    expectSame(ended(await other.outcome()), 'result successful')
    expectSame(await shop.charges(order), 1)
  },

  async 'a signal that is aborted already sends nothing'(shop) {
    const order = shop.order()
    const task = shop.client().submit('payments', order, { signal: AbortSignal.abort() })
    const outcome = await task.outcome()
    expectSame(ended(outcome), 'error stopped')
    expectSame(outcome.status === 'error' && outcome.error.effect, 'none')
    expectSame((await shop.exchanges(order.tracking_id, 'submit')).length, 0)
  },

  async 'an hour on the simulated clock takes no time'(shop) {
    const clock = shop.testing.createSimulatedClock()
    const began = clock.now()
    const requestId = uniqueId()
    const answer = (): Response =>
      new Response(
        JSON.stringify(
          clock.now() - began < 3_600_000
            ? { status: 'processing', request_id: requestId }
            : { transaction: { uid: 'u-1', status: 'successful', type: 'payment' } },
        ),
      )
    // Some runtimes have no shorter timer than four milliseconds, and the clock lets a few of them pass between its own.
    const schedule = shop.core.fixedSchedule({ intervalMs: 60_000 })
    const client = shop.client({ clock, fetch: answer, strategy: 'result', schedule })
    const outcome = await clock.until(client.submit('payments', shop.order()).outcome())
    expectSame(ended(outcome), 'result successful')
    expectSame(clock.pending, 0)
  },
}
