import { expect, it } from 'vitest'
import type { TransactionErrorCode } from '../errors/transaction-error.ts'
import type { PaymentRecord } from '../payment/record.ts'
import { errorOf } from './snapshot.ts'

const record: PaymentRecord = {
  v: 1,
  requestKey: 'k',
  trackingId: 't',
  type: 'payments',
  createdAt: 0,
  polls: 0,
  lost: 0,
  tries: 0,
  requestId: 'id',
}

it.each([
  ['config', 'nothing was sent'],
  ['submit-lost', 'before paying again'],
  ['unauthorized', 'credentials'],
  ['protocol', 'another task'],
  ['deadline', 'resume the handle'],
  ['stopped', 'resume the handle'],
  ['gateway-error', 'gave no reason'],
] as [TransactionErrorCode, string][])('an error %s says what to do, and which payment it is about', (code, text) => {
  const { message, requestKey, trackingId, requestId } = errorOf({ code }, record)
  expect(message).toContain(text)
  expect({ requestKey, trackingId, requestId }).toEqual({ requestKey: 'k', trackingId: 't', requestId: 'id' })
})

it('an error that the gateway gave a reason for says that', () => {
  expect(errorOf({ code: 'protocol', message: 'Blocked' }, record).message).toBe('Blocked')
})

it.each(['gateway-error', 'submit-rejected'] as const)('an error %s has complaints by field, if only none', (code) => {
  expect(errorOf({ code }, record)).toHaveProperty('fieldErrors', {})
  const fieldErrors = { amount: ['is odd'] }
  expect(errorOf({ code, fieldErrors }, record)).toHaveProperty('fieldErrors', fieldErrors)
  expect(errorOf({ code: 'deadline' }, record)).not.toHaveProperty('fieldErrors')
})

it('a lost submission names what `check()` needs to look it up', () => {
  const lost = errorOf({ code: 'submit-lost' }, { ...record, amount: 3245, currency: 'KZT' }).toJSON()
  expect(lost).toMatchObject({
    requestKey: 'k',
    trackingId: 't',
    type: 'payments',
    amount: 3245,
    currency: 'KZT',
    createdAt: 0,
  })
})
