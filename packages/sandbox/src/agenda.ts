/**
 * What is to happen later: processing a task, expiring a transaction, sending a webhook again. One timer is armed for
 * the earliest entry, and `runDue` is called before every request as well, so that what is due at a moment has
 * happened for whoever asks at that moment, whether or not the timer came first.
 */
import { type Clock, longestTimerMs } from './clock.ts'

export interface Agenda {
  /** Plans `run` for the given time (epoch ms); returns a function that cancels it. */
  at(time: number, run: () => void): () => void
  /** Runs, in order of time, everything that is due by now. */
  runDue(): void
  /** Drops everything planned, and takes nothing more. */
  close(): void
}

interface Entry {
  readonly time: number
  readonly run: () => void
}

export function createAgenda(clock: Clock): Agenda {
  let entries: Entry[] = []
  let timer: { readonly id: unknown; readonly time: number } | undefined
  let closed = false

  const disarm = (): void => {
    if (timer) clock.clearTimeout(timer.id)
    timer = undefined
  }

  const arm = (): void => {
    const time = entries[0]?.time
    if (timer?.time === time) return
    disarm()
    if (time === undefined) return
    const delay = Math.min(Math.max(0, time - clock.now()), longestTimerMs)
    const id = clock.setTimeout(() => {
      timer = undefined
      runDue()
    }, delay)
    letProcessEnd(id)
    timer = { id, time }
  }

  const runDue = (): void => {
    for (let next = entries[0]; next && next.time <= clock.now(); next = entries[0]) {
      entries.shift()
      next.run()
    }
    arm()
  }

  return {
    at(time, run) {
      if (closed) return () => {}
      const entry: Entry = { time, run }
      entries.splice(indexAfter(entries, time), 0, entry)
      arm()
      return () => {
        entries = entries.filter((other) => other !== entry)
        arm()
      }
    },
    runDue,
    close() {
      closed = true
      entries = []
      disarm()
    },
  }
}

/** Where an entry of that time goes, behind those planned earlier for the same time. */
function indexAfter(entries: readonly Entry[], time: number): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((entries[middle]?.time ?? 0) <= time) low = middle + 1
    else high = middle
  }
  return low
}

/** Node keeps a process alive for a pending timer; a sandbox that nobody talks to is no reason to stay. */
function letProcessEnd(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
    timer.unref()
}
