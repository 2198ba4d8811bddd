/** The states of a task, as its observers see them. */
import type { AnyTransactionError } from '../errors/is-transaction-error.ts'
import type { UnknownCause, Via } from '../payment/record.ts'
import type { Transaction } from '../schema/transaction.ts'

export type { UnknownCause } from '../payment/record.ts'

/** The gateway works on it. Emitted when the task is accepted, and after every poll that brought no outcome. */
export interface ProcessingState {
  readonly status: 'processing'
  readonly requestId: string
  /** The number of polls so far. */
  readonly polls: number
  /** Milliseconds since the gateway accepted the task. */
  readonly elapsedMs: number
  /** Milliseconds until the next poll. */
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
  /** The source: the task itself, a verified webhook, or a lookup. */
  readonly via: Via
}

/** The outcome could not be learned: neither a success nor a failure. Protocol section 1. */
export interface UnknownState {
  readonly status: 'unknown'
  readonly requestId: string
  readonly cause: UnknownCause
  /** Transactions that may be this one, when more than one may. */
  readonly candidates: readonly Transaction[]
}

/** The emissions of a task, in the order `processing* → completed? → result | unknown`. */
export type TaskState = ProcessingState | CompletedState | ResultState | UnknownState

/** The task ended in an error, or was stopped. */
export interface ErrorSnapshot {
  readonly status: 'error'
  readonly error: AnyTransactionError
}

/** The value of `getSnapshot()`: the last emission, or the state before or instead of one. */
export type TaskSnapshot = { readonly status: 'submitting' } | TaskState | ErrorSnapshot

/** The end of a task. */
export type Outcome = ResultState | UnknownState | ErrorSnapshot

/** Whether the outcome is still to come: disable the button. */
export function isPending(state: {
  readonly status: TaskSnapshot['status'] | 'idle'
}): state is { readonly status: 'submitting' } | ProcessingState | CompletedState {
  switch (state.status) {
    case 'submitting':
    case 'processing':
    case 'completed':
      return true
    default:
      return false
  }
}
