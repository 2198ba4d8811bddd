/**
 * Everything that is known of one payment, as one piece of plain JSON: the state of the machine, the entry in the journal
 * and, with its URLs, the handle. It holds no secret and no card data.
 */
import type { TransactionErrorFields } from '../errors/transaction-error.ts'
import type { Transaction } from '../schema/transaction.ts'
import { taskPath } from './path.ts'
import type { UnknownCause } from './state.ts'

/** An error as data, so that it can be compared, stored and replayed. */
export type Failure = TransactionErrorFields

/** What an answer tells of a failure, whatever comes of it. */
export type FailureDetails = Omit<Failure, 'code' | 'effect'>

/** How it ended. */
export type Ending =
  | { readonly status: 'result'; readonly body: unknown; readonly via: 'task' | 'webhook' | 'lookup' }
  | { readonly status: 'unknown'; readonly cause: UnknownCause; readonly candidates: readonly Transaction[] }
  | ({ readonly status: 'error' } & Failure)

/** What a payment is known by from the moment it is submitted. */
export interface Intent {
  /** The version of the format. */
  readonly v: 1
  /** The idempotency key. */
  readonly requestKey: string
  /** The shop's id of the transaction; the `requestKey` if the request had none. */
  readonly trackingId: string
  /** The type of the request, such as `payments`. */
  readonly type: string
  readonly amount?: number | undefined
  readonly currency?: string | undefined
  /** When it was submitted, in milliseconds since the epoch. */
  readonly createdAt: number
  /** The shop's word for the payment method, if it gave one. */
  readonly paymentMethod?: string | undefined
}

/** What is known of it since. */
export interface Progress {
  /** How often the task has been asked after. */
  readonly polls: number
  /** How often the answer was not seen: it may be gone with it. */
  readonly lost: number
  /** An error that the gateway gave with a "try again later", in case it knows nothing more later. */
  readonly lastWords?: FailureDetails | undefined
  /** The task is known to be done: ask for the result. */
  readonly completed?: boolean | undefined
  /** How far the gateway's clock was ahead of ours when it took the task, in milliseconds, if it was off. */
  readonly skewMs?: number | undefined
  /** The gateway no longer knows the task, and why: look the transaction up. */
  readonly gone?: UnknownCause | undefined
}

/** Finds a task again, after a reload or in another process. */
export interface TaskHandle extends Intent, Progress {
  /** The gateway's id of the task. */
  readonly requestId: string
  readonly statusUrl: string
  readonly responseUrl: string
}

export interface TaskRecord extends Intent, Progress {
  /** The gateway's id of the task, once it took it. */
  readonly requestId?: string | undefined
  /** POSTs, or lookups, in a row that brought nothing. */
  readonly tries: number
  /** What is left in the token bucket that bounds questions after losses. */
  readonly credit: number
  /** A POST was sent whose answer was not seen. */
  readonly maybeTaken?: boolean
  /** The submission is given up, and this is how it ends if the lookup finds nothing. */
  readonly failure?: Failure
  /** After a restart there are no bytes to send again: it can only be looked up, patiently. */
  readonly recovered?: boolean
  readonly ending?: Ending
  /** When the journal had it, in milliseconds since the epoch. */
  readonly savedAt?: number
}

/** Losses in a row before questions are spaced out. */
export const CREDIT = 10

/** What is known of a task that was taken, in the form to keep and pass on. */
export function handleOf(record: TaskRecord, baseUrl: string): TaskHandle | undefined {
  const { tries, credit, maybeTaken, failure, recovered, ending, savedAt, requestId, ...handle } = record
  return requestId === undefined
    ? undefined
    : {
        ...handle,
        requestId,
        statusUrl: baseUrl + taskPath('status', requestId),
        responseUrl: baseUrl + taskPath('result', requestId),
      }
}
