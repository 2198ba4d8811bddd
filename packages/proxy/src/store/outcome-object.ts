import { RETENTION_MS, systemClock } from '@async-transaction/core/protocol'
import type { Command } from './durable-object-outcomes.ts'
import { isStale, type OutcomeRecord } from './outcome-store.ts'

/** What is used of a Durable Object's storage. */
export interface ObjectStorage {
  get(key: string): Promise<unknown>
  put(key: string, value: unknown): Promise<void>
  delete(key: string): Promise<boolean>
  list(): Promise<Map<string, unknown>>
  deleteAll(): Promise<void>
  getAlarm(): Promise<number | null>
  setAlarm(at: number): Promise<void>
}

/** What is used of a Durable Object's state. */
export interface ObjectState {
  readonly storage: ObjectStorage
}

export interface OutcomeObject {
  fetch(request: Request): Promise<Response>
  alarm(): Promise<void>
}

export interface OutcomeObjectOptions {
  /** For how long nobody has asked after a task before the alarm does, in milliseconds. @default 5000 */
  idleMs?: number
}

interface Entry {
  readonly value: unknown
  /** Since when there is such an entry, when it was set last, and until when it counts, in epoch milliseconds. */
  readonly since: number
  readonly at: number
  readonly until: number
}

/** The longest between two questions of the alarm. */
const LONGEST_MS = 10 * 60_000

/**
 * The class of the Durable Objects behind `durableObjectOutcomes`. Each keeps what belongs to one task. While nobody asks
 * after the task, its alarm does, by `proxy.check()`: less and less often, for 24 hours, until the outcome is kept and
 * `onOutcome` knows it. What is over is deleted. The class must be one with SQLite storage (`new_sqlite_classes`): an
 * answer may be longer than the other storage takes.
 *
 * @example
 * ```ts
 * export class Outcomes extends createOutcomeObject(proxy) {}
 * ```
 */
export function createOutcomeObject(
  proxy: { check(requestId: string): Promise<{ readonly settled: boolean; readonly waitMs: number }> },
  { idleMs = 5000 }: OutcomeObjectOptions = {},
): new (
  state: ObjectState,
  env: unknown,
) => OutcomeObject {
  return class implements OutcomeObject {
    readonly #storage: ObjectStorage

    constructor({ storage }: ObjectState) {
      this.#storage = storage
    }

    async fetch(request: Request): Promise<Response> {
      return Response.json((await this.#run((await request.json()) as Command)) ?? null)
    }

    async alarm(): Promise<void> {
      const { requestId, task, latest } = await this.#sweep()
      const now = systemClock.now()
      if (!latest) return this.#storage.deleteAll()
      if (!requestId || !task || now - task.since > RETENTION_MS) return this.#storage.setAlarm(latest)
      const idleUntil = task.at + pauseAt(task, task.at)
      if (idleUntil > now) return this.#storage.setAlarm(idleUntil)
      const pauseMs = pauseAt(task, now)
      // Whatever becomes of this check, there will be another one.
      await this.#storage.setAlarm(now + pauseMs)
      const { settled, waitMs } = await proxy.check(requestId).catch(() => ({ settled: false, waitMs: 0 }))
      await this.#storage.setAlarm(settled ? latest : systemClock.now() + Math.max(pauseMs, waitMs))
    }

    /** No other request comes in between while only the storage is waited for: that is what makes a claim atomic. */
    async #run(command: Command): Promise<unknown> {
      const now = systemClock.now()
      const slot = `${command.name === 'claim' ? 'claim' : 'record'} ${command.key}`
      const kept = (await this.#storage.get(slot)) as Entry | undefined
      const known = kept && kept.until > now ? kept : undefined
      if (command.name === 'get') return known?.value
      if (command.name === 'claim') {
        if (known && known.value !== command.owner) return false
        await this.#put(slot, command.owner, command.ttlMs, known)
        return true
      }
      const { key, record, ttlMs, lease } = command
      const leaseSlot = `claim ${key}`
      const holder = lease && ((await this.#storage.get(leaseSlot)) as Entry | undefined)
      if (lease && holder && holder.until > now && holder.value !== lease.owner) return 'held'
      if (isStale(known?.value as OutcomeRecord | undefined, record)) return 'stale'
      await this.#put(slot, record, ttlMs, known)
      if (lease) await this.#put(leaseSlot, lease.owner, lease.ttlMs, undefined)
      return 'stored'
    }

    async #put(slot: string, value: unknown, ttlMs: number, known: Entry | undefined): Promise<void> {
      const now = systemClock.now()
      const entry: Entry = { value, since: known?.since ?? now, at: now, until: now + ttlMs }
      await this.#storage.put(slot, entry)
      const alarm = await this.#storage.getAlarm()
      const due = taskOf(slot) ? now + pauseAt(entry, now) : entry.until
      if (alarm === null || (alarm > due && taskOf(slot))) await this.#storage.setAlarm(due)
    }

    /** Deletes what is over; the task that is kept here, if it is one, and when the last of all will be over. */
    async #sweep(): Promise<{ requestId?: string | undefined; task?: Entry; latest: number }> {
      const now = systemClock.now()
      let found: { requestId?: string | undefined; task?: Entry } = {}
      let latest = 0
      for (const [slot, value] of await this.#storage.list()) {
        const entry = value as Entry
        if (entry.until <= now) await this.#storage.delete(slot)
        else latest = Math.max(latest, entry.until)
        if (entry.until > now && taskOf(slot)) found = { requestId: taskOf(slot), task: entry }
      }
      return { ...found, latest }
    }
  }

  /** Longer than a client pauses that asks with the default schedule: while one does, the alarm does not. */
  function pauseAt({ since }: Entry, now: number): number {
    return Math.min(LONGEST_MS, Math.max(idleMs, Math.ceil((now - since) / 10)))
  }
}

const taskOf = (slot: string): string | undefined => /^record task\/([^/]+)$/.exec(slot)?.[1]
