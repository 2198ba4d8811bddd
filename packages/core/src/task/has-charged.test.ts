import { expect, it } from 'vitest'
import { TransactionError } from '../errors/transaction-error.ts'
import { hasCharged } from './has-charged.ts'
import type { TaskSnapshot } from './state.ts'

const result = (transaction?: { status: string }): object => ({ status: 'result', via: 'task', body: {}, transaction })
const error = (effect: 'none' | 'unknown'): object => ({
  status: 'error',
  error: new TransactionError({ code: 'gateway-error', effect, message: 'x' }),
})

it.each([
  ['a payment', result({ status: 'successful' }), true],
  ['a decline', result({ status: 'failed' }), false],
  ['a payment that was not made in time', result({ status: 'expired' }), false],
  ['a payment that waits for its customer', result({ status: 'incomplete' }), undefined],
  ['a status of the gateway that nobody knows', result({ status: 'not_failed_yet' }), undefined],
  ['a status that only ends like a decline', result({ status: 'not_failed' }), undefined],
  ['a status that only begins like a decline', result({ status: 'failed_over' }), undefined],
  ['an answer without a transaction', result(), undefined],
  ['an error that left the money alone', error('none'), false],
  ['an error that may have charged', error('unknown'), undefined],
  ['an unknown outcome', { status: 'unknown', requestId: 'id', cause: 'expired', candidates: [] }, undefined],
  ['a task that is completed and not read yet', { status: 'completed', requestId: 'id' }, undefined],
  ['a submission', { status: 'submitting' }, undefined],
])('of %s is told whether it charged', (_, state, charged) => {
  expect(hasCharged(state as TaskSnapshot)).toBe(charged)
})
