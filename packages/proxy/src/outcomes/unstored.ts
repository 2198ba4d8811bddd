/**
 * Outcomes, and last words, that the store did not take: the one thing of a task that this process remembers, until it is
 * stored. Values, not promises: on Workers a promise of one request never settles in another.
 */
import { mergeTasks } from './merge-tasks.ts'
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
  addTo(stored: TaskRecord | undefined, requestId: string): TaskRecord | undefined {
    const heard = this.#records.get(requestId)
    return heard ? mergeTasks(stored, heard) : stored
  }

  forget(requestId: string): void {
    this.#records.delete(requestId)
  }
}
