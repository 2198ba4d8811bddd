/** A payment, as its observers see it. */
import type { AnyTransactionError } from '../errors/is-transaction-error.ts'
import { TransactionError, type TransactionErrorCode } from '../errors/transaction-error.ts'
import type { Payment } from '../payment/payment.ts'
import type { Failure, PaymentRecord } from '../payment/record.ts'
import type { Estimate, Schedule } from '../schedule/schedule.ts'
import { readTransaction } from '../schema/transaction.ts'
import type { TaskSnapshot } from './state.ts'

export const SUBMITTING: TaskSnapshot = /* @__PURE__ */ Object.freeze({ status: 'submitting' })

const MESSAGES: Partial<Record<TransactionErrorCode, string>> = {
  config: 'The journal is required and could not be written, or read: nothing was sent',
  'submit-lost': 'No answer came, and the gateway may have taken it: look it up before paying again',
  unauthorized: 'The credentials were not accepted, or could not be had',
  protocol: 'The gateway answered about another task, or with a malformed id',
  deadline: 'It was not done by the deadline: resume the handle to go on',
  stopped: 'It was stopped: resume the handle to go on',
}

/** The snapshot that follows `previous`: the same object if there is nothing new to see. */
export function snapshotOf(payment: Payment, previous: TaskSnapshot): TaskSnapshot {
  const snapshot = nextSnapshot(payment, previous)
  return snapshot === previous ? previous : Object.freeze(snapshot)
}

function nextSnapshot({ known, settings, age, waitMs }: Payment, previous: TaskSnapshot): TaskSnapshot {
  const { requestId, ending, completed, polls } = known
  if (ending?.status === 'error') {
    const { status, ...failure } = ending
    return { status, error: errorOf(failure, known) }
  }
  if (ending?.status === 'result') {
    const { status, body, via } = ending
    if (previous.status === status && previous.body === body) return previous
    const transaction = readTransaction(body)
    return { status, requestId, ...(transaction && { transaction }), body, via }
  }
  if (!requestId) return SUBMITTING
  if (ending) return { requestId, ...ending }
  if (completed) return previous.status === 'completed' ? previous : { status: 'completed', requestId }
  if (known.gone && previous.status === 'processing') return previous
  const elapsedMs = age.elapsedMs()
  const estimate = estimateOf(settings.schedule, known, elapsedMs, previous)
  return { status: 'processing', requestId, polls, elapsedMs, nextPollMs: waitMs, ...estimate }
}

/** The schedule's estimate, if there is one that makes sense. A task is never shown to go back, nor to be done. */
function estimateOf(
  schedule: Schedule,
  { type, paymentMethod }: PaymentRecord,
  elapsedMs: number,
  previous: TaskSnapshot,
): Estimate | undefined {
  try {
    const { progress = -1, expectedMs = -1 } = schedule.estimate?.({ type, paymentMethod, elapsedMs }) ?? {}
    const before = previous.status === 'processing' ? previous.progress : 0
    if (progress >= 0 && expectedMs >= 0)
      return { progress: Math.min(0.99, Math.max(progress, before ?? 0)), expectedMs: Math.round(expectedMs) }
  } catch {}
  return undefined
}

/** A failure, which is data, as the error an application gets. */
export function errorOf(failure: Failure, record: PaymentRecord): AnyTransactionError {
  const { requestKey, trackingId, requestId, type, amount, currency, createdAt } = record
  const { code } = failure
  return new TransactionError({
    message: MESSAGES[code] ?? 'The gateway gave no reason',
    ...((code === 'gateway-error' || code === 'submit-rejected') && { fieldErrors: {} }),
    ...failure,
    requestKey,
    trackingId,
    requestId,
    // With these `client.check()` looks it up.
    ...(code === 'submit-lost' && { type, amount, currency, createdAt }),
  }) as AnyTransactionError
}
