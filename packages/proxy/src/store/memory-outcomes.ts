import { systemClock } from '@async-transaction/core/protocol'
import type { OutcomeRecord, OutcomeStore } from './outcome-store.ts'

/**
 * Keeps outcomes in the memory of this process: for development, and for a server that is one process. A restart loses
 * them; a payment is then found again by its tracking id, but an error that is delivered once is not.
 *
 * @param clock of which only `now` is used. @default the runtime's
 */
export function memoryOutcomes(clock: { now(): number } = systemClock): OutcomeStore {
  const kept = new Map<string, { readonly value: string; readonly until: number }>()
  let sweepAt = SWEEP_FROM

  const get = (key: string): string | undefined => {
    const entry = kept.get(key)
    return entry && entry.until > clock.now() ? entry.value : undefined
  }
  const set = (key: string, value: string, ttlMs: number): void => {
    kept.set(key, { value, until: clock.now() + ttlMs })
    if (kept.size < sweepAt) return
    for (const [old, { until }] of kept) if (until <= clock.now()) kept.delete(old)
    sweepAt = Math.max(SWEEP_FROM, 2 * kept.size)
  }
  return {
    // As text, so that nobody holds a part of what is kept.
    get(key) {
      const stored = get(`record ${key}`)
      return stored === undefined ? undefined : (JSON.parse(stored) as OutcomeRecord)
    },
    set: (key, record, ttlMs) => set(`record ${key}`, JSON.stringify(record), ttlMs),
    claim(key, owner, ttlMs) {
      const holder = get(`claim ${key}`)
      if (holder !== undefined && holder !== owner) return false
      set(`claim ${key}`, owner, ttlMs)
      return true
    },
  }
}

/** How many entries there are before those whose time is over are swept out. */
const SWEEP_FROM = 1024
