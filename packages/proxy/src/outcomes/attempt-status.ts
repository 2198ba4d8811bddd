/** The status of an attempt, for the decision whether another one may charge. Pure. Protocol sections 1 and 4. */
import { RETENTION_MS, readTransaction } from '@async-transaction/core/protocol'
import type { IntentRecord, OrderAttempt, TaskRecord } from './records.ts'

/**
 * `none`: it certainly took no money. `paid`: it did. `running`: its POST or its task is under way. `waiting`: its
 * transaction waits for the customer or the bank. `doubt`: nobody knows.
 */
export type AttemptStatus = 'none' | 'paid' | 'running' | 'waiting' | 'doubt'

/** What is known of an attempt. */
export interface KnownAttempt {
  readonly entry: OrderAttempt
  readonly intent?: IntentRecord | undefined
  readonly task?: TaskRecord | undefined
}

export function attemptStatus({ entry, intent, task }: KnownAttempt, now: number): AttemptStatus {
  if (entry.verdict) return entry.verdict
  if (!intent) return 'doubt'
  const { answer, sentAt, postingUntil = 0 } = intent
  if (!answer) return sentAt === undefined ? 'none' : postingUntil > now ? 'running' : 'doubt'
  if (answer.httpStatus > 299) return sentAt === undefined ? 'none' : 'doubt'
  return task ? taskStatus(task, now) : 'doubt'
}

/** The status of a task that the gateway took. */
export function taskStatus({ outcome, lost, gone, createdAt }: TaskRecord, now: number): AttemptStatus {
  const status = readTransaction(outcome?.body)?.status
  switch (status) {
    case 'successful':
      return 'paid'
    case 'failed':
    case 'expired':
      return 'none'
    case 'incomplete':
    case 'pending':
      return 'waiting'
  }
  const { effect } = (outcome?.body ?? {}) as { readonly effect?: unknown }
  if (outcome) return effect === 'none' ? 'none' : 'doubt'
  return lost || gone || now - createdAt >= RETENTION_MS ? 'doubt' : 'running'
}
