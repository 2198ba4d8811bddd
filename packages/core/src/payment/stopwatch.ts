/** Elapsed time that a clock which is set back cannot shorten. */
import type { Clock } from '../lib/clock.ts'

export class Stopwatch {
  readonly #clock: Clock
  #startedAt: number
  #seenAt: number

  /** Starts at `startedAt`, in epoch milliseconds, but not in the future. */
  constructor(clock: Clock, startedAt: number) {
    this.#clock = clock
    this.#seenAt = clock.now()
    this.#startedAt = Math.min(startedAt, this.#seenAt)
  }

  /** Starts again, at `startedAt` or now. */
  restart(startedAt: number = this.#clock.now()): void {
    this.#seenAt = this.#clock.now()
    this.#startedAt = Math.min(startedAt, this.#seenAt)
  }

  /** Milliseconds since it was started. */
  elapsedMs(): number {
    const now = this.#clock.now()
    this.#startedAt -= Math.max(0, this.#seenAt - now)
    this.#seenAt = now
    return now - this.#startedAt
  }
}
