import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { card, createShop, payment } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'
import type { SandboxOptions } from '../sandbox.ts'

function setUp(options: SandboxOptions = {}) {
  const clock = createManualClock()
  const sandbox = createSandbox({ clock, latencyMs: 4000, ...options })
  const shop = createShop(sandbox)
  const byUid = (uid: string) => shop.get(`/transactions/${uid}`)
  const listed = async (trackingId = 'order-17') =>
    (await shop.get(`/v2/transactions/tracking_id/${trackingId}`)).body.transactions
  return { clock, sandbox, shop, byUid, listed }
}

describe("listedWhileProcessing: 'incomplete'", () => {
  const options = { listedWhileProcessing: 'incomplete' } as const

  it('lists an incomplete entry without redirect_url, by uid and tracking id, under the uid of the end', async () => {
    const { clock, sandbox, shop, byUid, listed } = setUp(options)
    const ack = (await shop.pay()).body
    clock.advance(3999)
    const [entry, ...others] = await listed()
    expect(others).toEqual([])
    expect(entry).toMatchObject({
      uid: expect.stringMatching(/^\d{8}-[0-9a-f]{10}$/),
      status: 'incomplete',
      type: 'payment',
      amount: 3245,
      currency: 'KZT',
      tracking_id: 'order-17',
      redirect_url: null,
      message: null,
      code: null,
      paid_at: null,
      created_at: '2026-01-15T12:00:00.000Z',
      credit_card: { last_4: '0000' },
    })
    expect(entry.payment).toBeUndefined()
    expect((await byUid(entry.uid)).body).toEqual({ transaction: entry })
    expect([sandbox.charges(), sandbox.transactions()]).toEqual([0, []])

    clock.advance(1)
    const { transaction } = (await shop.result(ack.request_id)).body
    expect(transaction).toMatchObject({ uid: entry.uid, status: 'successful', created_at: entry.created_at })
    expect(await listed()).toEqual([transaction])
    expect(sandbox.charges()).toBe(1)
  })

  it('becomes an incomplete entry with redirect_url when 3-D Secure begins', async () => {
    const { clock, shop, listed } = setUp(options)
    await shop.pay({ credit_card: card('4012000000001097') })
    const [before] = await listed()
    expect([before.status, before.redirect_url]).toEqual(['incomplete', null])
    clock.advance(4000)
    const [after] = await listed()
    expect(after).toMatchObject({ uid: before.uid, status: 'incomplete', redirect_url: expect.any(String) })
  })

  it('lists captures and refunds in the currency of their parent', async () => {
    const { clock, shop, listed } = setUp(options)
    const ack = (await shop.pay()).body
    clock.advance(4000)
    const { uid } = (await shop.result(ack.request_id)).body.transaction
    await shop.submit('refunds', { parent_uid: uid, amount: 1, reason: 'r', tracking_id: 'refund-1' })
    expect(await listed('refund-1')).toMatchObject([
      { type: 'refund', status: 'incomplete', parent_uid: uid, currency: 'KZT' },
    ])
  })

  it('shows nothing of another shop, not even through a refund of its payment', async () => {
    const { clock, sandbox, shop, byUid, listed } = setUp(options)
    const ack = (await shop.pay()).body
    const other = createShop(sandbox, 'shop-2:secret-2')
    expect((await other.get('/v2/transactions/tracking_id/order-17')).body.transactions).toEqual([])
    expect((await other.get(`/transactions/${(await listed())[0].uid}`)).status).toBe(404)
    clock.advance(4000)
    const { uid } = (await shop.result(ack.request_id)).body.transaction
    expect((await byUid(uid)).status).toBe(200)
    await other.submit('refunds', { parent_uid: uid, amount: 1, reason: 'r', tracking_id: 'refund-1' })
    const [refund] = (await other.get('/v2/transactions/tracking_id/refund-1')).body.transactions
    expect([refund.currency, refund.credit_card]).toEqual([null, undefined])
  })

  it('takes the entry back when the task ends with an error and charges nothing', async () => {
    const { clock, sandbox, shop, byUid, listed } = setUp(options)
    sandbox.fault({ on: 'submit', kind: 'error' })
    await shop.pay()
    const [{ uid }] = await listed()
    clock.advance(3999)
    expect(await listed()).toHaveLength(1)
    clock.advance(1)
    expect(await listed()).toEqual([])
    expect((await byUid(uid)).status).toBe(404)
    expect([sandbox.charges(), sandbox.transactions()]).toEqual([0, []])
  })

  it.each([
    ['an unknown token', 'payments', { credit_card: { token: 'none' } }],
    ['an unknown parent', 'refunds', { parent_uid: 'none', reason: 'r' }],
  ])('takes it back when the task refuses %s', async (_, type, fields) => {
    const { clock, shop, listed } = setUp(options)
    await shop.submit(type, payment(fields))
    expect(await listed()).toMatchObject([{ status: 'incomplete' }])
    clock.advance(4000)
    expect(await listed()).toEqual([])
  })

  it('takes it back when the gateway loses the task', async () => {
    const { sandbox, shop, listed } = setUp(options)
    const ack = (await shop.pay()).body
    expect(await listed()).toHaveLength(1)
    sandbox.fault({ on: 'status', kind: 'forget' })
    await shop.status(ack.request_id)
    expect(await listed()).toEqual([])
  })

  it.each(['error', 'forget'] as const)('keeps an entry that is charged in spite of %s', async (kind) => {
    const { clock, sandbox, shop, listed } = setUp(options)
    sandbox.fault({ on: 'submit', kind, charged: true })
    await shop.pay()
    const [{ uid }] = await listed()
    clock.advance(4000)
    expect(await listed()).toMatchObject([{ uid, status: 'successful' }])
    expect(sandbox.charges()).toBe(1)
  })

  it('never lists a request that is refused in the task', async () => {
    const { shop, listed } = setUp({ ...options, refuseAt: 'task' })
    await shop.pay({ amount: 0 })
    expect(await listed()).toEqual([])
  })

  it('holds for the synchronous operation', async () => {
    const { clock, shop, listed } = setUp(options)
    const answer = shop.post('/transactions/payments', { request: payment() })
    await expect.poll(() => clock.nextIn(), { interval: 1 }).toBe(4000)
    const [{ uid }] = await listed()
    clock.advance(4000)
    expect((await answer).body.transaction.uid).toBe(uid)
  })

  it('lets a fault aim at the tracking id of an entry that is looked up by uid', async () => {
    const { sandbox, shop, byUid, listed } = setUp(options)
    await shop.pay()
    const [{ uid }] = await listed()
    sandbox.fault({ on: 'lookup', kind: 'http', status: 503, trackingId: 'order-17' })
    expect((await byUid(uid)).status).toBe(503)
  })
})

it("listedWhileProcessing: 'without-status' lists the same entry, but for its status", async () => {
  const { clock, sandbox, shop, byUid, listed } = setUp({ listedWhileProcessing: 'without-status' })
  await shop.pay()
  const [entry] = await listed()
  expect(entry).not.toHaveProperty('status')
  expect(entry).toMatchObject({ amount: 3245, redirect_url: null, created_at: '2026-01-15T12:00:00.000Z' })
  expect((await byUid(entry.uid)).body).toEqual({ transaction: entry })
  clock.advance(4000)
  expect(await listed()).toMatchObject([{ uid: entry.uid, status: 'successful' }])
  expect(sandbox.charges()).toBe(1)
})

it('lists nothing before the end of processing by default', async () => {
  const { clock, shop, listed } = setUp()
  await shop.pay()
  clock.advance(3999)
  expect(await listed()).toEqual([])
})

describe('lookupLagMs', () => {
  it('shows a successful transaction that long after its end, by uid and tracking id, and the result at once', async () => {
    const { clock, sandbox, shop, byUid, listed } = setUp({ lookupLagMs: 3000 })
    const ack = (await shop.pay()).body
    clock.advance(4000)
    const { transaction } = (await shop.result(ack.request_id)).body
    expect([transaction.status, sandbox.charges()]).toEqual(['successful', 1])
    clock.advance(2999)
    expect(await listed()).toEqual([])
    expect((await byUid(transaction.uid)).status).toBe(404)
    clock.advance(1)
    expect(await listed()).toEqual([transaction])
    expect((await byUid(transaction.uid)).body).toEqual({ transaction })
  })

  it('shows each state that late, from the acknowledgement to the confirmation', async () => {
    const { clock, sandbox, shop, listed } = setUp({ lookupLagMs: 3000, listedWhileProcessing: 'incomplete' })
    const ack = (await shop.pay({ credit_card: card('4012000000001097') })).body
    const seen = async () => (await listed()).map((each: { redirect_url: unknown; status: string }) => each.status)
    clock.advance(2999)
    expect(await seen()).toEqual([])
    clock.advance(1)
    expect(await listed()).toMatchObject([{ status: 'incomplete', redirect_url: null }])
    clock.advance(1000)
    const { redirect_url } = (await shop.result(ack.request_id)).body.transaction
    await sandbox.fetch(redirect_url, { method: 'POST', body: new URLSearchParams({ decision: 'confirm' }) })
    expect(await listed()).toMatchObject([{ status: 'incomplete', redirect_url: null }])
    clock.advance(2999)
    expect(await listed()).toMatchObject([{ status: 'incomplete', redirect_url: null }])
    clock.advance(1)
    expect(await seen()).toEqual(['successful'])
    expect(sandbox.charges()).toBe(1)
  })

  it('shows a state in between for as long as it lasted', async () => {
    const { clock, sandbox, shop, listed } = setUp({ lookupLagMs: 3000, latencyMs: 0 })
    const ack = (await shop.pay({ credit_card: card('4012000000001097') })).body
    const { redirect_url } = (await shop.result(ack.request_id)).body.transaction
    clock.advance(1000)
    await sandbox.fetch(redirect_url, { method: 'POST', body: new URLSearchParams({ decision: 'cancel' }) })
    clock.advance(2000)
    expect(await listed()).toMatchObject([{ status: 'incomplete', redirect_url }])
    clock.advance(1000)
    expect(await listed()).toMatchObject([{ status: 'failed' }])
  })

  it('withdraws an entry that late as well', async () => {
    const { clock, sandbox, shop, listed } = setUp({ lookupLagMs: 3000, listedWhileProcessing: 'incomplete' })
    sandbox.fault({ on: 'submit', kind: 'error' })
    await shop.pay()
    clock.advance(6999)
    expect(await listed()).toHaveLength(1)
    clock.advance(1)
    expect(await listed()).toEqual([])
  })

  it('holds for status queries', async () => {
    const { clock, shop } = setUp({ lookupLagMs: 3000, latencyMs: 0 })
    const { uid } = (await shop.outcome('payments', payment())).body.transaction
    expect((await shop.query(uid)).status).toBe(404)
    clock.advance(3000)
    expect((await shop.query(uid)).status).toBe(200)
  })

  it('is 0 by default', async () => {
    const { clock, shop, listed } = setUp()
    await shop.pay()
    clock.advance(4000)
    expect(await listed()).toHaveLength(1)
  })
})
