/** The task as an Observable: what applications hold. It decides nothing about the payment; the machine does. */
import type { AnyTransactionError } from '../errors/is-transaction-error.ts'
import { UnknownOutcomeError } from '../errors/unknown-outcome-error.ts'
import { isVerified } from '../lib/verified.ts'
import { observableKey } from '../observable/interop.ts'
import { iterate } from '../observable/iterate.ts'
import { type AbortSignalLike, onAbort } from '../observable/on-abort.ts'
import { Replay } from '../observable/replay.ts'
import type { ConsumerOptions, Observer, Subscription } from '../observable/subscriber.ts'
import type { TransactionType } from '../schema/request-types.ts'
import type { Transaction } from '../schema/transaction.ts'
import { isOfNow, isOurs, isSuccessful } from './lookup.ts'
import type { Loop } from './loop.ts'
import { phaseOf } from './machine.ts'
import { handleOf, type TaskHandle } from './record.ts'
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
  readonly #loop: Loop
  readonly #states: Replay<TaskState, TransactionTask>
  #snapshot: TaskSnapshot = SUBMITTING
  #accepted: Promise<TaskHandle> | undefined
  #accept: (() => void) | undefined
  readonly #forget: (() => void) | undefined

  /** @internal */
  static observing(loop: Loop, signal?: AbortSignalLike): TransactionTask {
    return new TransactionTask(loop, signal)
  }

  /** Made by a client. */
  private constructor(loop: Loop, signal?: AbortSignalLike) {
    this.#loop = loop
    loop.task = this
    this.#states = new Replay<TaskState, TransactionTask>(this, TransactionTask.#observed)
    loop.changed = TransactionTask.#changed
    loop.changed(loop)
    const key = observableKey()
    if (key && !(key in this)) Object.defineProperty(TransactionTask.prototype, key, { value: this['@@observable'] })
    this.#forget = onAbort(signal, () => this.stop())
  }

  /** The idempotency key, sent as `RequestID` with every try. */
  get requestKey(): string {
    return this.#loop.known.requestKey
  }

  /** The shop's id of the transaction; the `requestKey` if the request had none. */
  get trackingId(): string {
    return this.#loop.known.trackingId
  }

  /** The type of the transaction, such as `payments`. */
  get type(): TransactionType {
    return this.#loop.known.type
  }

  /** Finds the task again, in another process or after a reload. Nothing until the gateway took it. */
  get handle(): TaskHandle | undefined {
    const { known, settings } = this.#loop
    return handleOf(known, settings.baseUrl)
  }

  /**
   * Observes the task: the current state at once, then every new one. Several observers share the same answers.
   * Unsubscribing, or aborting `signal`, detaches this observer only. What an observer throws is reported, and hurts
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
   * How it ended, whatever the ending. Rejects only with the reason of `signal`, which detaches this promise and stops
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
   * @throws UnknownOutcomeError if nobody can say what came of it
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
   * The handle, once the gateway took the task. Does not count as observing.
   *
   * @throws TransactionError if it was not taken, or if nobody can tell
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
   * Asks now, because something hints that there is news. Needs no observer. Does nothing while a question is under way,
   * and waits out a `Retry-After`; nor once the task was stopped.
   */
  poll(): Promise<void> {
    return this.#loop.task === this ? this.#loop.poll() : Promise.resolve()
  }

  /**
   * Settles the task by a webhook that `verifyWebhook` of `@async-transaction/core/webhook` returned, if it is about
   * this transaction, and not about an earlier try at the same order that failed. Returns whether it did.
   */
  deliver(transaction: Transaction): boolean {
    const { known } = this.#loop
    const ours =
      isVerified(transaction) &&
      transaction.tracking_id === known.trackingId &&
      isOurs(transaction, known) &&
      (isSuccessful(transaction) || isOfNow(transaction, known.createdAt + (known.skewMs ?? 0)))
    return ours && this.#loop.apply({ type: 'answered', body: { transaction }, via: 'webhook' })
  }

  /** Asks by tracking id what came of it; for an `unknown` outcome, which it may turn into a result. */
  async lookup(): Promise<TaskSnapshot> {
    await this.#loop.lookUp()
    return this.#snapshot
  }

  /**
   * Stops observing: observers get the error `stopped`, nothing more is asked, and what is under way is heard and kept.
   * The payment goes on; `client.resume(task.handle)` observes it again.
   */
  stop(): void {
    if (isFinal(this.#snapshot)) return
    this.#loop.task = undefined
    this.#loop.halt()
    this.#show({ status: 'error', error: this.#failure('stopped') })
  }

  // One function for all tasks, and not one for each: there may be a hundred thousand.

  static #observed(task: TransactionTask, observed: boolean): void {
    task.#loop.observe(observed)
    task.#loop.settings.onObserved(task, observed)
  }

  static #changed(loop: Loop): void {
    const task = loop.task as TransactionTask | undefined
    if (task) task.#show(snapshotOf(loop, task.#snapshot))
  }

  #show(snapshot: TaskSnapshot): void {
    if (snapshot === this.#snapshot) return
    const watchers = isFinal(this.#snapshot) && watched.get(this)
    this.#snapshot = snapshot
    this.#accept?.()
    if (isFinal(snapshot)) this.#forget?.()
    if (snapshot.status === 'error') this.#states.show({ error: snapshot.error })
    else if (snapshot.status !== 'submitting') this.#states.show({ value: snapshot, last: isFinal(snapshot) })
    if (watchers) watchers.show({ last: true })
  }

  #failure(code: 'stopped' | 'submit-lost'): AnyTransactionError {
    const { known, sent } = this.#loop
    const untaken = phaseOf(known) === 'submit' && !sent && !known.maybeTaken
    return errorOf({ code, effect: untaken ? 'none' : 'unknown' }, known)
  }
}

const isFinal = ({ status }: TaskSnapshot): boolean => status === 'result' || status === 'unknown' || status === 'error'
