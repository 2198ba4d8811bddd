import { describe, expect, it } from 'vitest'
import { validateRequest } from './request.ts'

const payment = { amount: 3245, currency: 'KZT', description: 'Order 17' }

describe('a request', () => {
  it('passes with its fields, and any other', () => {
    expect(
      validateRequest('payments', { ...payment, tracking_id: 'order-17', anything: { at: 'all' } }),
    ).toBeUndefined()
  })

  it.each([
    ['payments', { ...payment, amount: undefined }, 'amount is required'],
    ['payments', { currency: 'KZT', description: 'x' }, 'amount is required'],
    ['payments', { ...payment, amount: 0 }, 'amount must be a positive integer'],
    ['payments', { ...payment, amount: -5 }, 'amount must be a positive integer'],
    ['payments', { ...payment, amount: 32.45 }, 'amount must be a positive integer'],
    ['payments', { ...payment, amount: '3245' }, 'amount must be a positive integer'],
    ['payments', { ...payment, amount: Number.NaN }, 'amount must be a positive integer'],
    ['payments', { ...payment, amount: 2 ** 53 }, 'amount must be a positive integer'],
    ['payments', { ...payment, currency: 'TENGE' }, 'currency must be the three letters'],
    ['payments', { ...payment, currency: '398' }, 'currency must be the three letters'],
    ['payments', { ...payment, description: '' }, 'description must be a text of 1 to 255'],
    ['payments', { ...payment, description: 'x'.repeat(256) }, 'description must be a text of 1 to 255'],
    ['payments', { ...payment, tracking_id: 'x'.repeat(256) }, 'tracking_id must be'],
    ['payments', { ...payment, tracking_id: '..' }, 'tracking_id must be'],
    ['payments', { ...payment, tracking_id: 'a\nb' }, 'tracking_id must be'],
    ['payments', { ...payment, tracking_id: '\ud800' }, 'tracking_id must be'],
    ['authorizations', { amount: 1, currency: 'KZT' }, 'description is required'],
    ['captures', { amount: 1 }, 'parent_uid is required'],
    ['voids', { parent_uid: 'x' }, 'amount is required'],
    ['refunds', { parent_uid: 'x', amount: 1 }, 'reason is required'],
    ['credits', payment, 'credit_card is required'],
    ['payouts', payment, 'recipient_credit_card is required'],
    ['../status', payment, 'type must be a name'],
    ['', payment, 'type must be a name'],
  ])('of %s as %j is refused: %s', (type, request, complaint) => {
    expect(validateRequest(type, request)).toContain(complaint)
  })

  it('of a type of its own is checked as far as it is known', () => {
    expect(validateRequest('balance', {})).toBeUndefined()
    expect(validateRequest('constructor', {})).toBeUndefined()
    expect(validateRequest('chargebacks', { amount: -1 })).toContain('amount must be')
  })

  it('never shows a value', () => {
    const request = { ...payment, description: `4200000000000000${'x'.repeat(256)}`, currency: '4200000000000000' }
    expect(validateRequest('payments', request)).not.toContain('4200')
  })

  it('counts characters, not UTF-16 units', () => {
    expect(validateRequest('payments', { ...payment, description: '💳'.repeat(255) })).toBeUndefined()
  })
})
