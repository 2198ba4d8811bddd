/**
 * Following a transaction that is not final: 3-D Secure, or a payment method that takes its time. Lookups destroy nothing,
 * so this needs little of a task's care. Protocol sections 1 and 4.
 */
import { isTransactionError } from '../errors/is-transaction-error.ts'
import { TransactionError } from '../errors/transaction-error.ts'
import { type Clock, systemClock } from '../lib/clock.ts'
import { iterate } from '../observable/iterate.ts'
import { ReplaySubject } from '../observable/replay-subject.ts'
import type { ConsumerOptions, Observer, Subscription } from '../observable/subscriber.ts'
import { pollDelay } from '../payment/next-delay.ts'
import { Poller } from '../payment/poller.ts'
import { isOpen } from '../payment/settle.ts'
import type { Schedule } from '../schedule/schedule.ts'
import { sqrtSchedule } from '../schedule/sqrt-schedule.ts'
import type { Transaction } from '../schema/transaction.ts'
import type { Client } from './client.ts'
import type { FindBy } from './find.ts'

export interface FollowOptions {
  /** When to look it up. @default sqrtSchedule() */
  schedule?: Schedule | undefined
  /**
   * How long to follow it, in milliseconds from the first lookup. A method that takes days needs more: eleven days is
   * 950400000; and a schedule of minutes or hours. @default 86400000, 24 hours
   */
  deadlineMs?: number | undefined
  /**
   * Whether to go on after a lookup failed with this error. @default all but one in the gateway's own shape that says the
   * lookup itself is wrong
   */
  retry?: ((error: unknown) => boolean) | undefined
  /** @default the client's clock */
  clock?: Clock | undefined
  /** @default the client's `random` */
  random?: (() => number) | undefined
}

/** A client, as far as following a transaction uses it. */
export type Finder = Pick<Client, 'find'> & Partial<Pick<Client, 'clock' | 'random'>>

/**
 * Follows a transaction until its status is neither `incomplete` nor `pending`: an Observable that emits when the status
 * changes. A lookup that is not answered is repeated; only an error that no repetition can help ends it, unless `retry`
 * says otherwise.
 *
 * @example
 * ```ts
 * const { uid } = await task.result() // incomplete: the customer is at redirect_url
 * const final = await followTransaction(client, { uid }).result()
 * ```
 */
export const followTransaction = (client: Finder, by: FindBy, options: FollowOptions = {}): FollowedTransaction =>
  new Follower(client, by, options)

/** A transaction as an Observable: complete when it is final. It is looked up while it is observed. */
export interface FollowedTransaction extends AsyncIterable<Transaction> {
  subscribe(
    observer: Observer<Transaction> | ((transaction: Transaction) => void),
    options?: ConsumerOptions,
  ): Subscription
  /** The final transaction. */
  result(options?: ConsumerOptions): Promise<Transaction>
  /** Looks it up now: the customer came back, say. */
  poll(): Promise<void>
  /** For libraries that look for an Observable under this key, as rxjs does. */
  '@@observable'(): FollowedTransaction
}

class Follower extends Poller implements FollowedTransaction {
  readonly #find: () => Promise<Transaction[]>
  readonly #schedule: Schedule
  readonly #random: () => number
  readonly #deadlineMs: number
  readonly #retry: (error: unknown) => boolean
  readonly #transactions = new ReplaySubject<Transaction, Follower>(this, (follower, observed) => {
    follower.#observed = observed
    follower.go()
  })
  #observed = false
  #latest: Transaction | undefined
  #since: number | undefined
  #polls = 0
  #ended = false

  constructor(client: Finder, by: FindBy, options: FollowOptions) {
    super(options.clock ?? client.clock ?? systemClock)
    this.#find = () => client.find(by)
    this.#schedule = options.schedule ?? sqrtSchedule()
    this.#random = options.random ?? client.random ?? Math.random
    this.#deadlineMs = options.deadlineMs ?? 86_400_000
    this.#retry = options.retry ?? mayPass
  }

  subscribe(
    observer: Observer<Transaction> | ((transaction: Transaction) => void),
    { signal }: ConsumerOptions = {},
  ): Subscription {
    return this.#transactions.subscribe(observer, signal)
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Transaction> {
    return iterate<Transaction>(
      (observer) => this.subscribe(observer),
      () => false,
    )
  }

  // Stryker disable next-line StringLiteral: a method's name cannot be switched while it runs
  '@@observable'(): this {
    return this
  }

  result({ signal }: ConsumerOptions = {}): Promise<Transaction> {
    return new Promise((resolve, reject) => {
      const complete = (): void => resolve(this.#latest as Transaction)
      this.#transactions.subscribe({ complete, error: reject, aborted: reject }, signal)
    })
  }

  poll(): Promise<void> {
    return this.#ended ? Promise.resolve() : this.take(() => this.step())
  }

  protected override wanted(): boolean {
    return this.#observed && !this.#ended
  }

  protected override async step(): Promise<void> {
    const now = this.clock.now()
    this.#since ??= now
    const elapsedMs = Math.max(0, now - this.#since)
    const leftMs = this.#deadlineMs - elapsedMs
    this.#polls += 1
    const input = { schedule: this.#schedule, random: this.#random, elapsedMs, polls: this.#polls }
    const invalid = (): void => {}
    this.plan(Math.max(SHORTEST_MS, Math.min(leftMs, pollDelay(input, undefined, invalid))))
    try {
      this.#found(only(await this.#find()))
    } catch (error) {
      if (!this.#retry(error)) this.#fail(error)
    }
    if (!this.#ended && leftMs <= 0)
      this.#fail(
        new TransactionError({ code: 'deadline', message: 'It was not final by the deadline: follow it again' }),
      )
  }

  #found(transaction: Transaction | undefined): void {
    if (!transaction?.status) return
    const changed = transaction.status !== this.#latest?.status
    this.#latest = transaction
    this.#ended = !isOpen(transaction)
    if (changed) this.#transactions.next({ value: transaction, last: this.#ended })
  }

  #fail(error: unknown): void {
    this.#ended = true
    this.#transactions.next({ error })
  }
}

/** Lookups are no closer to one another than this, in milliseconds. */
const SHORTEST_MS = 250

/** Under one tracking id there may be several tries: the one that succeeded, or the only one. Never a guess. */
function only(transactions: readonly Transaction[]): Transaction | undefined {
  const successful = transactions.filter(({ status }) => status === 'successful')
  const [transaction, another] = successful.length === 1 ? successful : transactions
  if (another)
    throw new TransactionError({
      code: 'request-invalid',
      message: 'There are several transactions: follow one by its uid',
    })
  return transaction
}

/**
 * Whether another lookup may be answered. Servers on the way refuse with any status; only the gateway's own word that the
 * lookup is wrong, or a question that cannot be asked, is final.
 */
const mayPass = (error: unknown): boolean =>
  isTransactionError(error) &&
  error.code !== 'request-invalid' &&
  !(error.code === 'gateway-error' && REFUSED.includes(error.httpStatus) && Object.keys(error.fieldErrors).length > 0)

const REFUSED: readonly unknown[] = [400, 422]
