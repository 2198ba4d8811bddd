import { describe, expect, it } from 'vitest'
import { card, createShop, payment } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'
import type { SandboxOptions } from '../sandbox.ts'

const encrypted = { credit_card: undefined, encrypted_credit_card: { number: '$begatewaycsejs_1_0_0$c2VjcmV0' } }

const errors = { credit_card: { number: ['is not permitted in the clear: encrypt it, or send a token'] } }
const version3 = { 'X-API-Version': '3' }

function setUp(options: SandboxOptions = {}) {
  const sandbox = createSandbox({ rawCards: 'refused', ...options })
  return { sandbox, shop: createShop(sandbox) }
}

describe("rawCards: 'refused'", () => {
  it('refuses a card number in the clear, in version 3 with E.1065, and charges nothing', async () => {
    const { sandbox, shop } = setUp()
    const said = { message: 'Number is not permitted in the clear: encrypt it, or send a token.', errors }
    expect(await shop.pay()).toMatchObject({ status: 422, body: { response: said } })
    const flat = { code: 'E.1065', friendly_message: expect.any(String), ...said }
    expect(await shop.pay({}, version3)).toMatchObject({ status: 422, body: flat })
    expect([sandbox.charges(), sandbox.tasks()]).toEqual([0, []])
  })

  it.each([
    ['authorizations', {}],
    ['checkups', {}],
    ['tokenizations', {}],
    ['payouts', { credit_card: undefined, recipient_credit_card: card('4200000000000000') }],
  ])('refuses it in %s as well', async (type, fields) => {
    const { shop } = setUp()
    expect((await shop.submit(type, payment(fields), version3)).body.code).toBe('E.1065')
  })

  it('refuses before any other field is checked, and repeats no number', async () => {
    const { shop } = setUp()
    const { body } = await shop.pay({ amount: 0, credit_card: card('4111111111111112') })
    expect(body.response.errors).toEqual(errors)
    expect(JSON.stringify(body)).not.toContain('4111111111111112')
  })

  it('lets encrypted fields and tokens pass', async () => {
    const { sandbox, shop } = setUp()
    const saved = { ...encrypted, encrypted_credit_card: { ...encrypted.encrypted_credit_card, save_card: true } }
    const first = await shop.outcome('payments', payment(saved))
    expect(first.body.transaction.status).toBe('successful')
    const { token } = first.body.transaction.credit_card
    const second = await shop.outcome('payments', payment({ credit_card: { token } }))
    expect(second.body.transaction.status).toBe('successful')
    const both = await shop.outcome('payments', payment({ credit_card: { token, number: '4200000000000000' } }))
    expect(both.body.transaction.status).toBe('successful')
    expect(sandbox.charges()).toBe(3)
  })

  it('lets the types without a card of their own pass', async () => {
    const { shop } = setUp()
    const { uid } = (await shop.outcome('payments', payment(encrypted))).body.transaction
    const refund = { parent_uid: uid, amount: 1, reason: 'r', credit_card: card('4200000000000000') }
    expect((await shop.submit('refunds', refund)).status).toBe(200)
  })

  it("goes into the task with refuseAt: 'task', once, with the status of refusals", async () => {
    const { sandbox, shop } = setUp({ refuseAt: 'task', refusalStatus: 400 })
    const ack = await shop.pay()
    expect(ack.status).toBe(200)
    expect(await shop.status(ack.body.request_id)).toMatchObject({ status: 400, body: { response: { errors } } })
    expect((await shop.result(ack.body.request_id)).status).toBe(404)
    expect(sandbox.charges()).toBe(0)
  })
})

it('card numbers in the clear are allowed by default', async () => {
  expect((await createShop(createSandbox()).pay()).status).toBe(200)
})
