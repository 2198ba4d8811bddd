import { describe, expect, it } from 'vitest'
import { card, payment } from '../../testing/shop.ts'
import { checkRequest } from './request-rules.ts'

const now = Date.UTC(2026, 0, 15)
const encrypted = (text: string): string => `$begatewaycsejs_1_0_0$${text}`
const errorsOf = (fields: object, type = 'payments') => checkRequest(type, payment(fields), now)

describe('payments', () => {
  it('take a full request, and fields that the gateway does not know', () => {
    const full = {
      test: true,
      language: 'kk',
      expired_at: '2026-01-15T01:00:00Z',
      notification_url: 'https://shop.test/hook',
      return_url: 'shop-app://back',
      billing_address: { first_name: 'Jane', country: 'KZ', anything: 1 },
      customer: { ip: '127.0.0.1', email: 'jane@shop.test' },
      additional_data: { meta: { a: [1] } },
      unknown_field: { deep: true },
    }
    expect(errorsOf(full)).toEqual({})
  })

  it('take what the SDKs send for fields that are not set', () => {
    const empty = { notification_url: '', return_url: '', billing_address: { state: '' }, tracking_id: null }
    const cardFields = { token: '', skip_three_d_secure_verification: '' }
    expect(errorsOf({ ...empty, credit_card: card('4200000000000000', cardFields) })).toEqual({})
  })

  it.each([
    [{ amount: undefined }, { amount: ["can't be blank"] }],
    [{ amount: 0 }, { amount: ['must be greater than 0'] }],
    [{ amount: -1 }, { amount: ['must be greater than 0'] }],
    [{ amount: 32.45 }, { amount: ['must be an integer'] }],
    [{ amount: '3245' }, { amount: ['must be an integer'] }],
    [{ currency: 'kzt' }, { currency: ['is unknown ISO 4217 Alpha-3 code'] }],
    [{ currency: 'XYZ' }, { currency: ['is unknown ISO 4217 Alpha-3 code'] }],
    [{ description: undefined }, { description: ["can't be blank"] }],
    [{ description: 'x'.repeat(256) }, { description: ['is too long (maximum is 255 characters)'] }],
    [{ tracking_id: 'x'.repeat(256) }, { tracking_id: ['is too long (maximum is 255 characters)'] }],
    [{ expired_at: '2026-01-14T00:00:00Z' }, { expired_at: ['must be in the future'] }],
    [{ expired_at: 'tomorrow' }, { expired_at: ['is not an ISO 8601 date and time'] }],
    [{ notification_url: 'ftp://shop.test' }, { notification_url: ['is not an HTTP URL'] }],
    [{ return_url: 'javascript:alert(1)' }, { return_url: ['is not a URL'] }],
    [{ return_url: 'file:///etc/passwd' }, { return_url: ['is not a URL'] }],
    [{ return_url: 'view-source:https://shop.test' }, { return_url: ['is not a URL'] }],
    [{ customer: { email: 'nobody' } }, { customer: { email: ['is not an e-mail address'] } }],
    [{ customer: 'Jane' }, { customer: ['must be an object'] }],
    [{ credit_card: undefined }, { credit_card: { number: ["can't be blank"] } }],
  ])('refuse %o', (fields, errors) => {
    expect(errorsOf(fields)).toEqual(errors)
  })

  it('count characters, not code units, up to 255', () => {
    expect(errorsOf({ description: '😀'.repeat(255) })).toEqual({})
  })

  it.each([
    [card('4200000000000001'), { number: ['is not a card number'] }],
    [card('4200000000000000', { exp_month: '13' }), { exp_month: ['is not a month from 01 to 12'] }],
    [card('4200000000000000', { exp_year: '35' }), { exp_year: ['is not a year of four digits'] }],
    [
      card('4200000000000000', { verification_value: '12' }),
      { verification_value: ['is not a code of 3 or 4 digits'] },
    ],
    [card('4200000000000000', { exp_month: '12', exp_year: '2025' }), { date: ['is expired'] }],
    [{ holder: 'X' }, { number: ["can't be blank"], exp_month: ["can't be blank"], exp_year: ["can't be blank"] }],
  ])('refuse the card %o', (creditCard, errors) => {
    expect(errorsOf({ credit_card: creditCard })).toEqual({ credit_card: errors })
  })

  it('take a card until the end of its last month', () => {
    const lastMonth = card('4200000000000000', { exp_month: '01', exp_year: '2026' })
    expect(checkRequest('payments', payment({ credit_card: lastMonth }), Date.UTC(2026, 0, 31, 23))).toEqual({})
    expect(checkRequest('payments', payment({ credit_card: lastMonth }), Date.UTC(2026, 1, 1))).not.toEqual({})
  })

  it('take a token in place of a card, and an encrypted card', () => {
    expect(errorsOf({ credit_card: { token: 'a'.repeat(64) } })).toEqual({})
    const fields = { number: encrypted('c2VjcmV0'), verification_value: encrypted('c2VjcmV0'), save_card: true }
    expect(errorsOf({ credit_card: undefined, encrypted_credit_card: fields })).toEqual({})
    expect(errorsOf({ credit_card: undefined, encrypted_credit_card: { number: '4200000000000000' } })).toEqual({
      encrypted_credit_card: { number: ['is not encrypted by the script of the gateway'] },
    })
  })

  const number = encrypted('c2VjcmV0')
  it.each([
    ['flags beside an encrypted card', { save_card: true }, { number }, {}],
    ['a token beside its encrypted security code', { token: 'a'.repeat(64) }, { verification_value: number }, {}],
    [
      'flags beside an encrypted card without its number',
      { save_card: true },
      { verification_value: number },
      { encrypted_credit_card: { number: ["can't be blank"] } },
    ],
    [
      'a flag that is none',
      { save_card: 'perhaps' },
      { number },
      { credit_card: { save_card: ['must be true or false'] } },
    ],
    [
      'a card in the clear that is none, beside an encrypted one',
      { number: '4200000000000001', exp_month: '05', exp_year: '2030' },
      { number },
      { credit_card: { number: ['is not a card number'] } },
    ],
  ])('read a card in two parts: %s', (_, credit_card, encrypted_credit_card, errors) => {
    expect(errorsOf({ credit_card, encrypted_credit_card })).toEqual(errors)
  })
})

it('repeats no value in any error', () => {
  const secret = '4111111111111112'
  const errors = errorsOf({ amount: secret, currency: secret, credit_card: card(secret), customer: { email: secret } })
  expect(Object.keys(errors)).toHaveLength(4)
  expect(JSON.stringify(errors)).not.toContain(secret)
})

it.each([
  ['captures', {}, ['parent_uid', 'amount']],
  ['voids', {}, ['parent_uid', 'amount']],
  ['refunds', {}, ['parent_uid', 'amount', 'reason']],
  ['credits', {}, ['amount', 'currency', 'description', 'credit_card']],
  ['payouts', {}, ['amount', 'currency', 'description', 'recipient_credit_card']],
  ['tokenizations', {}, ['credit_card']],
  ['status_queries', {}, ['tracking_id']],
  ['balance', {}, []],
])('%s require their fields', (type, request, fields) => {
  expect(Object.keys(checkRequest(type, request, now)).sort()).toEqual(fields.sort())
})

it('credits take a token only, payouts a card without its expiry date', () => {
  expect(errorsOf({}, 'credits')).toEqual({ credit_card: { token: ["can't be blank"] } })
  expect(errorsOf({ recipient_credit_card: { number: '4200000000000000' } }, 'payouts')).toEqual({})
})
