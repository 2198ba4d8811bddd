/** Time, as an option. The only module of core that touches timers and `Date`. */

/**
 * What the library needs of time. Give your own to simulate it, as `createSimulatedClock()` from
 * `@async-transaction/core/testing` does.
 */
export interface Clock {
  /** The wall clock, in milliseconds since the epoch. */
  now(): number
  /** Calls back once, after `delayMs` milliseconds. */
  setTimeout(callback: () => void, delayMs: number): unknown
  /** Cancels what `setTimeout` returned. */
  clearTimeout(timer: unknown): void
}

/** The runtime's own clock. The globals are looked up at each call: a stored one is an illegal invocation in browsers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (timer) => clearTimeout(timer as never),
}

/** An ISO 8601 time without a zone, which a runtime would take for its own. */
const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/

/** The epoch milliseconds of an HTTP date or an ISO 8601 time, without a zone in UTC; `NaN` for anything else. */
export const parseTime = (text: unknown): number =>
  typeof text === 'string' ? Date.parse(WITHOUT_ZONE.test(text) ? `${text.replace(' ', 'T')}Z` : text) : Number.NaN

/** The longest a runtime's timer can wait: with more it fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** What `work` resolves to, or what `late` returns if that takes longer than `ms`. */
export const within = <T>(clock: Clock, ms: number, work: Promise<T>, late: () => T): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => resolve(late()), Math.min(ms, LONGEST_TIMER_MS))
    work.finally(() => clock.clearTimeout(timer)).then(resolve, reject)
  })
