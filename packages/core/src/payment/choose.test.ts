import { describe, expect, it } from 'vitest'
import { isOurs } from './choose.ts'
import type { Intent } from './record.ts'

const intent: Intent = {
  v: 1,
  requestKey: 'k',
  trackingId: 't',
  type: 'payments',
  amount: 3245,
  currency: 'KZT',
  createdAt: 0,
}
const payment = { status: 'successful', type: 'payment', amount: 3245, currency: 'KZT' }

describe('a transaction', () => {
  it.each([
    ['of the same type, amount and currency', payment, {}],
    ['of a currency in other letters', { ...payment, currency: 'kzt' }, {}],
    ['of any amount, where the request named none', { ...payment, amount: 1 }, { amount: undefined }],
    ['of any currency, where the request named none', { ...payment, currency: 'USD' }, { currency: undefined }],
    ['of a type that is the singular of ours', { ...payment, type: 'disbursement' }, { type: 'disbursements' }],
  ])('%s is ours', (_, transaction, fields) => {
    expect(isOurs(transaction, { ...intent, ...fields })).toBe(true)
  })

  it.each([
    ['of another type', { ...payment, type: 'refund' }, {}],
    ['of a type that only ends as ours does', { ...payment, type: 'prepayment' }, {}],
    ['of another amount', { ...payment, amount: 3246 }, {}],
    ['of no amount', { ...payment, amount: undefined }, {}],
    ['of another currency', { ...payment, currency: 'USD' }, {}],
  ])('%s is not', (_, transaction, fields) => {
    expect(isOurs(transaction as never, { ...intent, ...fields })).toBe(false)
  })
})
