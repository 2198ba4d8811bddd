import { describe, expect, it } from 'vitest'
import { redactBody, redactError } from './redact.ts'

const options = {
  exposeCardToken: false,
  host: 'gw.example:8443',
  mask: (text: string) => text.replaceAll('shop-secret', '***'),
}
const card = '4200000000000000'

describe('a result', () => {
  it('keeps what a page needs, without what charges the card', () => {
    const transaction = {
      uid: '10203040-5060-4070-8090-102030405060',
      status: 'successful',
      amount: 3245,
      redirect_url: `https://gw.example:8443/${card}`,
      created_at: '2026-11-22T10:00:00Z',
      payment: { rrn: '420000000000', ref_id: card, auth_code: '654321' },
      credit_card: { brand: 'visa', last_4: '0000', first_1: '4', bin: '420000', stamp: card, token: 'secret-token' },
    }
    const { token, ...shown } = transaction.credit_card
    expect(token).toBeDefined()
    expect(redactBody({ transaction }, options)).toEqual({ transaction: { ...transaction, credit_card: shown } })
    expect(redactBody({ transaction }, { ...options, exposeCardToken: true })).toEqual({ transaction })
  })

  it.each([
    { transaction: { credit_card: { number: card } } },
    { transaction: { recipient_credit_card: { number: card, verification_value: card, token: card } } },
    { transactions: [{ message: `card ${card}` }, { additional_data: { anything: [{ deep: card }] } }] },
    { transaction: { additional_data: { receipt_text: ['4200 0000 0000 0000'] } } },
    { echo: Number(card) },
    { request: { encrypted_credit_card: { holder: card } }, track2: card, cvv: card, pan: card },
  ])('never shows a card number: %j', (body) => {
    expect(JSON.stringify(redactBody(body, options))).not.toMatch(/42000000|4200 0000/)
  })

  it.each(['credit_card', 'recipient_credit_card', 'debit_card', 'cards'])(
    'gives no token of %s to a page',
    (section) => {
      const body = {
        transaction: {
          [section]: { brand: 'visa', token: 'charges-again' },
          parts: [{ [section]: [{ token: 'charges-again' }] }],
        },
      }
      expect(JSON.stringify(redactBody(body, options))).not.toContain('charges-again')
    },
  )

  it.each([1_234_567_890_123, 4_200_000_000_000_000, '4200000000000000'])('keeps the amount %j', (amount) => {
    expect(redactBody({ transaction: { amount } }, options)).toEqual({ transaction: { amount } })
  })

  it('is not endless', () => {
    let deep: object = {}
    for (let depth = 0; depth < 10_000; depth++) deep = { deep }
    expect(JSON.stringify(redactBody(deep, options)).length).toBeLessThan(200)
  })
})

describe('an error', () => {
  it.each([
    [
      { message: 'a', errors: { base: ['b'] }, trace: 'c' },
      { message: 'a', errors: { base: ['b'] } },
    ],
    [
      { code: 'F.1', friendly_message: 'x', message: 'y', errors: {} },
      { friendly_message: 'x', message: 'y', code: 'F.1', errors: {} },
    ],
    [{ response: { message: 'a', errors: {}, debug: 1 }, other: 1 }, { response: { message: 'a', errors: {} } }],
    [{ message: `card ${card} at gw.example` }, { message: 'card ****0000 at the gateway' }],
    [{ message: 'https://gw.example:8443/x' }, { message: 'https://the gateway/x' }],
    [
      { message: 'GW.Example and Gw.example:8443', errors: { 'GW.example': ['gw.EXAMPLE'] } },
      { message: 'the gateway and the gateway', errors: { 'the gateway': ['the gateway'] } },
    ],
    [{ message: 'gwxexample' }, { message: 'gwxexample' }],
    [
      { message: 'a', code: Number(card), errors: { n: 7 } },
      { message: 'a', code: '****0000', errors: { n: 7 } },
    ],
    [
      { message: 'a', errors: { credit_card: { number: [`${card} is wrong`] }, [card]: 'x' } },
      { message: 'a', errors: { credit_card: { number: ['****0000 is wrong'] }, '****0000': 'x' } },
    ],
  ])('%j is told as %j', (body, told) => {
    expect(redactError(body, options)).toEqual(told)
  })
})

it('hides the secret key of the shop in every text and name', () => {
  const echo = { 'the shop-secret': ['shop-secret'], uid: 'shop-secret', message: { base: 'Key shop-secret' } }
  expect(JSON.stringify(redactBody({ transaction: echo }, options))).not.toContain('shop-secret')
  expect(JSON.stringify(redactError({ message: 'x', errors: echo }, options))).not.toContain('shop-secret')
})

it('hides the token of a card that was saved by itself, whose answer has no section for it', () => {
  const saved = { holder: 'JANE ROE', stamp: 'stamp', brand: 'visa', last_4: '0000', token: 'secret-token' }
  const { token, ...shown } = saved
  expect(token).toBeDefined()
  expect(redactBody(saved, options)).toEqual(shown)
  expect(redactBody(saved, { ...options, exposeCardToken: true })).toEqual(saved)
})
