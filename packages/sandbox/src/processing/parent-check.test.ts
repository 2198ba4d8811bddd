import { describe, expect, it } from 'vitest'
import { card, createShop, payment, type Shop } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'
import type { SandboxOptions } from '../sandbox.ts'

function setUp(options: SandboxOptions = {}) {
  const sandbox = createSandbox(options)
  return { sandbox, shop: createShop(sandbox) }
}

async function open(shop: Shop, type = 'payments', fields = {}): Promise<string> {
  return (await shop.outcome(type, payment({ amount: 1000, ...fields }))).body.transaction.uid
}

const child = (parent_uid: string, amount: number, fields = {}) => ({ parent_uid, amount, reason: 'r', ...fields })

describe('a capture, a void, a refund', () => {
  it('is a child of its parent, in its currency and without its card, under a tracking id of its own', async () => {
    const { sandbox, shop } = setUp()
    const uid = await open(shop, 'authorizations')
    const { body } = await shop.outcome('captures', child(uid, 400, { tracking_id: 'capture-1' }))
    expect(body.transaction).toMatchObject({
      type: 'capture',
      status: 'successful',
      parent_uid: uid,
      amount: 400,
      currency: 'KZT',
      tracking_id: 'capture-1',
      capture: { status: 'successful', auth_code: null, rrn: null },
    })
    expect(body.transaction).not.toHaveProperty('credit_card')
    expect([sandbox.charges('order-17'), sandbox.charges('capture-1')]).toEqual([1, 1])
  })

  it.each([
    ['by-own-id', ['payment'], ['refund']],
    ['with-parent', ['refund', 'payment'], []],
    ['nowhere', ['payment'], []],
  ] as const)(
    "with childrenListed: '%s' the order lists %j, and its own tracking id %j",
    async (position, order, own) => {
      const { shop } = setUp({ childrenListed: position })
      const { transaction } = (await shop.outcome('refunds', child(await open(shop), 400, { tracking_id: 'r' }))).body
      expect(transaction.tracking_id).toBe(position === 'by-own-id' ? 'r' : undefined)
      const types = async (trackingId: string) =>
        (await shop.get(`/v2/transactions/tracking_id/${trackingId}`)).body.transactions.map(
          (each: { type: string }) => each.type,
        )
      expect([(await types('order-17')).sort(), await types('r')]).toEqual([[...order].sort(), own])
    },
  )

  it('draws on what is left: captures and voids together', async () => {
    const { shop } = setUp()
    const uid = await open(shop, 'authorizations')
    expect((await shop.outcome('captures', child(uid, 400))).status).toBe(200)
    expect((await shop.outcome('voids', child(uid, 601))).status).toBe(422)
    expect((await shop.outcome('voids', child(uid, 600))).status).toBe(200)
    const { status, body } = await shop.outcome('captures', child(uid, 1))
    expect(status).toBe(422)
    expect(body.response).toEqual({
      message: "Amount can't be greater than 0.",
      errors: { amount: ["can't be greater than 0"] },
    })
  })

  it('refunds a payment or a capture, once', async () => {
    const { shop } = setUp()
    const authorization = await open(shop, 'authorizations')
    const capture = (await shop.outcome('captures', child(authorization, 400))).body.transaction.uid
    for (const [uid, amount] of [
      [capture, 400],
      [await open(shop), 1000],
    ] as const) {
      expect((await shop.outcome('refunds', child(uid, amount))).body.transaction).toMatchObject({
        type: 'refund',
        reason: 'r',
      })
      expect((await shop.outcome('refunds', child(uid, 1))).status).toBe(422)
    }
  })

  it.each([
    ['refunds', 'authorizations', {}, 'is of the type authorization, which allows no refund'],
    ['captures', 'payments', {}, 'is of the type payment, which allows no capture'],
    ['refunds', 'payments', { credit_card: card('4005550000000019') }, 'is failed, not successful'],
    ['refunds', 'payments', { credit_card: card('4012000000001097') }, 'is incomplete, not successful'],
  ])('%s of %s %o are refused', async (type, parentType, fields, why) => {
    const { sandbox, shop } = setUp()
    const uid = await open(shop, parentType, fields)
    const before = sandbox.charges()
    const { status, body } = await shop.outcome(type, child(uid, 1))
    expect([status, body.response.errors.parent_uid]).toEqual([422, [why]])
    expect(sandbox.charges()).toBe(before)
  })

  it('of an unknown parent is refused with 400, once', async () => {
    const { shop } = setUp()
    const ack = (await shop.submit('refunds', child('none', 1))).body
    const { status, body } = await shop.result(ack.request_id)
    expect(status).toBe(400)
    expect(body.response).toEqual({
      message: 'Parent uid Parent transaction is not found.',
      errors: { parent_uid: ['Parent transaction is not found'] },
    })
    expect((await shop.result(ack.request_id)).body).toEqual({ status: 'unknown', request_id: ack.request_id })
  })
})
