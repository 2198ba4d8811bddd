/** What an observer of a task sees. */
import type { AnyTransactionError } from '../errors/is-transaction-error.ts'
import type { Transaction } from '../schema/transaction.ts'

/** The gateway works on it. Emitted when the task is taken and after every question that brought no outcome. */
export interface ProcessingState {
  readonly status: 'processing'
  readonly requestId: string
  /** How often the gateway has been asked. */
  readonly polls: number
  /** Milliseconds since the gateway took the task. */
  readonly elapsedMs: number
  /** Milliseconds until it is asked again. */
  readonly nextPollMs: number
  /**
   * The share of such tasks that are done by now: from 0 to 0.99, and never less than before. Only with a schedule that
   * has learned how long tasks take, such as `adaptiveSchedule`.
   */
  readonly progress?: number
  /**
   * Milliseconds from now in which half of the tasks like this one, not done by now, will be. So a bar may run from
   * `progress` to the middle between that and 1 in this time. Only together with `progress`.
   */
  readonly expectedMs?: number
}

/** The gateway is done; its answer is being fetched. Not seen with `strategy: 'result'`. */
export interface CompletedState {
  readonly status: 'completed'
  readonly requestId: string
}

/** The gateway's answer, final. A decline is a result: look at `transaction.status`. */
export interface ResultState {
  readonly status: 'result'
  /** Absent when the acknowledgement was lost and a lookup or a webhook brought the result. */
  readonly requestId?: string | undefined
  /** Absent for types of requests that make no transaction, such as `balance`. */
  readonly transaction?: Transaction
  /** The whole answer. */
  readonly body: unknown
  /** Who brought it: the task itself, a verified webhook, or a lookup by tracking id. */
  readonly via: 'task' | 'webhook' | 'lookup'
}

/**
 * Why the gateway knows nothing of the task: `answer-lost`, an answer was on its way and was not heard; `expired`, the
 * task is older than 24 hours; `not-found`, neither.
 */
export type UnknownCause = 'not-found' | 'expired' | 'answer-lost'

/** Nobody can say what came of it: neither a success nor a failure. Protocol section 1. */
export interface UnknownState {
  readonly status: 'unknown'
  readonly requestId: string
  readonly cause: UnknownCause
  /** Transactions that may be this one, when more than one may. */
  readonly candidates: readonly Transaction[]
}

/** What a task emits, in the order `processing* → completed? → result | unknown`. */
export type TaskState = ProcessingState | CompletedState | ResultState | UnknownState

/** The task ended in an error, or was stopped. */
export interface ErrorSnapshot {
  readonly status: 'error'
  readonly error: AnyTransactionError
}

/** What `getSnapshot()` gives: the last emission, or what came before or instead of one. */
export type TaskSnapshot = { readonly status: 'submitting' } | TaskState | ErrorSnapshot

/** What a task ended as. */
export type Outcome = ResultState | UnknownState | ErrorSnapshot
