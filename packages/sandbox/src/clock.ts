/**
 * Time for the sandbox: everything that waits, dates or expires goes through a {@link Clock}, so that a test can
 * live through 24 hours in a millisecond.
 */
import { type StopSignal, stoppable } from './stop-signal.ts'

/** A source of time. Give your own to {@link createSandbox} to move it by hand. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Calls `run` once, `ms` milliseconds from now; returns what `clearTimeout` takes. */
  setTimeout(run: () => void, ms: number): unknown
  clearTimeout(id: unknown): void
}

/** Longer timers fire at once in every runtime. */
export const longestTimerMs: number = 2 ** 31 - 1

/** The real time. The globals are looked up at each call, so that none is called as a method of this object. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (id) => clearTimeout(id as ReturnType<typeof setTimeout>),
}

/** Resolves after `ms` by the clock; rejects with the reason of the first signal that is aborted before. */
export async function sleep(clock: Clock, ms: number, signals: readonly StopSignal[]): Promise<void> {
  let timer: unknown
  const elapsed = new Promise<void>((resolve) => {
    timer = clock.setTimeout(resolve, Math.min(ms, longestTimerMs))
  })
  try {
    await stoppable(elapsed, signals)
  } finally {
    clock.clearTimeout(timer)
  }
}
