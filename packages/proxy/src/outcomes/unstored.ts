/**
 * Outcomes, and last words, that were heard and could not be stored: the one thing of a task that this process remembers,
 * until the store takes it. Values, not promises: on Workers a promise of one request never settles in another.
 */
import type { TaskRecord } from './records.ts'

/** While the store fails nothing is read, so these are few: what was on its way when it failed. */
const MOST = 500

export class Unstored {
  readonly #records = new Map<string, TaskRecord>()

  /** With more than 500, the oldest is forgotten. */
  keep(record: TaskRecord): void {
    this.#records.set(record.requestId, record)
    for (const oldest of this.#records.keys()) {
      if (this.#records.size <= MOST) break
      this.#records.delete(oldest)
    }
  }

  /** The record as it is stored, and what this process knows beside it. */
  addTo(record: TaskRecord | undefined, requestId: string): TaskRecord | undefined {
    const heard = this.#records.get(requestId)
    if (!heard) return record
    if (!record || record.fence < heard.fence) return { ...heard, fence: record?.fence ?? 0 }
    // Another one has asked since, and cannot have heard it: it was told once.
    const { outcome = heard.outcome, lastWords = heard.lastWords } = record
    return { ...record, ...(outcome && { outcome }), ...(lastWords && { lastWords }) }
  }

  forget(requestId: string): void {
    this.#records.delete(requestId)
  }
}
