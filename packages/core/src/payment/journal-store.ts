/** The journal of a client, bounded in time: a storage that fails or hangs never stops a payment. */
import type { Journal } from '../journal/journal.ts'
import { type Clock, within } from '../lib/clock.ts'

/** A storage that takes longer counts as failed, in milliseconds; one that hung before, until it answers again. */
const PATIENCE_MS = 5000
const HUNG_PATIENCE_MS = 50

export class JournalStore {
  readonly #journal: Journal
  readonly #clock: Clock
  readonly #patienceMs: number
  #hung = false

  constructor(journal: Journal, clock: Clock, patienceMs: number = PATIENCE_MS) {
    this.#journal = journal
    this.#clock = clock
    this.#patienceMs = patienceMs
  }

  /** The value of `operation`; nothing if that failed, or took too long. `given up` then tells it to write nothing more. */
  async use<T>(
    operation: (journal: Journal, givenUp: () => boolean) => T | PromiseLike<T>,
  ): Promise<{ readonly value: T } | undefined> {
    let late = false
    try {
      const work = Promise.resolve(operation(this.#journal, () => late)).then((value) => {
        this.#hung = false
        return { value }
      })
      return await within<{ value: T } | undefined>(
        this.#clock,
        this.#hung ? HUNG_PATIENCE_MS : this.#patienceMs,
        work,
        () => {
          late = this.#hung = true
          return undefined
        },
      )
    } catch {
      return undefined
    }
  }
}
