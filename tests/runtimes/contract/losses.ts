/** Answers that are given once, or get lost. */
import { type Cases, ended } from './cases.ts'
import { expect, expectSame } from './expect.ts'

const onceOnly = (strategy: 'status' | 'result'): Cases => ({
  async [`an error that is given once, by the ${strategy} URL, is confirmed, and delivered to every observer`](shop) {
    const order = shop.order()
    await shop.fault(order, { on: 'submit', kind: 'error' })
    const task = shop.client({ strategy }).submit('payments', order)
    const outcomes = await Promise.all([task.outcome(), task.outcome()])
    const late = await task.outcome()
    expectSame([...outcomes, late].map(ended), Array(3).fill('error gateway-error'))
    expect(late.status === 'error' && late.error.message.includes('something went wrong'), 'the words are kept')
    const reads = await shop.exchanges(order.tracking_id, strategy)
    // Only the gateway forgets a task after its error.
    expectSame(
      reads.map(({ status }) => status).filter((status) => status === 500 || status === 404),
      [500, 404],
    )
    expectSame((await shop.exchanges(order.tracking_id, 'lookup')).length, 1)
  },

  async [`an error of another server to a read of the ${strategy} URL is no outcome`](shop) {
    const order = shop.order()
    for (const [status, message] of [
      [502, 'Bad gateway'],
      [500, 'Internal server error'],
      [404, 'no Route matched with those values'],
      [403, 'Forbidden'],
      [200, 'Please wait'],
    ] as const)
      await shop.fault(order, { on: strategy, kind: 'proxy-json', status, body: { message } })
    expectSame(ended(await shop.client({ strategy }).submit('payments', order).outcome()), 'result successful')
    expectSame(await shop.charges(order), 1)
  },
})

/** It may be about the first copy of a POST that a transport, or a server on the way, sent twice. */
const refusedOnTheWay = (status: number): Cases => ({
  async [`a POST that was taken, and then refused by another server with ${status}, charges once`](shop) {
    const order = shop.order()
    await shop.fault(order, { on: 'submit', kind: 'proxy-json', status, taken: true })
    expectSame(ended(await shop.client().submit('payments', order).outcome()), 'result successful')
    expectSame(await shop.charges(order), 1)
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

const cutError = (kind: string): Cases => ({
  async [`an error that is given once, and cut on its way by ${kind}, leaves the outcome unknown`](shop) {
    const order = shop.order()
    await shop.fault(order, { on: 'submit', kind: 'error' })
    const task = shop.client({ pollTimeoutMs: 300, schedule: () => 400 }).submit('payments', order)
    await shop.fault(order, { on: 'status', kind })
    expectSame(ended(await task.outcome()), 'unknown answer-lost')
  },
})

export const losses: Cases = {
  ...onceOnly('status'),
  ...onceOnly('result'),
  ...lostPost('drop-before'),
  ...lostPost('drop-after'),
  ...lostPost('truncate'),
  ...lostPost('stall'),
  ...refusedOnTheWay(409),
  ...refusedOnTheWay(404),

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

  ...cutError('truncate'),
  ...cutError('stall'),

  async 'a page of a proxy on the way is no answer'(shop) {
    const order = shop.order()
    await shop.fault(order, { on: 'status', kind: 'html', times: 2 })
    expectSame(ended(await shop.client().submit('payments', order).outcome()), 'result successful')
  },
}
