/** Where the tabs of an origin find each other's answers. */
import type { Journal } from '../journal/journal.ts'
import type { Clock } from '../lib/clock.ts'
import { JournalStore } from '../payment/journal-store.ts'
import { RETENTION_MS } from '../payment/record.ts'
import { parseJson } from '../transport/attempt.ts'
import type { SharedAnswer } from './shared-answers.ts'

const PREFIX = 'async-transaction-answer:'

/** A storage that takes longer is done without, in milliseconds. */
const PATIENCE_MS = 2000

/** Answers by task, for 24 hours each. A storage that fails or hangs is as if it was empty. */
export class AnswerStore {
  readonly #store: JournalStore
  readonly #clock: Clock
  #swept = false

  constructor(journal: Journal, clock: Clock) {
    this.#store = new JournalStore(journal, clock, PATIENCE_MS)
    this.#clock = clock
  }

  async load(task: string): Promise<SharedAnswer | undefined> {
    const loaded = await this.#store.use((journal) => this.#read(journal, PREFIX + task))
    if (!this.#swept) {
      this.#swept = true
      void this.#store.use((journal) => this.#sweep(journal))
    }
    return loaded?.value
  }

  /** Writes what `next` makes of what is stored by now. */
  async update(task: string, next: (known: SharedAnswer | undefined) => SharedAnswer): Promise<void> {
    await this.#store.use(async (journal, givenUp) => {
      const answer = next(await this.#read(journal, PREFIX + task))
      if (!givenUp()) await journal.setItem(PREFIX + task, JSON.stringify(answer))
    })
  }

  async #read(journal: Journal, key: string): Promise<SharedAnswer | undefined> {
    const stored = await journal.getItem(key)
    const answer = (typeof stored === 'string' ? parseJson(stored) : stored) as SharedAnswer | undefined
    return answer && this.#clock.now() - answer.askedAt < RETENTION_MS ? answer : undefined
  }

  async #sweep(journal: Journal): Promise<void> {
    for (const key of await journal.getKeys())
      if (key.startsWith(PREFIX) && !(await this.#read(journal, key))) await journal.removeItem(key)
  }
}
