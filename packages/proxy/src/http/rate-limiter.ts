/** Requests per key in a fixed window, in the memory of this process: bounded, whoever comes. */
import type { RateLimit } from '../options.ts'

/** Keys that are counted at once; with more, the oldest are forgotten. */
const MOST_KEYS = 10_000

export class RateLimiter {
  readonly #limit: RateLimit
  readonly #counts = new Map<string, { readonly until: number; count: number }>()

  constructor(limit: RateLimit) {
    this.#limit = limit
  }

  /** Counts a request; the seconds to wait if there were too many. No key, no limit. */
  take(key: string | undefined, now: number): number | undefined {
    if (key === undefined) return undefined
    const { max, windowMs } = this.#limit
    const known = this.#counts.get(key)
    if (known && known.until > now) {
      known.count += 1
      return known.count > max ? Math.ceil((known.until - now) / 1000) : undefined
    }
    this.#counts.delete(key)
    for (const oldest of this.#counts.keys()) {
      if (this.#counts.size < MOST_KEYS) break
      this.#counts.delete(oldest)
    }
    this.#counts.set(key, { until: now + windowMs, count: 1 })
    return undefined
  }
}
