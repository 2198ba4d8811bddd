/** A task as an Observable: a view of a payment, which applications hold. It decides nothing; the machine does. */
import type { AnyTransactionError } from '../errors/is-transaction-error.ts'
import { UnknownOutcomeError } from '../errors/unknown-outcome-error.ts'
import { isVerified } from '../lib/verified.ts'
import { makeDisposable, observableKey } from '../observable/interop.ts'
import { iterate } from '../observable/iterate.ts'
import { type AbortSignalLike, onAbort } from '../observable/on-abort.ts'
import { ReplaySubject } from '../observable/replay-subject.ts'
import type { ConsumerOptions, Observer, Subscription } from '../observable/subscriber.ts'
import { isOfNow, isOurs, isOwn, isSuccessful } from '../payment/choose.ts'
import { handleOf, type TaskHandle } from '../payment/handle.ts'
import type { Payment } from '../payment/payment.ts'
import type { PaymentView } from '../payment/views.ts'
import type { TransactionType } from '../schema/request-types.ts'
import { readTransaction, type Transaction } from '../schema/transaction.ts'
import { errorOf, SUBMITTING, snapshotOf } from './snapshot.ts'
import type { Outcome, TaskSnapshot, TaskState } from './state.ts'
import { watched } from './watch-outcome.ts'

/**
 * An asynchronous transaction at the gateway. It was submitted when it was made; observing it asks the gateway, and all
 * observers share the answers. It is polled while somebody observes: a subscriber, an iterator, or a promise of
 * `outcome()` or `result()`.
 *
 * @example
 * ```ts
 * const task = client.submit('payments', request)
 * for await (const state of task) render(state)
 * const transaction = await task.result()
 * ```
 */
export class TransactionTask implements AsyncIterable<TaskState> {
  /** @internal */
  before: PaymentView | undefined
  readonly #payment: Payment
  readonly #states: ReplaySubject<TaskState, TransactionTask>
  #snapshot: TaskSnapshot = SUBMITTING
  #accepted: Promise<TaskHandle> | undefined
  #accept: (() => void) | undefined
  readonly #forget: (() => void) | undefined
  declare [Symbol.dispose]: () => void

  /** @internal The view that all share who give no signal, or one that `signal` stops. */
  static of(payment: Payment, signal?: AbortSignalLike): TransactionTask {
    if (signal) return new TransactionTask(payment, signal)
    payment.views.shared ??= new TransactionTask(payment)
    return payment.views.shared as TransactionTask
  }

  /** Made by a client. */
  private constructor(payment: Payment, signal?: AbortSignalLike) {
    this.#payment = payment
    this.#states = new ReplaySubject<TaskState, TransactionTask>(this, TransactionTask.#observed)
    payment.join(this)
    this.changed()
    const key = observableKey()
    if (key && !(key in this)) Object.defineProperty(TransactionTask.prototype, key, { value: this['@@observable'] })
    makeDisposable(TransactionTask, 'stop')
    this.#forget = onAbort(signal, () => this.stop())
  }

  /** The idempotency key, sent as `RequestID` with every try. */
  get requestKey(): string {
    return this.#payment.known.requestKey
  }

  /** The shop's id of the transaction; the `requestKey` if the request had none. */
  get trackingId(): string {
    return this.#payment.known.trackingId
  }

  /** The type of the transaction, such as `payments`. */
  get type(): TransactionType {
    return this.#payment.known.type
  }

  /** Finds the task again, in another process or after a reload. Nothing until the gateway accepted it. */
  get handle(): TaskHandle | undefined {
    const { known, settings } = this.#payment
    return handleOf(known, settings.baseUrl)
  }

  /**
   * Observes the task: the current state at once, then every new one. Several observers share the same answers.
   * Unsubscribing, or aborting `signal`, detaches this observer only. An exception of an observer is reported, and hurts
   * neither the others nor the task.
   */
  subscribe(
    observer: Observer<TaskState> | ((state: TaskState) => void),
    { signal }: ConsumerOptions = {},
  ): Subscription {
    return this.#states.subscribe(observer, signal)
  }

  /** The states, in order; of several `processing` states that were not read in time, the last. */
  [Symbol.asyncIterator](): AsyncIterableIterator<TaskState> {
    return iterate<TaskState>(
      (observer) => this.subscribe(observer),
      (waiting, next) => waiting.status === 'processing' && next.status === 'processing',
    )
  }

  /** For libraries that look for an Observable under this key, as rxjs does. */
  // Stryker disable next-line StringLiteral: a method's name cannot be switched while it runs
  '@@observable'(): this {
    return this
  }

  /** The current state, synchronously; the same object until it changes. */
  getSnapshot(): TaskSnapshot {
    return this.#snapshot
  }

  /**
   * The end of the task, whatever it is. Rejects only with the reason of `signal`, which detaches this promise and stops
   * nothing.
   */
  outcome({ signal }: ConsumerOptions = {}): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const settled = (): void => resolve(this.#snapshot as Outcome)
      this.#states.subscribe({ error: settled, complete: settled, aborted: reject }, signal)
    })
  }

  /**
   * The gateway's transaction, declined or not; the whole answer for types of requests that make none.
   *
   * @throws UnknownOutcomeError if the outcome could not be learned
   * @throws TransactionError if the task ended in an error
   */
  result(options?: ConsumerOptions): Promise<Transaction> {
    // Not an async function: what one of those holds while it waits is a tenth of a task.
    return this.outcome(options).then((outcome) => {
      if (outcome.status === 'error') throw outcome.error
      if (outcome.status === 'result') return outcome.transaction ?? (outcome.body as Transaction)
      const { requestKey, trackingId } = this
      const { requestId, cause } = outcome
      throw new UnknownOutcomeError({ cause, requestKey, trackingId, requestId })
    })
  }

  /**
   * The handle, once the gateway accepted the task. Does not count as observing.
   *
   * @throws TransactionError if it was not accepted, or if that is not known
   */
  accepted(): Promise<TaskHandle> {
    this.#accepted ??= new Promise((resolve, reject) => {
      this.#accept = () => {
        const { handle } = this
        const snapshot = this.#snapshot
        if (handle) resolve(handle)
        else if (snapshot.status === 'error') reject(snapshot.error)
        else if (snapshot.status !== 'submitting') reject(this.#failure('submit-lost'))
      }
      this.#accept()
    })
    return this.#accepted
  }

  /**
   * Polls now, because there may be news. Needs no observer. Does nothing while a request is in flight, waits out a
   * `Retry-After`, and does nothing once the task was stopped.
   */
  poll(): Promise<void> {
    return isStopped(this.#snapshot) ? Promise.resolve() : this.#payment.poll()
  }

  /**
   * Settles the task by a webhook that `verifyWebhook` of `@async-transaction/core/webhook` returned, if it is about
   * this transaction, and not about an earlier try at the same order that failed. It turns `unknown` and `gateway-error`
   * into a result, and a newer state of the same transaction replaces an older one. Returns whether it did.
   */
  deliver(transaction: Transaction): boolean {
    return isVerified(transaction) && this.#isOurs(transaction) && this.#payment.deliver(transaction)
  }

  #isOurs(transaction: Transaction): boolean {
    const { known } = this.#payment
    const { ending, createdAt, skewMs = 0 } = known
    const uid = known.uid ?? (ending?.status === 'result' ? readTransaction(ending.body)?.uid : undefined)
    if (uid) return transaction.uid === uid
    return (
      transaction.tracking_id === known.trackingId &&
      isOurs(transaction, known) &&
      isOwn(transaction, known) &&
      (isSuccessful(transaction) || isOfNow(transaction, createdAt + skewMs))
    )
  }

  /** Looks the transaction up; for an `unknown` outcome or a `gateway-error`, which it may turn into a result. */
  async lookup(): Promise<TaskSnapshot> {
    await this.#payment.lookUp()
    return this.#snapshot
  }

  /**
   * Stops this task: its observers get the error `stopped`, and a response in flight is kept. The payment goes on; other
   * tasks of it do, and `client.resume(task.handle)` observes it again. Nothing more is sent once all tasks of a payment
   * were stopped.
   */
  stop(): void {
    if (isFinal(this.#snapshot)) return
    this.#payment.leave(this)
    this.#show({ status: 'error', error: this.#failure('stopped') })
  }

  // One function for all tasks, and not one for each: there may be a hundred thousand.
  static #observed(task: TransactionTask, observed: boolean): void {
    task.#payment.observe(observed)
    task.#payment.settings.onObserved(task, observed)
  }

  /** @internal */
  get ended(): boolean {
    return isFinal(this.#snapshot)
  }

  /** @internal Called when its end is watched, and when it is no longer. */
  watching(by: boolean): void {
    if (!by || isRepairable(this.#snapshot)) this.#payment.settings.onWatched(this, by)
  }

  /** @internal Called by the payment. */
  changed(): void {
    const before = this.#snapshot
    // The payment may go on after an end of our polling; this task has ended then.
    if (isFinal(before) && before.status !== 'result' && this.#payment.known.ending?.status !== 'result') return
    if (before.status === 'error' && before.error.code !== 'gateway-error') return
    this.#show(snapshotOf(this.#payment, before))
  }

  #show(snapshot: TaskSnapshot): void {
    if (snapshot === this.#snapshot) return
    const watchers = isFinal(this.#snapshot) && watched.get(this)
    this.#snapshot = snapshot
    if (watched.has(this) && isRepairable(snapshot)) this.watching(true)
    this.#accept?.()
    if (isFinal(snapshot)) this.#forget?.()
    if (snapshot.status === 'error') this.#states.next({ error: snapshot.error })
    else if (snapshot.status !== 'submitting') this.#states.next({ value: snapshot, last: isFinal(snapshot) })
    if (!watchers) return
    // Before they are called: a watcher that is added by one of them waits for the next change.
    watched.delete(this)
    watchers.next({ last: true })
  }

  #failure(code: 'stopped' | 'submit-lost'): AnyTransactionError {
    const { known, untouched } = this.#payment
    return errorOf({ code, effect: untouched ? 'none' : 'unknown' }, known)
  }
}

const isFinal = ({ status }: TaskSnapshot): boolean => status === 'result' || status === 'unknown' || status === 'error'

/** Whether a lookup or a webhook may still turn this end into a result. */
const isRepairable = (snapshot: TaskSnapshot): boolean =>
  snapshot.status === 'unknown' || (snapshot.status === 'error' && snapshot.error.code === 'gateway-error')
const isStopped = (snapshot: TaskSnapshot): boolean => snapshot.status === 'error' && snapshot.error.code === 'stopped'
