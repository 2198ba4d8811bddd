/** The outcome store, as the proxy uses it: bounded in time, told apart from every other failure, and one writer at a time. */
import { type Clock, within } from '@async-transaction/core/protocol'
import type { OutcomeRecord, OutcomeStore } from '../store/outcome-store.ts'
import type { Fenced } from './records.ts'

/** The store failed, or did not answer in time. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}

const STORE_TIMEOUT_MS = 5000
const FIRST_WAIT_MS = 20
const LONGEST_WAIT_MS = 250

export class RecordStore {
  readonly #store: OutcomeStore
  readonly #clock: Clock
  readonly #random: () => number

  constructor(store: OutcomeStore, clock: Clock, random: () => number) {
    this.#store = store
    this.#clock = clock
    this.#random = random
  }

  async get<R extends OutcomeRecord>(key: string): Promise<R | undefined> {
    return ((await this.#use(() => this.#store.get(key))) ?? undefined) as R | undefined
  }

  async set(key: string, record: OutcomeRecord, ttlMs: number): Promise<void> {
    await this.#use(() => this.#store.set(key, record, ttlMs))
  }

  /** Tries again for a while: what would be written is known nowhere else. Returns whether it is stored. */
  async setSurely(key: string, record: OutcomeRecord, ttlMs: number): Promise<boolean> {
    for (let tries = 1; ; tries++) {
      try {
        await this.set(key, record, ttlMs)
        return true
      } catch {
        if (tries === 3) return false
        await this.#sleep(tries * LONGEST_WAIT_MS)
      }
    }
  }

  claim(key: string, owner: string, ttlMs: number): Promise<boolean> {
    return this.#use(() => this.#store.claim(key, owner, ttlMs))
  }

  /**
   * Does `work` on the record under `key` while nobody else does, in no process. Each fencing number of a
   * record is leased apart: work ends by storing the next number. If it ends without, it releases the lease: by
   * `release`, or by throwing. If its process died, the lease runs out after `leaseMs`. Before each try `seen` may answer from the record as it is.
   * Resolves to nothing if the lease was not free for `waitMs`.
   */
  async withLease<R extends Fenced, T>(
    key: string,
    { leaseMs, waitMs }: { readonly leaseMs: number; readonly waitMs: number },
    seen: (record: R | undefined, waited: boolean) => T | undefined,
    work: (record: R | undefined, release: () => Promise<void>) => Promise<T>,
  ): Promise<T | undefined> {
    const owner = crypto.randomUUID()
    const until = this.#clock.now() + waitMs
    const first = await this.get<R>(key)
    let record = first
    for (let delayMs = FIRST_WAIT_MS; ; delayMs = Math.min(LONGEST_WAIT_MS, delayMs * 1.5)) {
      const answer = seen(record, fenceOf(record) > fenceOf(first))
      if (answer !== undefined) return answer
      const fence = fenceOf(record)
      const release = async (): Promise<void> =>
        void (await this.claim(`${key}/lease/${fence}`, owner, 1).catch(() => {}))
      try {
        const ours = await this.claim(`${key}/lease/${fence}`, owner, leaseMs)
        if (!ours && this.#clock.now() >= until) return undefined
        if (!ours) await this.#sleep(delayMs * (1 + this.#random()))
        record = await this.get<R>(key)
        // A lease that was won late may be of a number that is over.
        if (ours && fenceOf(record) === fence) return await work(record, release)
      } catch (error) {
        // Also when the claim failed, or the look after it: the store may have heard what it did not answer.
        await release()
        throw error
      }
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.setTimeout(resolve, ms)
    })
  }

  async #use<T>(operation: () => Promise<T> | T): Promise<T> {
    const late = Symbol()
    let result: T | typeof late
    try {
      result = await within<T | typeof late>(this.#clock, STORE_TIMEOUT_MS, (async () => operation())(), () => late)
    } catch {
      throw new StoreError('The outcome store failed')
    }
    if (result === late) throw new StoreError('The outcome store did not answer')
    return result
  }
}

const fenceOf = (record: Fenced | undefined): number => record?.fence ?? 0
