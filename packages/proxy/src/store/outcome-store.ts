/** The contract of a store for the records that the proxy must not lose. */

/**
 * Plain JSON, without card data and without a secret. Stores look at three fields, and keep the others as they are:
 *
 * - `fence`: the fencing number, which grows with each writer;
 * - `writer`: the id of the one that wrote it;
 * - `dueAt`: when the record asks for attention next, in epoch milliseconds. Only `due` needs it.
 */
export type OutcomeRecord = Readonly<Record<string, unknown>>

/** Who holds a lease, and for how many milliseconds from now: 0 gives it back. */
export interface OutcomeLease {
  readonly owner: string
  readonly ttlMs: number
}

/** `stale`: the record has a newer fencing number. `held`: the lease is another one's. Of both nothing was stored. */
export type LeasedWrite = 'stored' | 'stale' | 'held'

/**
 * Outcomes, bindings and leases, by key. Keys are of visible ASCII characters; their first two parts, split at `/`, name
 * what they belong to, such as `task/<request_id>`: a store that is divided, as by a Durable Object per task, may divide
 * there. A record under exactly `task/<request_id>` is a task, and settled once it has an `outcome`; until then an alarm
 * may go on asking, by `proxy.check(requestId)`. A method that rejects, or does not settle within a few seconds, makes the
 * proxy answer 503 and send nothing to the gateway.
 *
 * It must be consistent: a store that may return an older record after a newer one, as an eventually consistent one does,
 * is no `OutcomeStore`.
 */
export interface OutcomeStore {
  /** The record that was stored last under the key, if its time is not over. */
  get(key: string): Promise<OutcomeRecord | null | undefined> | OutcomeRecord | null | undefined
  /**
   * Keeps the record for `ttlMs` milliseconds, in place of the one that was there. Returns `false`, and keeps the one that
   * is there, if that has a higher `fence`, or the same one by another `writer`: atomically. Without `fence`, it is kept.
   */
  set(key: string, record: OutcomeRecord, ttlMs: number): Promise<boolean> | boolean
  /**
   * Takes the lease of the key for `ttlMs` milliseconds from now: true if it was free, or `owner` has it already. Of
   * several at once, exactly one gets it, in all processes that share the store. A `ttlMs` of 0 gives it back.
   */
  claim(key: string, owner: string, ttlMs: number): Promise<boolean> | boolean
  /**
   * `claim` and `set` under the same key, both or none of them, in one step: where it saves a round trip.
   * @default the proxy calls `claim`, then `set`
   */
  setLeased?(key: string, record: OutcomeRecord, ttlMs: number, lease: OutcomeLease): Promise<LeasedWrite> | LeasedWrite
  /**
   * Keys of at most `limit` records whose `dueAt` is not after `now`, the longest due first. `proxy.sweep()` needs it.
   * @default the store cannot tell
   */
  due?(now: number, limit: number): Promise<readonly string[]> | readonly string[]
}

/** Whether a write comes too late: the rule of `set`. */
export function isStale(stored: OutcomeRecord | undefined, next: OutcomeRecord): boolean {
  if (typeof stored?.fence !== 'number' || typeof next.fence !== 'number') return false
  return stored.fence > next.fence || (stored.fence === next.fence && stored.writer !== next.writer)
}
