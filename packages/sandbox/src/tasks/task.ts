/** An asynchronous task, and what its two URLs say about it (protocol section 1). Pure. */
import type { TaskRecord } from '../records.ts'
import type { Reply } from '../reply.ts'
import type { Order } from '../request/order.ts'
import type { TransactionType } from '../request/transaction-types.ts'
import type { Shop } from '../shop.ts'

/** A 200 answer is kept for this long from the creation of its task; request ids live as long. */
export const retentionMs: number = 24 * 60 * 60 * 1000

/** What makes a task end otherwise than its request says. */
export interface Mishap {
  /** The answer in place of the standard one. */
  readonly reply: Reply
  /** Whether the transaction is processed all the same. */
  readonly charged: boolean
}

export interface Task {
  readonly id: string
  readonly type: TransactionType
  readonly shop: Shop
  readonly trackingId: string | undefined
  readonly requestIdHeader: string | undefined
  readonly createdAt: number
  /** When it is processed. */
  readonly dueAt: number
  /** What to process, or the refusal that its processing comes to. Dropped afterwards. */
  work: Order | Reply | undefined
  /** The uid that the transaction of its order will have. */
  readonly openUid: string | undefined
  mishap: Mishap | undefined
  answer: Reply | undefined
  /** Its processing has ended, with an answer or, when the gateway lost it, without one. */
  ended: boolean
  transactionUid: string | undefined
  /** A once-only answer has been handed out. */
  consumed: boolean
  /** The gateway knows nothing of it any more. */
  forgotten: boolean
  /** Until then the result says `processing` while the status says `completed`. */
  heldUntil: number | undefined
}

export type TaskView =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'processing' }
  | { readonly kind: 'completed' }
  /** The answer itself; `once` if it is delivered this time only. */
  | { readonly kind: 'answer'; readonly reply: Reply; readonly once: boolean }

/** What a read of the status or of the result finds. Whoever hands out a `once` answer marks it consumed. */
export function viewTask(task: Task, read: 'status' | 'result', now: number): TaskView {
  if (task.forgotten || task.consumed || now - task.createdAt >= retentionMs) return { kind: 'unknown' }
  if (task.heldUntil !== undefined && now < task.heldUntil) {
    return { kind: read === 'status' ? 'completed' : 'processing' }
  }
  if (!task.answer) return { kind: 'processing' }
  if (task.answer.status !== 200) return { kind: 'answer', reply: task.answer, once: true }
  return read === 'status' ? { kind: 'completed' } : { kind: 'answer', reply: task.answer, once: false }
}

/** The task as the sandbox tells of it. */
export function toTaskRecord(task: Task, now: number): TaskRecord {
  const { id, type, createdAt, dueAt, answer, trackingId, requestIdHeader, transactionUid } = task
  return {
    taskId: id,
    type: type.path,
    state: stateOf(task, now),
    createdAt,
    dueAt,
    ...(answer && { answerStatus: answer.status }),
    ...(trackingId !== undefined && { trackingId }),
    ...(requestIdHeader !== undefined && { requestIdHeader }),
    ...(transactionUid !== undefined && { transactionUid }),
  }
}

function stateOf(task: Task, now: number): TaskRecord['state'] {
  if (task.forgotten) return 'forgotten'
  if (task.consumed) return 'consumed'
  if (now - task.createdAt >= retentionMs) return 'expired'
  return task.answer ? 'completed' : 'processing'
}
