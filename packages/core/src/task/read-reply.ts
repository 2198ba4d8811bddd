/**
 * What a reply of the gateway means: the table of answers, read from the left, where the first column that fits decides.
 * Pure. Protocol sections 1 and 4.
 */
import type { TransactionErrorCode } from '../errors/transaction-error.ts'
import { gatewayFault } from '../schema/gateway-fault.ts'
import { isTaskStatus, REQUEST_ID, type TaskStatus } from '../schema/task-status.ts'
import { isTransactionBody, isTransactionList } from '../schema/transaction.ts'
import type { LossReason, Reply } from '../transport/attempt.ts'
import type { Operation } from './event.ts'
import { choose } from './lookup.ts'
import type { TaskEvent } from './machine.ts'
import type { FailureDetails, TaskRecord } from './record.ts'
import type { UnknownCause } from './state.ts'

/** What a reply says, and why it counts as not heard, if it does. */
export type Reading = TaskEvent & { readonly reason?: LossReason | 'unexpected' }

/** The gateway keeps a result for 24 hours. Protocol section 1. */
export const RETENTION_MS: number = 24 * 60 * 60_000

/** Types whose standard answer is a transaction. For any other a 200 of `response_url` is the result as it is. */
const WITH_TRANSACTION = /^(payment|authorization|capture|void|refund|payout|credit|checkup|tokenization)s$/

/** `clockMs` is our clock, in epoch milliseconds. */
export function readReply(reply: Reply, operation: Operation, record: TaskRecord, clockMs: number): Reading {
  const { httpStatus, json, lost, gatewayRequestId } = reply
  // A clock that was set back: nothing is answered before it was submitted.
  const now = Math.max(clockMs, record.createdAt)
  const submit = operation === 'submit'
  const task = isTaskStatus(json) && /^(processing|completed|unknown)$/.test(json.status) ? json : undefined
  const id = (json as { readonly request_id?: unknown } | null | undefined)?.request_id
  // Of another task, whatever else is in it. A lookup is about none, and a refusal of a POST may name anything.
  const foreign =
    typeof id === 'string' &&
    (submit ? task && !REQUEST_ID.test(id) : operation !== 'lookup' && id !== record.requestId)
  // Most replies complain of nothing, and are read no further than they need be.
  const details = (): FailureDetails => ({
    ...(httpStatus && { httpStatus }),
    gatewayRequestId,
    ...(!foreign && gatewayFault(json)),
  })
  const failed = (code: TransactionErrorCode): Reading => ({ type: 'failed', failure: { ...details(), code } })
  // Not what the protocol knows: it may have been the answer all the same, so it counts as one that was not heard.
  const unexpected: Reading = { type: 'lost', reason: 'unexpected' }

  if (lost && lost !== 'auth') return { type: 'lost', reason: lost }
  if (httpStatus === 429 || (httpStatus === 503 && reply.retryAfterMs !== undefined))
    return { type: 'throttled', details: details() }
  if (lost || httpStatus === 401 || httpStatus === 403) return failed('unauthorized')
  if (operation === 'lookup') return readTransactions(reply, record, now) ?? unexpected

  const success = httpStatus < 300
  if (foreign || (submit && task?.status === 'unknown')) return failed('protocol')
  if (!submit && isTransactionBody(json)) return { type: 'answered', body: json, via: 'task' }
  if (task) {
    const { status, request_id: requestId } = task
    if (submit) return success && requestId ? { type: 'accepted', requestId, ...skewOf(reply, now) } : unexpected
    if (status === 'unknown') return { type: 'gone', ...causeOf(task, now - record.createdAt) }
    if (status === 'processing') return { type: 'processing' }
    return operation === 'status' ? { type: 'completed' } : unexpected
  }
  // Too early, says whoever is in between: nothing is done yet.
  if (!submit && httpStatus === 425) return { type: 'throttled', details: details() }
  if (operation === 'result' && success && json && typeof json === 'object' && !WITH_TRANSACTION.test(record.type))
    return { type: 'answered', body: json, via: 'task' }
  if (!gatewayFault(json) || (submit && (success || httpStatus > 499))) return unexpected
  return failed(submit ? 'submit-rejected' : 'gateway-error')
}

/** A proxy may know why the gateway no longer knows the task; another tab, that it lost an answer. */
function causeOf({ cause, lost }: TaskStatus, ageMs: number): { cause: UnknownCause; told?: true } {
  const told = typeof cause === 'string' && /^(answer-lost|expired|not-found)$/.test(cause)
  const expired = cause === 'expired' || ageMs >= RETENTION_MS
  return {
    cause: lost === true || cause === 'answer-lost' ? 'answer-lost' : expired ? 'expired' : 'not-found',
    ...(told && { told }),
  }
}

/** How far the gateway's clock is ahead of ours, by its `Date` header. */
const skewOf = ({ date }: Reply, now: number): { skewMs?: number } => (date ? { skewMs: date - now } : {})

function readTransactions({ httpStatus, json, date }: Reply, record: TaskRecord, now: number): Reading | undefined {
  if (httpStatus === 404 && json) return { type: 'missing', candidates: [] }
  if (httpStatus > 299 || !isTransactionList(json)) return undefined
  // Transactions are dated by the gateway's clock. Ours may be wrong, and may have been set right since.
  const skewMs = record.requestId ? (record.skewMs ?? 0) : (date ?? now) - now
  const [transaction, candidates] = choose(json.transactions, record, record.createdAt + skewMs)
  return transaction ? { type: 'answered', body: { transaction }, via: 'lookup' } : { type: 'missing', candidates }
}
