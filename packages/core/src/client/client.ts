/** The client that `createClient` makes. */
import type { Clock } from '../lib/clock.ts'
import type { AbortSignalLike } from '../observable/on-abort.ts'
import type { TaskHandle } from '../payment/handle.ts'
import type { Plural, RequestOf, TransactionType } from '../schema/request-types.ts'
import type { Transaction } from '../schema/transaction.ts'
import type { TransactionTask } from '../task/transaction-task.ts'
import type { Check, LostSubmission } from './check.ts'
import type { FindBy } from './find.ts'

export interface SubmitOptions {
  /**
   * The idempotency key, sent as `RequestID`: up to 255 visible ASCII characters, unique for each new request. Submitting
   * again under the same key is the same payment. @default a UUID
   */
  requestKey?: string | undefined
  /** The shop's word for the payment method, such as `card`, for a schedule that learns. Kept in the handle: no secret. */
  paymentMethod?: string | undefined
  /** Stops the task that is returned, and no other of the payment. Aborted already, nothing is sent for a new payment. */
  signal?: AbortSignalLike | undefined
}

export interface RecoverOptions {
  /** Only the payments of this order: pages use it. @default all */
  trackingId?: string | undefined
  /** At most so many payments. @default all */
  limit?: number | undefined
}

/** Submits transactions and finds them again. */
export interface Client {
  /**
   * Submits a transaction, at once and once, whether it is observed or not. The request is checked and serialised at the
   * call. Under a `requestKey` that is known it is the same payment: under way or answered, its task is returned; ended
   * without an answer, it goes on. Protocol sections 1 to 3.
   *
   * @throws TransactionError `request-invalid` for a request that breaks a rule, or that differs in type, tracking id,
   * amount or currency from the payment under its `requestKey`; `config` for an unknown option. Nothing was sent
   */
  submit<T extends TransactionType>(type: Plural<T>, request: RequestOf<T>, options?: SubmitOptions): TransactionTask
  /**
   * The task of a handle: after a reload, a redirect, in another process. A payment that is under way in this client has
   * one task. One that ended without an answer is polled again; an unknown one once a minute at most.
   *
   * @throws TransactionError `request-invalid` if it is no handle
   */
  resume(handle: TaskHandle): TransactionTask
  /**
   * One stateless step: for an edge function that must not wait. Pass the returned handle on to the next step, until there
   * is no `nextCheckMs`; the handle of an older step does no harm. It follows a transaction that is `incomplete` or
   * `pending`. Give it the fields of a `submit-lost` error to look that submission up. On Workers, use a client that the
   * request made: what a request has under way ends with it.
   *
   * @throws TransactionError `request-invalid` if it is no handle
   */
  check<Handle extends TaskHandle | LostSubmission>(handle: Handle): Promise<Check<Handle>>
  /**
   * The transactions under a tracking id, the latest ten at most, or the one with a uid. Empty if there is none. One that
   * has just begun may have no status yet. Protocol section 5.
   *
   * @throws UnknownOutcomeError if the gateway did not answer
   * @throws TransactionError the gateway's error
   */
  find(by: FindBy): Promise<Transaction[]>
  /**
   * The tasks of the journal after a crash or a reload. Accepted ones go on when they are observed; a submission without an
   * acknowledgement is looked up until ten minutes after it was made; settled ones replay their outcome for 24 hours,
   * unknown ones are polled again. Payments of another shop, or at another gateway, are passed over.
   */
  recover(options?: RecoverOptions): Promise<TransactionTask[]>
  /** The client's time, and its chance: for code that stands beside it. */
  readonly clock: Clock
  readonly random: () => number
}
