/** What `createClient` makes. */
import type { AbortSignalLike } from '../observable/on-abort.ts'
import type { RequestOf, TransactionType } from '../schema/request-types.ts'
import type { Transaction } from '../schema/transaction.ts'
import type { TaskHandle } from '../task/record.ts'
import type { TaskSnapshot } from '../task/state.ts'
import type { TransactionTask } from '../task/transaction-task.ts'

export interface SubmitOptions {
  /**
   * The idempotency key, sent as `RequestID`: up to 255 visible ASCII characters, unique for each new request. Submitting
   * again under the same key is the same payment. @default a UUID
   */
  requestKey?: string
  /** The shop's word for the payment method, such as `card`, for a schedule that learns. Kept in the handle: no secret. */
  paymentMethod?: string
  /** Stops the task when it aborts; aborted already, nothing is sent. */
  signal?: AbortSignalLike
}

/** What one stateless step found out. */
export interface Check {
  readonly state: TaskSnapshot
  /** Replaces the handle that was given. */
  readonly handle: TaskHandle
  /** Milliseconds until the next step should be taken; absent when there is none to take. */
  readonly nextCheckMs?: number
}

/** Submits transactions and finds them again. */
export interface Client {
  /**
   * Submits a transaction, at once and once, whoever observes it. The request is checked and serialised at the call.
   * A `requestKey` that is under way in this client returns its task. Protocol sections 1 to 3.
   *
   * @throws TransactionError `request-invalid` for a request that breaks a rule, `config` for an unknown option
   */
  submit<T extends TransactionType>(type: T, request: RequestOf<T>, options?: SubmitOptions): TransactionTask
  /**
   * The task of a handle: after a reload, a redirect, in another process. One that is under way in this client is
   * returned as it is.
   *
   * @throws TransactionError `request-invalid` for what is not a handle
   */
  resume(handle: TaskHandle): TransactionTask
  /**
   * One stateless step, of one exchange: for an edge function that must not wait. Pass the returned handle on to the next
   * step, until there is no `nextCheckMs`. On Workers, of a client that the request made: what a request has under way ends
   * with it.
   *
   * @throws TransactionError `request-invalid` for what is not a handle
   */
  check(handle: TaskHandle): Promise<Check>
  /**
   * The transactions under a tracking id, the latest ten at most, or the one with a uid. Empty if there is none.
   * Protocol section 5.
   *
   * @throws TransactionError what the gateway answered instead
   */
  find(by: { trackingId: string } | { uid: string }): Promise<Transaction[]>
  /**
   * The tasks of the journal after a crash or a reload. Taken ones go on when they are observed; a submission nobody
   * heard of is looked up until ten minutes after it was made; settled ones show their outcome again for 24 hours.
   */
  recover(): Promise<TransactionTask[]>
}
