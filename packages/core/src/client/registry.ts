/** The tasks of a client that somebody still holds, so that one payment has one task. */

/** Finds tasks by any of their keys, without keeping them alive. */
export class Registry<T extends object> {
  readonly #tasks = new Map<string, { deref(): T | undefined }>()
  #sweepAt = 1024

  get(key: string): T | undefined {
    return this.#tasks.get(key)?.deref()
  }

  set(key: string, task: T): void {
    // workerd has no WeakRef at older compatibility dates; a client there lives as long as one request.
    this.#tasks.set(key, typeof WeakRef === 'function' ? new WeakRef(task) : { deref: () => task })
    if (this.#tasks.size < this.#sweepAt) return
    for (const [stale, held] of this.#tasks) if (!held.deref()) this.#tasks.delete(stale)
    this.#sweepAt = Math.max(1024, this.#tasks.size * 2)
  }
}
