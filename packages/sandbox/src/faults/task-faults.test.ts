import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createShop } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'

function setUp(latencyMs = 0) {
  const clock = createManualClock()
  const sandbox = createSandbox({ clock, latencyMs })
  return { clock, sandbox, shop: createShop(sandbox) }
}

describe('a fault of the task', () => {
  it('error: not charged by default, and charged if it says so', async () => {
    const { sandbox, shop } = setUp()
    sandbox.fault({ on: 'submit', kind: 'error', trackingId: 'a' })
    sandbox.fault({ on: 'submit', kind: 'error', trackingId: 'b', charged: true, status: 422, body: { message: 'x' } })
    const ids = [await shop.pay({ tracking_id: 'a' }), await shop.pay({ tracking_id: 'b' })].map(
      (ack) => ack.body.request_id,
    )
    expect(await shop.result(ids[0])).toMatchObject({ status: 500 })
    expect(await shop.status(ids[1])).toMatchObject({ status: 422, body: { message: 'x' } })
    expect([sandbox.charges('a'), sandbox.charges('b')]).toEqual([0, 1])
    expect((await shop.get('/v2/transactions/tracking_id/b')).body.transactions).toHaveLength(1)
  })

  it('error: strikes the task of its own POST, whatever else arrives at the same time', async () => {
    const { sandbox, shop } = setUp()
    sandbox.fault({ on: 'submit', kind: 'error', trackingId: 'a' })
    await Promise.all([shop.pay({ tracking_id: 'a' }), shop.pay({ tracking_id: 'b' }), shop.status('1')])
    expect(sandbox.tasks()).toMatchObject([{ answerStatus: 500 }, { answerStatus: 200 }])
    expect([sandbox.charges('a'), sandbox.charges('b')]).toEqual([0, 1])
  })

  it.each([
    [undefined, 0],
    [true, 1],
  ])('forget, charged %s: unknown from the first read on', async (charged, charges) => {
    const { sandbox, shop } = setUp()
    sandbox.fault({ on: 'submit', kind: 'forget', charged })
    const { status, body } = await shop.pay()
    expect(status).toBe(200)
    const unknown = { status: 404, body: { status: 'unknown', request_id: body.request_id } }
    expect(await shop.status(body.request_id)).toMatchObject(unknown)
    expect(await shop.result(body.request_id)).toMatchObject(unknown)
    expect(sandbox.charges('order-17')).toBe(charges)
    expect(sandbox.tasks()).toMatchObject([{ state: 'forgotten' }])
  })

  it('forget on a read: this one is the first that finds nothing', async () => {
    const { sandbox, shop } = setUp()
    const { request_id } = (await shop.pay()).body
    expect((await shop.status(request_id)).status).toBe(200)
    sandbox.fault({ on: 'status', kind: 'forget' })
    expect((await shop.status(request_id)).status).toBe(404)
    expect((await shop.result(request_id)).status).toBe(404)
    expect(sandbox.charges('order-17')).toBe(1)
  })

  it('early-completed: the status is ahead of the result', async () => {
    const { clock, sandbox, shop } = setUp(1000)
    const { request_id } = (await shop.pay()).body
    sandbox.fault({ on: 'status', kind: 'early-completed', ms: 3000 })
    expect((await shop.status(request_id)).body.status).toBe('completed')
    clock.advance(2999)
    expect((await shop.status(request_id)).body.status).toBe('completed')
    expect(await shop.result(request_id)).toMatchObject({ status: 425, body: { status: 'processing' } })
    clock.advance(1)
    expect((await shop.result(request_id)).body.transaction.status).toBe('successful')
  })
})
