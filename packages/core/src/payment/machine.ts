/**
 * The payment as a pure machine: how each response changes what is known. It draws no chance and touches no network, and
 * the time is an argument, so that every state and every event can be enumerated. A settled record never changes, but that
 * a verified webhook or a lookup may turn `unknown` and `gateway-error` into a result, and correct a result.
 */
import type { Effect } from '../errors/transaction-error.ts'
import { supersedes } from '../schema/supersedes.ts'
import { readTransaction, type Transaction } from '../schema/transaction.ts'
import { counts, lookedUp } from './lookups.ts'
import { polled } from './polling.ts'
import type { Failure, FailureDetails, PaymentRecord, UnknownCause, Via } from './record.ts'
import { settle } from './settle.ts'
import { submitted } from './submission.ts'

/** The meaning of a response, or an event from outside. */
export type PaymentEvent =
  | { readonly type: 'accepted'; readonly requestId: string; readonly skewMs?: number }
  | { readonly type: 'processing' }
  | { readonly type: 'completed' }
  /** A result, by the task, a verified webhook or a lookup. */
  | { readonly type: 'answered'; readonly body: unknown; readonly via: Via }
  /**
   * A lookup that was answered. `ours`: the transaction that is ours, as far as the list tells. `open`: an entry that may
   * be ours has no status yet.
   */
  | {
      readonly type: 'listed'
      readonly ours?: Transaction | undefined
      readonly candidates: readonly Transaction[]
      readonly open?: boolean
    }
  /** A refused POST; `certain`: in a shape that only the gateway, or our proxy, uses. */
  | { readonly type: 'refused'; readonly details: FailureDetails; readonly certain: boolean }
  /** 401 or 403; `renewed`: the credentials have changed since. */
  | { readonly type: 'denied'; readonly details: FailureDetails; readonly renewed?: boolean }
  /** An error in JSON to a GET: the gateway's, or that of a server on the way. */
  | { readonly type: 'error'; readonly details: FailureDetails }
  /** An error that our proxy has confirmed, and looked up. */
  | { readonly type: 'confirmed'; readonly details: FailureDetails; readonly effect: Effect }
  /** Too early or too often: wait as told. */
  | { readonly type: 'throttled'; readonly details: FailureDetails }
  /** Nothing was sent, since there were no credentials. */
  | { readonly type: 'unsent'; readonly cause?: string | undefined }
  | { readonly type: 'lost'; readonly cause?: string | undefined }
  /**
   * 404 `unknown`. `certain`: it names our task. `told`: our proxy gives the cause, and would have returned any error of
   * the gateway.
   */
  | { readonly type: 'gone'; readonly cause: UnknownCause; readonly certain: boolean; readonly told?: boolean }
  /** The next POST would leave too late. */
  | { readonly type: 'late' }
  /** A response about another task, or a limit of ours. */
  | { readonly type: 'failed'; readonly failure: Failure }

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
  return lookups?.found === next.uid ? record : { ...record, lookups: { asked: 0, empty: 0, ...lookups, found: next.uid } }
}
