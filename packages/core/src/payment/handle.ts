/** A payment in the form to keep and pass on: plain JSON without a secret. */
import { taskPath } from './path.ts'
import { type Intent, type PaymentRecord, type Progress, reopened } from './record.ts'

/** Finds a task again, after a reload or in another process. */
export interface TaskHandle extends Intent, Progress {
  /** The gateway's id of the task. */
  readonly requestId: string
  readonly statusUrl: string
  readonly responseUrl: string
}

/** The handle of a task that was accepted. */
export function handleOf(record: PaymentRecord, baseUrl: string): TaskHandle | undefined {
  const { requestId } = record
  if (requestId === undefined) return undefined
  return {
    ...stateOf(record),
    requestId,
    statusUrl: baseUrl + taskPath('status', requestId),
    responseUrl: baseUrl + taskPath('result', requestId),
  }
}

/** All that another process needs to go on, a lost submission included. */
export function stateOf(record: PaymentRecord): Intent & Progress {
  // After an end of our polling it goes on from the task.
  const known = record.ending?.status === 'unknown' ? reopened(record) : record
  const { tries, refusal, failure, recovered, unread, ending, savedAt, alive, ...state } = known
  const entries = Object.entries(state).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as unknown as Intent & Progress
}
