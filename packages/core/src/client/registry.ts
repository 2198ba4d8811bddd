/** The payments of a client that are still in use, so that there is one for a key. */

/** Finds values by their keys, without keeping them alive. */
export class Registry<T extends object> {
  readonly #values = new Map<string, { deref(): T | undefined }>()
  #sweepAt = 1024

  get(key: string): T | undefined {
    return this.#values.get(key)?.deref()
  }

  set(key: string, value: T): T {
    // workerd has no WeakRef at older compatibility dates; a client there lives as long as one request.
    this.#values.set(key, typeof WeakRef === 'function' ? new WeakRef(value) : { deref: () => value })
    if (this.#values.size < this.#sweepAt) return value
    for (const [stale, held] of this.#values) if (!held.deref()) this.#values.delete(stale)
    this.#sweepAt = Math.max(1024, this.#values.size * 2)
    return value
  }
}
