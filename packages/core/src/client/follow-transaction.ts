/**
 * Asking on for a transaction that is not final: 3-D Secure, or a payment method that takes its time. Lookups destroy
 * nothing, so this needs little of a task's care. Protocol sections 1 and 4.
 */
import { isTransactionError } from '../errors/is-transaction-error.ts'
import { TransactionError } from '../errors/transaction-error.ts'
import { type Clock, systemClock } from '../lib/clock.ts'
import { iterate } from '../observable/iterate.ts'
import { Pacer } from '../observable/pacer.ts'
import { Replay } from '../observable/replay.ts'
import type { ConsumerOptions, Observer, Subscription } from '../observable/subscriber.ts'
import type { Schedule } from '../schedule/schedule.ts'
import { sqrtSchedule } from '../schedule/sqrt-schedule.ts'
import type { Transaction } from '../schema/transaction.ts'
import { nextDelay } from '../task/next-delay.ts'
import type { TaskRecord } from '../task/record.ts'
import type { Client } from './client.ts'
import type { FindBy } from './find.ts'
import { settingsByClient } from './settings-by-client.ts'

export interface FollowOptions {
  /** When to ask. @default sqrtSchedule() */
  schedule?: Schedule
  /** How long to ask, in milliseconds from the first question. @default 86400000, 24 hours */
  deadlineMs?: number
  /** Whether to ask again after a lookup failed with this. @default for one that was lost, a 429 and a 5xx */
  retry?: (error: unknown) => boolean
  /** @default the client's clock */
  clock?: Clock
  /** @default the client's `random` */
  random?: () => number
}

/**
 * Follows a transaction until its status is neither `incomplete` nor `pending`: an Observable that emits when the status
 * changes. A lookup that is not answered is asked again; an error that asking again cannot help ends it, unless `retry`
 * says otherwise.
 *
 * @example
 * ```ts
 * const { uid } = await task.result() // incomplete: the customer is at redirect_url
 * const final = await followTransaction(client, { uid }).result()
 * ```
 */
export const followTransaction = (
  client: Pick<Client, 'find'>,
  by: FindBy,
  options: FollowOptions = {},
): FollowedTransaction => new Follower(client, by, options)

/** A transaction as an Observable: complete when it is final. It is asked after while somebody observes. */
export interface FollowedTransaction extends AsyncIterable<Transaction> {
  subscribe(
    observer: Observer<Transaction> | ((transaction: Transaction) => void),
    options?: ConsumerOptions,
  ): Subscription
  /** The final transaction. */
  result(options?: ConsumerOptions): Promise<Transaction>
  /** Asks now: the customer came back, say. */
  poll(): Promise<void>
  /** For libraries that look for an Observable under this key, as rxjs does. */
  '@@observable'(): FollowedTransaction
}

class Follower extends Pacer implements FollowedTransaction {
  readonly #find: () => Promise<Transaction[]>
  readonly #options: Required<Omit<FollowOptions, 'clock'>>
  readonly #transactions = new Replay<Transaction, Follower>(this, (follower, observed) => follower.observe(observed))
  #latest: Transaction | undefined
  #since: number | undefined
  #polls = 0
  #ended = false

  constructor(client: Pick<Client, 'find'>, by: FindBy, options: FollowOptions) {
    const own = settingsByClient.get(client) ?? { clock: systemClock, random: Math.random }
    const { schedule = sqrtSchedule(), deadlineMs = 86_400_000, retry = isPassing } = options
    super(options.clock ?? own.clock)
    this.#find = () => client.find(by)
    this.#options = { schedule, deadlineMs, retry, random: options.random ?? own.random }
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
    return this.observed && !this.#ended
  }

  protected override async step(): Promise<void> {
    const { schedule, random, deadlineMs, retry } = this.#options
    const now = this.clock.now()
    this.#since ??= now
    const elapsedMs = now - this.#since
    this.#polls += 1
    const task = { polls: this.#polls, credit: 1, requestId: '-' } as TaskRecord
    this.plan(
      Math.max(
        250,
        nextDelay(task, { schedule, random, elapsedMs, remainingMs: deadlineMs - elapsedMs }, () => {}),
      ),
    )
    try {
      this.#heard(only(await this.#find()))
    } catch (error) {
      if (!retry(error)) this.#fail(error)
    }
    if (!this.#ended && elapsedMs >= deadlineMs)
      this.#fail(new TransactionError({ code: 'deadline', message: 'It was not final by the deadline: ask again' }))
  }

  #heard(transaction: Transaction | undefined): void {
    if (!transaction) return
    const { status } = transaction
    const changed = status !== this.#latest?.status
    this.#latest = transaction
    this.#ended = !/^(incomplete|pending)$/.test(status)
    if (changed) this.#transactions.show({ value: transaction, last: this.#ended })
  }

  #fail(error: unknown): void {
    this.#ended = true
    this.#transactions.show({ error })
  }
}

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

/** Whether the gateway may answer another time. */
const isPassing = (error: unknown): boolean =>
  isTransactionError(error) &&
  (error.code === 'unknown-outcome' || (error.code === 'gateway-error' && /^(429|5..)$/.test(`${error.httpStatus}`)))
