import type { Clock } from './clock.ts'
import { pendingWebCrypto } from './pending-web-crypto.ts'

/** A clock that stands still until it is advanced. It waits for promises, and for WebCrypto, in between. */
export interface SimulatedClock extends Clock {
  /** Moves time on by `ms` milliseconds, firing what becomes due in order, and lets promises settle in between. */
  advance(ms: number): Promise<void>
  /** Moves time on, from timer to timer, until `promise` settles; rejects if nothing is left that could settle it. */
  until<T>(promise: PromiseLike<T>): Promise<T>
  /** Sets the wall clock forward or back without firing anything, as sleep or a correction of the clock does. */
  jump(ms: number): void
  /** How many timers are waiting. */
  readonly pending: number
}

interface Timer {
  readonly at: number
  readonly callback: () => void
}

/** Turns of the event loop after which what runs in this process alone has settled. */
const TURNS = 8

/**
 * Creates a simulated clock, at `startAt` milliseconds since the epoch.
 *
 * @example
 * ```ts
 * const clock = createSimulatedClock()
 * const client = createClient({ baseUrl, auth, clock, fetch: sandbox.fetch })
 * const outcome = await clock.until(client.submit('payments', request).outcome())
 * ```
 */
export function createSimulatedClock(startAt = 1_800_000_000_000): SimulatedClock {
  // Timers count elapsed time; the wall clock is that plus an offset, which a jump changes.
  let elapsed = 0
  let offset = startAt
  const timers = new Set<Timer>()
  // From here on they are counted.
  pendingWebCrypto()

  const due = (limit: number): Timer | undefined => {
    let first: Timer | undefined
    for (const timer of timers) if (timer.at <= limit && (!first || timer.at < first.at)) first = timer
    return first
  }
  const fire = (timer: Timer): void => {
    timers.delete(timer)
    elapsed = Math.max(elapsed, timer.at)
    timer.callback()
  }

  return {
    now: () => offset + elapsed,
    setTimeout(callback, delayMs) {
      const timer: Timer = { at: elapsed + Math.max(0, delayMs), callback }
      timers.add(timer)
      return timer
    },
    clearTimeout: (timer) => void timers.delete(timer as Timer),
    async advance(ms) {
      const target = elapsed + ms
      await settled()
      for (let timer = due(target); timer; timer = due(target)) {
        fire(timer)
        await settled()
      }
      elapsed = target
    },
    async until(promise) {
      let waiting = true
      const stop = (): void => {
        waiting = false
      }
      promise.then(stop, stop)
      await settled()
      while (waiting) {
        const timer = due(Number.POSITIVE_INFINITY)
        if (!timer) throw new Error('Nothing is left that could settle the promise')
        fire(timer)
        await settled()
      }
      return promise
    },
    jump(ms) {
      offset += ms
    },
    get pending() {
      return timers.size
    },
  }
}

/** Promises, streams, messages and WebCrypto of this process have run their course. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) {
    await new Promise<void>(nextTurn)
    if (pendingWebCrypto() > 0) turn = 0
  }
}

const nextTurn = (callback: () => void): void => {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => void }
  if (setImmediate) setImmediate(callback)
  else setTimeout(callback, 0)
}
