import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { card, createShop, origin, payment } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'

function setUp(latencyMs = 0) {
  const clock = createManualClock(Date.UTC(2026, 0, 15, 12))
  const sandbox = createSandbox({ clock, latencyMs, seed: 1 })
  return { clock, sandbox, shop: createShop(sandbox) }
}

describe('the standard answer', () => {
  it('is the whole transaction', async () => {
    const { clock, shop } = setUp(4000)
    const sections = {
      language: 'kk',
      customer: { ip: '127.0.0.1' },
      billing_address: { first_name: 'Jane' },
      additional_data: { receipt_text: ['Some text'] },
    }
    const ack = (await shop.pay({ test: true, dynamic_billing_descriptor: 'SHOP*17', ...sections })).body
    clock.advance(4000)
    const { body } = await shop.result(ack.request_id)
    const { uid } = body.transaction
    expect(body).toEqual({
      transaction: {
        uid: expect.stringMatching(/^\d{8}-[0-9a-f]{10}$/),
        id: uid,
        status: 'successful',
        type: 'payment',
        amount: 3245,
        currency: 'KZT',
        description: 'Order 17',
        tracking_id: 'order-17',
        test: true,
        message: 'Successfully processed',
        code: 'S.0000',
        friendly_message: expect.any(String),
        created_at: '2026-01-15T12:00:00.000Z',
        updated_at: '2026-01-15T12:00:04.000Z',
        paid_at: '2026-01-15T12:00:04.000Z',
        expired_at: null,
        payment_method_type: 'credit_card',
        receipt_url: `${origin}/receipts/${uid}`,
        // Also of a payment without 3-D Secure.
        redirect_url: `${origin}/process/${uid}`,
        closed_at: null,
        settled_at: null,
        language: 'kk',
        additional_data: { receipt_text: ['Some text'] },
        customer: { ip: '127.0.0.1', email: null, device_id: null, birth_date: null },
        billing_address: {
          first_name: 'Jane',
          last_name: null,
          address: null,
          country: null,
          city: null,
          zip: null,
          state: null,
          phone: null,
        },
        be_protected_verification: {
          status: 'successful',
          message: null,
          white_black_list: { email: 'absent', ip: 'absent', card_number: 'absent' },
          rules: {},
        },
        credit_card: {
          holder: 'JANE DOE',
          brand: 'visa',
          last_4: '0000',
          first_1: '4',
          bin: '420000',
          exp_month: 5,
          exp_year: 2035,
          stamp: expect.stringMatching(/^[0-9a-f]{64}$/),
          issuer_country: 'US',
          issuer_name: 'VISA Demo Bank',
          product: 'F',
          token_provider: null,
          token: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
        payment: {
          auth_code: expect.stringMatching(/^\d{6}$/),
          bank_code: '05',
          rrn: expect.stringMatching(/^\d+$/),
          ref_id: expect.stringMatching(/^\d+$/),
          message: 'Payment was approved',
          gateway_id: 317,
          billing_descriptor: 'SHOP*17',
          status: 'successful',
        },
      },
    })
  })

  it('of a decline is 200 with failed, and no authorization', async () => {
    const { sandbox, shop } = setUp()
    const { status, body } = await shop.outcome('payments', payment({ credit_card: card('4005550000000019') }))
    expect(status).toBe(200)
    expect(body.transaction).toMatchObject({ status: 'failed', message: 'Payment was declined', paid_at: null })
    expect(body.transaction.payment).toMatchObject({ status: 'failed', auth_code: null, bank_code: '05' })
    expect(sandbox.charges('order-17')).toBe(1)
  })

  it('never holds a card number', async () => {
    const { sandbox, shop } = setUp()
    for (const number of ['4200000000000000', '4005550000000019', '4012000000001097', '5555555555554444']) {
      const { body } = await shop.outcome('payments', payment({ credit_card: card(number) }))
      expect(JSON.stringify(body)).not.toContain(number)
      expect(JSON.stringify([sandbox.tasks(), sandbox.requests(), sandbox.transactions()])).not.toContain(number)
    }
  })

  it('names its section after the type', async () => {
    const { shop } = setUp()
    const { body } = await shop.outcome('authorizations', payment())
    expect(body.transaction).toMatchObject({ type: 'authorization', authorization: { status: 'successful' } })
    expect(body.transaction.payment).toBeUndefined()
  })
})

describe('cards', () => {
  it('any other number with a right check digit succeeds, and so does an encrypted card', async () => {
    const { shop } = setUp()
    const other = await shop.outcome('payments', payment({ credit_card: card('5555555555554444') }))
    expect(other.body.transaction).toMatchObject({ status: 'successful', credit_card: { brand: 'master' } })
    const encrypted = { number: '$begatewaycsejs_1_0_0$c2VjcmV0' }
    const { body } = await shop.outcome(
      'payments',
      payment({ credit_card: undefined, encrypted_credit_card: encrypted }),
    )
    expect(body.transaction).toMatchObject({ status: 'successful', credit_card: { brand: 'visa', last_4: '0000' } })
  })

  it('are saved on success, and then paid with by their token', async () => {
    const { shop } = setUp()
    const save = (number: string) => card(number, { save_card: true })
    const saved = await shop.outcome('payments', payment({ credit_card: save('5555555555554444') }))
    const { token } = saved.body.transaction.credit_card
    expect(token).toMatch(/^[0-9a-f]{64}$/)
    const paid = await shop.outcome('payments', payment({ credit_card: { token } }))
    expect(paid.body.transaction).toMatchObject({ status: 'successful', credit_card: { last_4: '4444' } })
    const declined = await shop.outcome('payments', payment({ credit_card: save('4005550000000019') }))
    expect(declined.body.transaction.credit_card.token).toBeNull()
  })

  it('are saved by a tokenization, which charges nothing, and keep their behaviour', async () => {
    const { sandbox, shop } = setUp()
    const { body } = await shop.outcome('tokenizations', { credit_card: card('4005550000000019') })
    expect(body.transaction).toMatchObject({ type: 'tokenization', status: 'failed' })
    const good = await shop.outcome('tokenizations', { credit_card: card('4200000000000000') })
    expect(good.body.transaction).toMatchObject({ status: 'successful', credit_card: { token: expect.any(String) } })
    expect(sandbox.charges()).toBe(0)
  })

  it('of an unknown token, or of another shop’s, are refused in the task', async () => {
    const { sandbox, shop } = setUp()
    const { body } = await shop.outcome('tokenizations', { credit_card: card('4200000000000000') })
    const other = createShop(sandbox, 'shop-2:secret-2')
    const refused = await other.outcome(
      'payments',
      payment({ credit_card: { token: body.transaction.credit_card.token } }),
    )
    expect(refused).toMatchObject({
      status: 400,
      body: {
        response: { message: 'Token does not exist.', errors: { credit_card: { token: ['does not exist'] } } },
      },
    })
    expect(sandbox.charges()).toBe(0)
  })
})

describe('the other types', () => {
  it('credits go to a saved card, payouts to a given one', async () => {
    const { sandbox, shop } = setUp()
    const { body } = await shop.outcome('tokenizations', { credit_card: card('4200000000000000') })
    const credit = await shop.outcome(
      'credits',
      payment({ credit_card: { token: body.transaction.credit_card.token } }),
    )
    expect(credit.body.transaction).toMatchObject({ type: 'credit', status: 'successful', credit: {} })
    const recipient = { credit_card: undefined, recipient_credit_card: { number: '4200000000000000' } }
    const payout = await shop.outcome('payouts', payment(recipient))
    expect(payout.body.transaction).toMatchObject({ type: 'payout', status: 'successful', payout: {} })
    expect(sandbox.charges()).toBe(2)
  })

  it('checkups charge nothing and have no acquirer', async () => {
    const { sandbox, shop } = setUp()
    const { body } = await shop.outcome('checkups', payment())
    expect(body.transaction).toMatchObject({ type: 'checkup', status: 'successful' })
    expect(body.transaction.checkup).toBeUndefined()
    expect(sandbox.charges()).toBe(0)
  })

  it('balance and status queries answer without a transaction of their own', async () => {
    const { shop } = setUp()
    const { uid } = (await shop.outcome('payments', payment())).body.transaction
    const ack = (await shop.post('/async/balance', { request: { currency: 'USD' } })).body
    expect((await shop.result(ack.request_id)).body).toEqual({
      status: 'successful',
      result: { gatewayId: 317, account: 'SANDBOX', amount: 100_000_000, currency: 'USD', bankInfo: null },
    })
    expect((await shop.query(uid)).body.transaction.uid).toBe(uid)
    expect((await shop.query('tracking_id/order-17')).body.transactions).toMatchObject([{ uid }])
    expect((await shop.query('none')).status).toBe(404)
    for (const type of ['balance', 'credit_cards', 'status_queries']) {
      expect((await shop.submit(type, {})).status).toBe(404)
    }
  })

  it('a card token is made and updated without a transaction, flat', async () => {
    const { sandbox, shop } = setUp()
    const save = async (fields: object) => {
      const { body } = await shop.post('/async/credit_cards', { request: fields })
      return shop.result(body.request_id)
    }
    const made = (await save(card('4005550000000019'))).body
    expect(made).toEqual({
      holder: 'JANE DOE',
      stamp: expect.any(String),
      brand: 'visa',
      last_4: '0019',
      first_1: '4',
      token: expect.stringMatching(/^[0-9a-f]{64}$/),
      exp_month: 5,
      exp_year: 2035,
    })
    const updated = (await save(card('4005550000000019', { token: made.token, holder: 'JANE ROE' }))).body
    expect(updated).toEqual({ ...made, holder: 'JANE ROE' })
    expect((await save(card('4005550000000019', { token: 'none' }))).status).toBe(400)
    const paid = await shop.outcome('payments', payment({ credit_card: { token: made.token } }))
    expect(paid.body.transaction).toMatchObject({ status: 'failed', credit_card: { holder: 'JANE ROE' } })
    expect(sandbox.transactions()).toHaveLength(1)
    expect((await shop.post('/credit_cards', { request: { number: '42' } })).status).toBe(422)
  })
})

it('the same seed gives the same ids and codes, however often one polls', async () => {
  const run = async (seed: number, polls: number) => {
    const shop = createShop(createSandbox({ seed, clock: createManualClock() }))
    const ack = (await shop.pay()).body
    for (let poll = 0; poll < polls; poll++) await shop.status(ack.request_id)
    return [ack, (await shop.outcome('payments', payment())).body]
  }
  expect(await run(7, 0)).toEqual(await run(7, 5))
  expect(await run(7, 0)).not.toEqual(await run(8, 0))
})
