import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createShop, payment } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'
import type { SandboxOptions } from '../sandbox.ts'

const day = 24 * 60 * 60 * 1000

function setUp(latencyMs = 0, options: SandboxOptions = {}) {
  const clock = createManualClock()
  const sandbox = createSandbox({ clock, latencyMs, ...options })
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

describe.each([409, 425] as const)('repeatWhileProcessing: %i', (repeatWhileProcessing) => {
  const id = { RequestID: 'r-1' }

  it('is the status of a repeat until processing ends; then the repeat is acknowledged', async () => {
    const { clock, sandbox, shop } = setUp(1000, { repeatWhileProcessing })
    const first = await shop.pay({}, id)
    expect(first.status).toBe(200)
    clock.advance(999)
    const repeat = await shop.pay({}, id)
    expect(repeat).toMatchObject({ status: repeatWhileProcessing, body: { message: expect.any(String) } })
    expect(repeat.headers.get('content-type')).toContain('application/json')
    expect(sandbox.requests()[1]).toMatchObject({ repeated: true, taskId: first.body.request_id })
    clock.advance(1)
    expect(await shop.pay({}, id)).toMatchObject({ status: 200, body: { ...first.body, status: 'completed' } })
    expect(sandbox.charges('order-17')).toBe(1)
  })

  it('leaves another id, a request without one, and a repeat of a refused request alone', async () => {
    const { shop } = setUp(1000, { repeatWhileProcessing })
    await shop.pay({}, id)
    expect((await shop.pay({}, { RequestID: 'r-2' })).status).toBe(200)
    expect((await shop.pay()).status).toBe(200)
    await shop.pay({ amount: 0 }, { RequestID: 'r-3' })
    expect((await shop.pay({ amount: 0 }, { RequestID: 'r-3' })).status).toBe(422)
  })

  it('holds for a task that ends with an error, and ends with it', async () => {
    const { clock, sandbox, shop } = setUp(1000, { repeatWhileProcessing })
    sandbox.fault({ on: 'submit', kind: 'error' })
    await shop.pay({}, id)
    expect((await shop.pay({}, id)).status).toBe(repeatWhileProcessing)
    clock.advance(1000)
    expect(await shop.pay({}, id)).toMatchObject({ status: 200, body: { status: 'completed' } })
    expect(sandbox.charges()).toBe(0)
  })

  it('ends for a task that the gateway lost', async () => {
    const { clock, sandbox, shop } = setUp(1000, { repeatWhileProcessing })
    sandbox.fault({ on: 'submit', kind: 'forget' })
    await shop.pay({}, id)
    clock.advance(1000)
    expect((await shop.pay({}, id)).status).toBe(200)
  })

  it('holds for the synchronous operation too', async () => {
    const { clock, sandbox, shop } = setUp(1000, { repeatWhileProcessing })
    const pay = () => shop.post('/transactions/payments', { request: payment() }, id)
    const first = pay()
    await expect.poll(() => clock.nextIn(), { interval: 1 }).toBe(1000)
    expect((await pay()).status).toBe(repeatWhileProcessing)
    clock.advance(1000)
    expect((await first).status).toBe(200)
    expect((await pay()).body).toEqual((await first).body)
    expect(sandbox.charges()).toBe(1)
  })
})
