/** Where the proxy keeps what it must not lose. */

/** Plain JSON, without card data and without a secret. */
export type OutcomeRecord = Readonly<Record<string, unknown>>

/**
 * Outcomes, bindings and claims, by key. Keys are of visible ASCII characters; their first two parts, split at `/`, name
 * what they belong to, such as `task/<request_id>`: a store that is divided, as by a Durable Object per task, may divide
 * there. A record under exactly `task/<request_id>` is a task, and settled once it has an `outcome`; until then an alarm
 * may go on asking, by `proxy.check(requestId)`. A method that rejects, or does not settle within a few seconds, makes the proxy answer 503 and ask nothing.
 */
export interface OutcomeStore {
  /** What was set last under the key, if its time is not over. */
  get(key: string): Promise<OutcomeRecord | null | undefined> | OutcomeRecord | null | undefined
  /** Keeps the record for `ttlMs` milliseconds, in place of what was there. */
  set(key: string, record: OutcomeRecord, ttlMs: number): Promise<void> | void
  /**
   * Takes the key for `ttlMs` milliseconds from now: true if it was free, or `owner` has it already. Of several at once,
   * exactly one gets it, in all processes that share the store.
   */
  claim(key: string, owner: string, ttlMs: number): Promise<boolean> | boolean
}
