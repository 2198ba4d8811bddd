/** The end of a payment. */
import { readTransaction } from '../schema/transaction.ts'
import type { Ending, Failure, PaymentRecord } from './record.ts'

/** The record with its end. The uid of a transaction that is not final is kept: it can be followed. */
export function settle(record: PaymentRecord, ending: Ending): PaymentRecord {
  const { refusal, failure, unread, repeated, denied, retryQuota, ...known } = record
  const transaction = ending.status === 'result' ? readTransaction(ending.body) : undefined
  return { ...known, ending, ...(transaction?.uid && isOpen(transaction) && { uid: transaction.uid }) }
}

/** Whether a transaction waits: for its customer, or for a payment method that takes its time. */
export const isOpen = ({ status }: { readonly status: string }): boolean =>
  status === 'incomplete' || status === 'pending'

export const fail = (record: PaymentRecord, failure: Failure): PaymentRecord =>
  settle(record, { status: 'error', ...failure })
