/** A simulated clock for what settles by promises alone: one turn of the event loop after each timer. */
import type { SimulatedClock } from '@async-transaction/core/testing'

interface Timer {
  readonly at: number
  readonly callback: () => void
}

export function createFastClock(startAt = 1_800_000_000_000): SimulatedClock {
  let now = startAt
  const timers = new Set<Timer>()
  const first = (limit: number): Timer | undefined => {
    let due: Timer | undefined
    for (const timer of timers) if (timer.at <= limit && (!due || timer.at < due.at)) due = timer
    return due
  }
  const settled = (): Promise<void> => new Promise((done) => setImmediate(done))
  const unused = (): never => {
    throw new Error('Not simulated')
  }
  return {
    now: () => now,
    setTimeout(callback, delayMs) {
      const timer = { at: now + Math.max(0, delayMs), callback }
      timers.add(timer)
      return timer
    },
    clearTimeout: (timer) => void timers.delete(timer as Timer),
    async advance(ms) {
      const target = now + ms
      await settled()
      for (let timer = first(target); timer; timer = first(target)) {
        timers.delete(timer)
        now = timer.at
        timer.callback()
        await settled()
      }
      now = target
    },
    until: unused,
    jump: unused,
    get pending() {
      return timers.size
    },
  }
}
