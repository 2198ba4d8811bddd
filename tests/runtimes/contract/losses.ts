/** Answers that are given once, or get lost. */
import { type Cases, ended } from './cases.ts'
import { expect, expectSame } from './expect.ts'

const onceOnly = (strategy: 'status' | 'result'): Cases => ({
  async [`an error that is given once, by the ${strategy} URL, is read once and told to everybody`](shop) {
    const order = shop.order()
    await shop.fault(order, { on: 'submit', kind: 'error' })
    const task = shop.client({ strategy }).submit('payments', order)
    const told = await Promise.all([task.outcome(), task.outcome()])
    const late = await task.outcome()
    expectSame([...told, late].map(ended), Array(3).fill('error gateway-error'))
    expect(late.status === 'error' && late.error.message.includes('something went wrong'), 'the words are kept')
    const reads = await shop.exchanges(order.tracking_id, strategy)
    expectSame(
      reads.map(({ status }) => status).filter((status) => status === 500 || status === 404),
      [500],
    )
  },
})

/** Some runtimes send a request again by themselves: so what arrived is not counted here, but what was charged. */
const lostPost = (kind: string): Cases => ({
  async [`a POST that is lost by ${kind} charges once`](shop) {
    const order = shop.order()
    await shop.fault(order, { on: 'submit', kind })
    expectSame(ended(await shop.client().submit('payments', order).outcome()), 'result successful')
    expectSame(await shop.charges(order), 1)
    const keys = (await shop.exchanges(order.tracking_id, 'submit')).map(({ requestIdHeader }) => requestIdHeader)
    expect(keys.length > 1 && new Set(keys).size === 1, `one RequestID for all: ${keys}`)
  },
})

const cutRead = (kind: string, on: 'status' | 'result'): Cases => ({
  async [`an answer from the ${on} URL that is cut by ${kind} is asked for again`](shop) {
    const order = shop.order()
    await shop.fault(order, { on, kind })
    const began = Date.now()
    expectSame(
      ended(await shop.client({ strategy: on, pollTimeoutMs: 300 }).submit('payments', order).outcome()),
      'result successful',
    )
    expect(Date.now() - began < 10_000, 'the time-out cuts a body that stalls')
    expectSame(await shop.charges(order), 1)
  },
})

export const losses: Cases = {
  ...onceOnly('status'),
  ...onceOnly('result'),
  ...lostPost('drop-before'),
  ...lostPost('drop-after'),
  ...lostPost('truncate'),
  ...lostPost('stall'),

  async 'a POST whose answers are all lost is looked up, and charges once'(shop) {
    const order = shop.order()
    await shop.fault(order, { on: 'submit', kind: 'truncate', times: 100 })
    // Slow enough to be processed before the lookups are given up.
    const client = shop.client({ schedule: () => 100 })
    const outcome = await client.submit('payments', order).outcome()
    expectSame([ended(outcome), outcome.status === 'result' && outcome.via], ['result successful', 'lookup'])
    expectSame(await shop.charges(order), 1)
    expectSame((await shop.exchanges(order.tracking_id, 'submit')).length, 3)
  },

  async 'a POST that never arrives is lost, not refused'(shop) {
    const order = shop.order()
    await shop.fault(order, { on: 'submit', kind: 'html', times: 100 })
    const outcome = await shop.client().submit('payments', order).outcome()
    expectSame([ended(outcome), outcome.status === 'error' && outcome.error.effect], ['error submit-lost', 'unknown'])
  },

  ...cutRead('truncate', 'status'),
  ...cutRead('stall', 'status'),
  ...cutRead('truncate', 'result'),
  ...cutRead('stall', 'result'),

  async 'an error that is given once, and cut on its way, leaves the outcome unknown'(shop) {
    for (const kind of ['truncate', 'stall']) {
      const order = shop.order()
      await shop.fault(order, { on: 'submit', kind: 'error' })
      const task = shop.client({ pollTimeoutMs: 300, schedule: () => 400 }).submit('payments', order)
      await shop.fault(order, { on: 'status', kind })
      expectSame(ended(await task.outcome()), 'unknown answer-lost')
    }
  },

  async 'a page of a proxy on the way is no answer'(shop) {
    const order = shop.order()
    await shop.fault(order, { on: 'status', kind: 'html', times: 2 })
    expectSame(ended(await shop.client().submit('payments', order).outcome()), 'result successful')
  },
}
