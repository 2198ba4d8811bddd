/**
 * The payment as a pure machine: how each response changes what is known. It draws no chance and touches no network, and
 * the time is an argument, so that every state and every event can be enumerated. A settled record never changes, but that
 * a verified webhook or a lookup may turn `unknown` and `gateway-error` into a result, and correct a result.
 */
import { supersedes } from '../schema/supersedes.ts'
import { readTransaction, type Transaction } from '../schema/transaction.ts'
import { counts, lookedUp } from './lookups.ts'
import type { PaymentEvent } from './payment-event.ts'
import { polled } from './polling.ts'
import type { PaymentRecord } from './record.ts'
import { settle } from './settle.ts'
import { submitted } from './submission.ts'

/** The exchange that comes next. */
export type Phase = 'settled' | 'lookup' | 'submit' | 'poll'

export const phaseOf = ({ ending, gone, failure, lookups, unread, requestId }: PaymentRecord): Phase =>
  ending ? 'settled' : gone || failure || lookups || unread ? 'lookup' : requestId ? 'poll' : 'submit'

/** The record after `event`, at `now` in epoch milliseconds. The same object if it changes nothing. */
export function reduce(record: PaymentRecord, event: PaymentEvent, now: number): PaymentRecord {
  if (record.ending) return corrected(record, event, now)
  if (event.type === 'answered') return settle(record, { status: 'result', body: event.body, via: event.via })
  switch (phaseOf(record)) {
    case 'submit':
      return event.type === 'listed' ? found(record, event.ours, now) : submitted(record, event)
    case 'poll':
      return event.type === 'listed' ? found(record, event.ours, now) : polled(record, event, now)
    default:
      return lookedUp(record, event, now)
  }
}

/** A lookup that was not planned: it changes nothing unless it finds the transaction. */
const found = (record: PaymentRecord, ours: Transaction | undefined, now: number): PaymentRecord =>
  ours && counts(record, ours, false, now)
    ? settle(record, { status: 'result', body: { transaction: ours }, via: 'lookup' })
    : record

/** News after the end. */
function corrected(record: PaymentRecord, event: PaymentEvent, now: number): PaymentRecord {
  const { ending, lookups } = record
  if (event.type !== 'listed' && (event.type !== 'answered' || event.via === 'task')) return record
  const next = event.type === 'listed' ? event.ours : readTransaction(event.body)
  if (!next) return record
  const body = event.type === 'listed' ? { transaction: next } : event.body
  const settled = settle(record, { status: 'result', body, via: event.type === 'listed' ? 'lookup' : event.via })
  if (ending?.status === 'result') {
    const known = readTransaction(ending.body)
    return known?.uid && known.uid === next.uid && supersedes(known, next) ? settled : record
  }
  if (ending?.status === 'error' && ending.code !== 'gateway-error') return record
  if (event.type === 'answered' || counts(record, next, false, now)) return settled
  // The next lookup that lists it alone will count.
  return lookups?.found === next.uid
    ? record
    : { ...record, lookups: { asked: 0, empty: 0, ...lookups, found: next.uid } }
}
