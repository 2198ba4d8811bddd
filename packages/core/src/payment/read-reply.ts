/**
 * The meaning of a response: the table of answers, read from the left, where the first column that fits decides. Servers on
 * the way speak JSON, too, so a response counts as the gateway's word only where nobody else could have said it. Pure.
 * Protocol sections 1 and 4.
 */
import type { Effect } from '../errors/transaction-error.ts'
import { FAULT_FIELDS, gatewayFault, isDuplicate, isGatewayShape } from '../schema/gateway-fault.ts'
import { isTaskStatus, REQUEST_ID, type TaskStatus } from '../schema/task-status.ts'
import { readTransaction, readTransactions } from '../schema/transaction.ts'
import type { LossReason, Reply } from '../transport/attempt.ts'
import { choose, chooseAnyAge, type Wanted } from './choose.ts'
import type { Operation } from './client-event.ts'
import type { PaymentEvent } from './payment-event.ts'
import { type FailureDetails, RETENTION_MS, type UnknownCause } from './record.ts'

/** The meaning of a response, and why it counts as lost, if it does. */
export type Reading = PaymentEvent & { readonly reason?: LossReason | 'unexpected' }

/** The facts of a payment that its responses are read by. */
export interface Asked extends Wanted {
  /** When it was submitted, in epoch milliseconds. */
  readonly createdAt: number
  /** When the request left, in epoch milliseconds. */
  readonly askedAt: number
  readonly requestId?: string | undefined
  readonly skewMs?: number | undefined
  /** The lookup before the first POST. */
  readonly unread?: boolean | undefined
  /** The card's code, while the request is still held: no error may echo it. */
  readonly cvc?: string | undefined
}

/** Types whose standard answer is a transaction. For any other a 200 of `response_url` is the result as it is. */
const WITH_TRANSACTION = /^(payment|authorization|capture|void|refund|payout|credit|checkup|tokenization)s$/

/** Statuses of a POST that may be about an earlier copy of it: transports and servers on the way send it again. */
const IN_DOUBT: readonly number[] = [408, 409, 423, 425, 499]

/** `clockMs` is our clock, in epoch milliseconds. */
export function readReply(reply: Reply, operation: Operation, asked: Asked, clockMs: number): Reading {
  const { lost, cause } = reply
  // A clock that was set back: nothing is answered before it was submitted.
  const now = Math.max(clockMs, asked.createdAt)
  if (lost === 'auth') return { type: 'unsent', reason: lost, cause }
  if (lost) return { type: 'lost', reason: lost, ...(cause && { cause }) }
  if (operation === 'lookup') return readLookup(reply, asked, now)
  if (operation === 'submit') return readAcknowledgement(reply, asked, now)
  return readTask(reply, operation, asked, now)
}

/** Not what the protocol knows: it may have been the answer all the same, so it counts as lost. */
const unexpected = (cause?: string): Reading => ({ type: 'lost', reason: 'unexpected', ...(cause && { cause }) })

function readAcknowledgement(reply: Reply, { cvc }: Asked, now: number): Reading {
  const { httpStatus, json, date, renewed } = reply
  const details = detailsOf(reply, cvc)
  const task = taskStatus(json)
  const id = task?.request_id
  // Under this answer nothing can be polled, and it may have been taken.
  if (task && httpStatus !== 429 && (task.status === 'unknown' || (typeof id === 'string' && !REQUEST_ID.test(id))))
    return { type: 'failed', failure: { ...details, code: 'protocol', effect: 'unknown' } }
  if (httpStatus < 300)
    // How far the gateway's clock is ahead of ours, by its `Date` header.
    return task && id ? { type: 'accepted', requestId: id, ...(date && { skewMs: date - now }) } : unexpected()
  if (isThrottled(reply)) return { type: 'throttled', details }
  if (httpStatus > 499 || IN_DOUBT.includes(httpStatus) || isDuplicate(details)) return unexpected(`HTTP ${httpStatus}`)
  const denied = httpStatus === 401 || httpStatus === 403
  if (denied && json !== undefined) return { type: 'denied', details, ...(renewed && { renewed }) }
  return { type: 'refused', details, certain: !denied && (isGatewayShape(json) || isSpentAttempt(reply)) }
}

/** Our proxy knows that this attempt was declined, and sent nothing. */
const isSpentAttempt = ({ httpStatus, json }: Reply): boolean =>
  httpStatus === 422 && (json as { readonly code?: unknown } | null)?.code === 'attempt-used'

function readTask(reply: Reply, operation: 'status' | 'result', asked: Asked, now: number): Reading {
  const { httpStatus, json } = reply
  const { request_id: id, confirmed, effect } = (json ?? {}) as TaskStatus
  // About another task, whatever else is in it.
  const foreign = typeof id === 'string' && id !== asked.requestId
  const details = detailsOf(foreign ? { ...reply, json: undefined } : reply)
  if (isThrottled(reply)) return { type: 'throttled', details }
  if (httpStatus === 401 || httpStatus === 403) return { type: 'denied', details }
  if (foreign) return { type: 'failed', failure: { ...details, code: 'protocol' } }
  if (readTransaction(json)) return { type: 'answered', body: json, via: 'task' }
  const task = taskStatus(json)
  switch (task?.status) {
    case 'unknown':
      return { type: 'gone', certain: id === asked.requestId, ...causeOf(task, now - asked.createdAt) }
    case 'processing':
      return { type: 'processing', askedAt: asked.askedAt }
    case 'completed':
      return operation === 'status' ? { type: 'completed', askedAt: asked.askedAt } : unexpected()
  }
  // Too early, says a server on the way: nothing is done yet.
  if (httpStatus === 425) return { type: 'throttled', details }
  if (operation === 'result' && httpStatus < 300 && isResultOf(asked.type, json))
    return { type: 'answered', body: json, via: 'task' }
  if (!details.message) return unexpected()
  return confirmed === true
    ? { type: 'confirmed', details, effect: effect === 'none' ? 'none' : ('unknown' satisfies Effect) }
    : { type: 'error', details }
}

/** Whether it is the result of a type that makes no transaction, or a card token, which a tokenization may answer with. */
function isResultOf(type: string, json: unknown): boolean {
  if (!json || typeof json !== 'object') return false
  if (WITH_TRANSACTION.test(type)) return type === 'tokenizations' && 'token' in json && 'stamp' in json
  // An error says nothing else.
  return !gatewayFault(json) || Object.keys(json).some((field) => !FAULT_FIELDS.includes(field))
}

function readLookup(reply: Reply, asked: Asked, now: number): Reading {
  const { httpStatus, json, date } = reply
  if (isThrottled(reply)) return { type: 'throttled', details: {} }
  const alone = readTransaction(json)
  const transactions = httpStatus < 300 ? (alone ? [alone] : readTransactions(json)) : undefined
  // Of a tracking id the gateway says "none" by an empty list: a 404 is not its word.
  if (!transactions) return unexpected(`HTTP ${httpStatus}`)
  const { askedAt } = asked
  if (asked.unread) return { type: 'listed', askedAt, ...chooseAnyAge(transactions, asked) }
  // Transactions are dated by the gateway's clock. Ours may be wrong, and may have been set right since.
  const skewMs = asked.skewMs ?? (date ?? now) - now
  const chosen = choose(transactions, asked, asked.createdAt + skewMs)
  // Either clock may be a day off: what may have taken money proves, at any age, that the list is not empty.
  const open = chosen.open || (!chosen.candidates.length && chooseAnyAge(transactions, asked).candidates.length > 0)
  return { type: 'listed', askedAt, ...chosen, ...(open && { open }) }
}

const taskStatus = (json: unknown): TaskStatus | undefined =>
  isTaskStatus(json) && TASK_WORDS.includes(json.status) ? json : undefined

const TASK_WORDS: readonly string[] = ['processing', 'completed', 'unknown']

const isThrottled = ({ httpStatus, retryAfterMs }: Reply): boolean =>
  httpStatus === 429 || (httpStatus === 503 && retryAfterMs !== undefined)

const detailsOf = ({ httpStatus, gatewayRequestId, json }: Reply, cvc?: string): FailureDetails => ({
  ...(httpStatus && { httpStatus }),
  ...(gatewayRequestId && { gatewayRequestId }),
  ...gatewayFault(json, cvc),
})

/** A proxy may know why the gateway no longer knows the task; another tab, that it lost a response. */
function causeOf({ cause, lost }: TaskStatus, ageMs: number): { cause: UnknownCause; told?: true } {
  const told = typeof cause === 'string' && CAUSES.includes(cause)
  const expired = cause === 'expired' || ageMs >= RETENTION_MS
  return {
    cause: lost === true || cause === 'answer-lost' ? 'answer-lost' : expired ? 'expired' : 'not-found',
    ...(told && { told }),
  }
}

const CAUSES: readonly string[] = ['answer-lost', 'expired', 'not-found'] satisfies UnknownCause[]
