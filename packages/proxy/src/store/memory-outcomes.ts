import { systemClock } from '@async-transaction/core/protocol'
import { isStale, type OutcomeRecord, type OutcomeStore } from './outcome-store.ts'

/**
 * Keeps outcomes in the memory of this process: for development, and for a server that is one process. A restart loses
 * them; a payment is then found again by its tracking id, but an error that is delivered once is not.
 *
 * @param clock of which only `now` is used. @default the runtime's
 */
export function memoryOutcomes(clock: { now(): number } = systemClock): Required<OutcomeStore> {
  const records = new Expiring(clock)
  const leases = new Expiring(clock)

  /** As text, so that no caller holds a part of what is kept. */
  const recordOf = (text: string | undefined): OutcomeRecord | undefined =>
    text === undefined ? undefined : (JSON.parse(text) as OutcomeRecord)

  const store: Required<OutcomeStore> = {
    get: (key) => recordOf(records.get(key)),
    set(key, record, ttlMs) {
      if (isStale(recordOf(records.get(key)), record)) return false
      records.set(key, JSON.stringify(record), ttlMs)
      return true
    },
    claim(key, owner, ttlMs) {
      const holder = leases.get(key)
      if (holder !== undefined && holder !== owner) return false
      leases.set(key, owner, ttlMs)
      return true
    },
    setLeased(key, record, ttlMs, { owner, ttlMs: leaseMs }) {
      const holder = leases.get(key)
      if (holder !== undefined && holder !== owner) return 'held'
      if (isStale(recordOf(records.get(key)), record)) return 'stale'
      records.set(key, JSON.stringify(record), ttlMs)
      leases.set(key, owner, leaseMs)
      return 'stored'
    },
    due: (now, limit) =>
      records
        .entries()
        .map(([key, text]) => ({ key, dueAt: recordOf(text)?.dueAt }))
        .filter(
          (entry): entry is { key: string; dueAt: number } => typeof entry.dueAt === 'number' && entry.dueAt <= now,
        )
        .sort((one, other) => one.dueAt - other.dueAt)
        .slice(0, limit)
        .map(({ key }) => key),
  }
  return store
}

/** How many entries there are before the expired ones are removed. */
const SWEEP_FROM = 1024

/** Texts that are forgotten when their time is over. */
class Expiring {
  readonly #clock: { now(): number }
  readonly #kept = new Map<string, { readonly value: string; readonly until: number }>()
  #sweepAt = SWEEP_FROM

  constructor(clock: { now(): number }) {
    this.#clock = clock
  }

  get(key: string): string | undefined {
    const entry = this.#kept.get(key)
    return entry && entry.until > this.#clock.now() ? entry.value : undefined
  }

  set(key: string, value: string, ttlMs: number): void {
    this.#kept.set(key, { value, until: this.#clock.now() + ttlMs })
    if (this.#kept.size < this.#sweepAt) return
    this.#removeExpired()
    this.#sweepAt = Math.max(SWEEP_FROM, 2 * this.#kept.size)
  }

  entries(): [key: string, value: string][] {
    this.#removeExpired()
    return [...this.#kept].map(([key, { value }]) => [key, value])
  }

  #removeExpired(): void {
    const now = this.#clock.now()
    for (const [key, { until }] of this.#kept) if (until <= now) this.#kept.delete(key)
  }
}
