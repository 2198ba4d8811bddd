import { expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createShop, payment } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'

const day = 24 * 60 * 60 * 1000

function setUp(latencyMs = 0) {
  const clock = createManualClock()
  const sandbox = createSandbox({ clock, latencyMs })
  return { clock, sandbox, shop: createShop(sandbox) }
}

it('repeats under one id get the first one’s task, and charge once', async () => {
  const { sandbox, shop } = setUp()
  const acks = [await shop.pay({}, { RequestID: 'r-1' }), await shop.pay({}, { RequestID: 'r-1' })]
  expect(acks[1]?.body.request_id).toBe(acks[0]?.body.request_id)
  expect(sandbox.charges('order-17')).toBe(1)
  expect(sandbox.requests().map((record) => record.repeated)).toEqual([undefined, true])
})

it('concurrent repeats are one request', async () => {
  const { sandbox, shop } = setUp()
  const acks = await Promise.all(Array.from({ length: 20 }, () => shop.pay({}, { RequestID: 'r-1' })))
  expect(new Set(acks.map((ack) => ack.body.request_id)).size).toBe(1)
  expect(sandbox.charges('order-17')).toBe(1)
})

it('a repeat with another body is the first request all the same', async () => {
  const { sandbox, shop } = setUp()
  await shop.pay({ amount: 100 }, { RequestID: 'r-1' })
  await shop.pay({ amount: 999, tracking_id: 'other' }, { RequestID: 'r-1' })
  expect(sandbox.transactions().map((transaction) => transaction.amount)).toEqual([100])
})

it('a repeat learns that the task is completed meanwhile', async () => {
  const { clock, shop } = setUp(1000)
  const first = (await shop.pay({}, { RequestID: 'r-1' })).body
  clock.advance(1000)
  expect((await shop.pay({}, { RequestID: 'r-1' })).body).toEqual({ ...first, status: 'completed' })
})

it('a repeat of a refused request is refused alike', async () => {
  const { sandbox, shop } = setUp()
  const refused = await shop.pay({ amount: 0 }, { RequestID: 'r-1' })
  const repeated = await shop.pay({ amount: 100 }, { RequestID: 'r-1' })
  expect([refused.status, repeated.status]).toEqual([422, 422])
  expect(repeated.body).toEqual(refused.body)
  expect(sandbox.charges()).toBe(0)
})

it('without the header every POST is a new request', async () => {
  const { sandbox, shop } = setUp()
  await shop.pay()
  await shop.pay()
  expect(sandbox.charges('order-17')).toBe(2)
})

it('ids are kept for 24 hours', async () => {
  const { clock, sandbox, shop } = setUp()
  await shop.pay({}, { RequestID: 'r-1' })
  clock.advance(day - 1)
  await shop.pay({}, { RequestID: 'r-1' })
  expect(sandbox.charges()).toBe(1)
  clock.advance(1)
  await shop.pay({}, { RequestID: 'r-1' })
  expect(sandbox.charges()).toBe(2)
})

it('an id is refused on another endpoint, and stays good on its own', async () => {
  const { sandbox, shop } = setUp()
  await shop.pay({}, { RequestID: 'r-1' })
  const { status, body } = await shop.submit('authorizations', payment(), { RequestID: 'r-1' })
  expect(status).toBe(422)
  expect(body.message).toBe('RequestID was used for another endpoint')
  expect((await shop.pay({}, { RequestID: 'r-1' })).status).toBe(200)
  expect(sandbox.charges()).toBe(1)
})

it('ids of different shops have nothing to do with each other', async () => {
  const { sandbox, shop } = setUp()
  await shop.pay({}, { RequestID: 'r-1' })
  await createShop(sandbox, 'shop-2:secret-2').pay({}, { RequestID: 'r-1' })
  expect(sandbox.charges()).toBe(2)
})
