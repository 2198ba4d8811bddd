/** What is known of a task, as its observers see it. */

import type { AnyTransactionError } from '../errors/is-transaction-error.ts'
import { TransactionError, type TransactionErrorCode } from '../errors/transaction-error.ts'
import type { Estimate } from '../schedule/schedule.ts'
import { isTransactionBody } from '../schema/transaction.ts'
import type { Loop } from './loop.ts'
import type { Failure, TaskRecord } from './record.ts'
import { isAnswer } from './remember.ts'
import type { Settings } from './settings.ts'
import type { TaskSnapshot } from './state.ts'

export const SUBMITTING: TaskSnapshot = /* @__PURE__ */ Object.freeze({ status: 'submitting' })

const MESSAGES: Partial<Record<TransactionErrorCode, string>> = {
  config: 'The journal is required and could not be written: nothing was sent',
  'submit-lost': 'No answer was heard, and the gateway may have taken it: look it up before paying again',
  unauthorized: 'The credentials were not accepted, or could not be had',
  protocol: 'The gateway answered about another task, or with an id that is none',
  deadline: 'It was not done by the deadline: resume the handle to go on',
  stopped: 'It was stopped: resume the handle to go on',
}

/** The snapshot that follows `previous`: the same object if there is nothing new to see. */
export function snapshotOf({ known, settings, since, waitMs }: Loop, previous: TaskSnapshot): TaskSnapshot {
  const { requestId, ending, completed, polls } = known
  if (ending?.status === 'error') {
    const { status, ...failure } = ending
    return { status, error: errorOf(failure, known) }
  }
  if (ending?.status === 'result') {
    const { status, body, via } = ending
    return { status, requestId, ...(isTransactionBody(body) && { transaction: body.transaction }), body, via }
  }
  if (!requestId) return SUBMITTING
  if (ending) return { requestId, ...ending }
  if (completed) return previous.status === 'completed' ? previous : { status: 'completed', requestId }
  if (known.gone && previous.status === 'processing') return previous
  const elapsedMs = Math.max(0, settings.clock.now() - since)
  const estimate = estimateOf(settings, known, elapsedMs, previous)
  return { status: 'processing', requestId, polls, elapsedMs, nextPollMs: waitMs, ...estimate }
}

/** What the schedule thinks of it, if it does and makes sense. A task is never shown to go back, nor to be done. */
function estimateOf(
  { schedule }: Settings,
  { type, paymentMethod }: TaskRecord,
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
export const errorOf = (failure: Failure, { requestKey, trackingId, requestId }: TaskRecord): AnyTransactionError =>
  new TransactionError({
    message: MESSAGES[failure.code] ?? 'The gateway gave no reason',
    ...(isAnswer({ status: 'error', ...failure }) && { fieldErrors: {} }),
    ...failure,
    requestKey,
    trackingId,
    requestId,
  }) as AnyTransactionError
