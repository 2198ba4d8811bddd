/** A clock that stands still until it is moved. */
import type { Clock } from '../src/clock.ts'

export interface ManualClock extends Clock {
  /** Moves on by `ms`, running the timers that fall due on the way, each at its own time. */
  advance(ms: number): void
  /** How far away the next timer is, if there is one. */
  nextIn(): number | undefined
}

export function createManualClock(start: number = Date.UTC(2026, 0, 15, 12)): ManualClock {
  let now = start
  let timers: { time: number; run: () => void }[] = []
  const next = () => timers.toSorted((a, b) => a.time - b.time)[0]

  return {
    now: () => now,
    setTimeout(run, ms) {
      const timer = { time: now + ms, run }
      timers.push(timer)
      return timer
    },
    clearTimeout(id) {
      timers = timers.filter((timer) => timer !== id)
    },
    advance(ms) {
      const end = now + ms
      for (let timer = next(); timer && timer.time <= end; timer = next()) {
        timers = timers.filter((other) => other !== timer)
        now = Math.max(now, timer.time)
        timer.run()
      }
      now = end
    },
    nextIn() {
      const time = next()?.time
      return time === undefined ? undefined : time - now
    },
  }
}
