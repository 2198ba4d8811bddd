/** The outcome store, as the proxy uses it: bounded in time, its failures told apart, and no write lost under another. */
import { type Clock, within } from '@async-transaction/core/protocol'
import type { LeasedWrite, OutcomeLease, OutcomeRecord, OutcomeStore } from '../store/outcome-store.ts'
import { type Fenced, fenceOf } from './fenced.ts'
import { hold, type LeasedWork } from './lease.ts'

/** The store failed, or did not answer in time. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}

const STORE_TIMEOUT_MS = 5000
const FIRST_WAIT_MS = 20
/** Longer and longer: a Worker may send 50 requests for one of its own, and may have to wait for 80 s. */
const LONGEST_WAIT_MS = 5000
/** Writers of one record at once; more are a fault. */
const MOST_TRIES = 20
const RETRY_MS = 250

export class RecordStore {
  readonly clock: Clock
  readonly #store: OutcomeStore
  readonly #random: () => number
  #closing = false

  constructor(store: OutcomeStore, clock: Clock, random: () => number) {
    this.#store = store
    this.clock = clock
    this.#random = random
  }

  /** Lets no one wait for a lease any longer. */
  close(): void {
    this.#closing = true
  }

  async get<R extends OutcomeRecord>(key: string): Promise<R | undefined> {
    return ((await this.#use(() => this.#store.get(key))) ?? undefined) as R | undefined
  }

  /** Returns whether the record was kept: `false` if a newer one is there. */
  async set(key: string, record: OutcomeRecord, ttlMs: number): Promise<boolean> {
    return (await this.#use(() => this.#store.set(key, record, ttlMs))) !== false
  }

  claim(key: string, owner: string, ttlMs: number): Promise<boolean> {
    return this.#use(() => this.#store.claim(key, owner, ttlMs))
  }

  /** `stale`: the record was changed since it was read. `held`: the lease is another one's. */
  setLeased(key: string, record: OutcomeRecord, ttlMs: number, lease: OutcomeLease): Promise<LeasedWrite> {
    const store = this.#store
    if (store.setLeased) return this.#use(async () => store.setLeased?.(key, record, ttlMs, lease) ?? 'held')
    return this.#claimAndSet(key, record, ttlMs, lease)
  }

  due(now: number, limit: number): Promise<readonly string[]> {
    return this.#use(() => this.#store.due?.(now, limit) ?? [])
  }

  /** Stores the record under a key that has none yet. Returns whether it had none. */
  create(key: string, record: Fenced, ttlMs: number): Promise<boolean> {
    return this.set(key, { ...record, fence: 1, writer: crypto.randomUUID() }, ttlMs)
  }

  /**
   * Changes a record without a lease: `change` is called again with what others have written meanwhile. If it returns
   * nothing, nothing is stored. Resolves to the record as it is then.
   */
  async update<R extends Fenced>(
    key: string,
    ttlMs: number,
    change: (record: R | undefined) => R | undefined,
    known?: { readonly record: R | undefined },
  ): Promise<R | undefined> {
    const writer = crypto.randomUUID()
    for (let tries = 1, first = known; tries <= MOST_TRIES; tries++, first = undefined) {
      const record = first ? first.record : await this.get<R>(key)
      const changed = change(record)
      if (!changed) return record
      const next = { ...changed, fence: fenceOf(record) + 1, writer }
      if (await this.set(key, next, ttlMs)) return next
      await this.sleep(FIRST_WAIT_MS * this.#random() * tries)
    }
    throw new StoreError('The record is changed by too many at once')
  }

  /** The same, tried again for a while: what is written is known nowhere else. Resolves to nothing if it is not stored. */
  async updateSurely<R extends Fenced>(
    key: string,
    ttlMs: number,
    change: (record: R | undefined) => R,
    tries = 3,
  ): Promise<R | undefined> {
    for (let nth = 1; ; nth++) {
      try {
        return await this.update(key, ttlMs, change)
      } catch {
        if (nth === tries) return undefined
        await this.sleep(nth * RETRY_MS)
      }
    }
  }

  /**
   * Does `work` on the record under `key` while no one else does, in no process: under a lease that is renewed until the
   * work ends, and runs out soon after its process died. What it stores is merged with what others stored nevertheless.
   * Resolves to nothing if the lease was not free for `waitMs`.
   */
  async withLease<R extends Fenced, T>(key: string, leased: LeasedWork<R, T>): Promise<T | undefined> {
    const { waitMs, seen, begin } = leased
    const owner = crypto.randomUUID()
    const until = this.clock.now() + waitMs
    let record = await this.get<R>(key)
    let held = false
    let waited = false
    for (let delayMs = FIRST_WAIT_MS, tries = 0; ; ) {
      const answer = await seen(record, waited)
      if (answer !== undefined) return answer
      const written = await hold(this, key, owner, { ...begin(record, owner), fence: fenceOf(record) + 1 }, leased)
      if (typeof written === 'object') return written.result
      if (written === 'held') {
        held = true
        if (this.#closing || this.clock.now() >= until) return undefined
        await this.sleep(delayMs * (1 + this.#random()))
        delayMs = Math.min(LONGEST_WAIT_MS, delayMs * 1.5)
      } else {
        if (++tries > MOST_TRIES) throw new StoreError('The record is changed by too many at once')
        waited = held
        record = await this.get<R>(key)
      }
    }
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.clock.setTimeout(resolve, ms)
    })
  }

  async #claimAndSet(key: string, record: OutcomeRecord, ttlMs: number, lease: OutcomeLease): Promise<LeasedWrite> {
    if (!(await this.claim(key, lease.owner, lease.ttlMs))) return 'held'
    if (await this.set(key, record, ttlMs)) return 'stored'
    await this.claim(key, lease.owner, 0)
    return 'stale'
  }

  async #use<T>(operation: () => Promise<T> | T): Promise<T> {
    const late = Symbol()
    let result: T | typeof late
    try {
      result = await within<T | typeof late>(this.clock, STORE_TIMEOUT_MS, (async () => operation())(), () => late)
    } catch {
      throw new StoreError('The outcome store failed')
    }
    if (result === late) throw new StoreError('The outcome store did not answer')
    return result
  }
}
