/** Where the tabs of an origin find each other's answers. */
import type { Journal } from '../journal/journal.ts'
import type { Clock } from '../lib/clock.ts'
import { JournalStore } from '../payment/journal-store.ts'
import { RETENTION_MS } from '../payment/record.ts'
import { parseJson } from '../transport/attempt.ts'
import type { AtomicJournal } from './indexed-db-journal.ts'
import type { SharedAnswer } from './shared-answers.ts'

const PREFIX = 'async-transaction-answer:'

/** A storage that takes longer is done without, in milliseconds. */
const PATIENCE_MS = 2000

type Next = (known: SharedAnswer | undefined) => SharedAnswer

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

  /** Writes that a question is under way. Too late, it is not written: the question has left without it. */
  async note(task: string, next: Next): Promise<void> {
    await this.#store.use((journal, givenUp) => this.#update(journal, PREFIX + task, next, givenUp))
  }

  /** Writes what was heard, however late that is: it is united with what is stored by then. */
  async merge(task: string, next: Next): Promise<void> {
    await this.#store.use((journal) => this.#update(journal, PREFIX + task, next, () => false))
  }

  /** Whether this tab may take the lock over: another one has not begun to within `ms`. A storage that fails forbids nothing. */
  async takeOver(task: string, ms: number): Promise<boolean> {
    let first = true
    await this.merge(task, (known) => {
      const now = this.#clock.now()
      const latest = known ?? { askedAt: now, lost: false, heard: null }
      first = !(Math.abs(now - (latest.takenOverAt ?? 0)) < ms)
      return first ? { ...latest, takenOverAt: now } : latest
    })
    return first
  }

  async #update(journal: AtomicJournal, key: string, next: Next, isLate: () => boolean): Promise<void> {
    const written = (stored: unknown): string | undefined =>
      isLate() ? undefined : JSON.stringify(next(this.#answerOf(stored)))
    if (journal.update) return void (await journal.update(key, written))
    const value = written(await journal.getItem(key))
    if (value !== undefined) await journal.setItem(key, value)
  }

  async #read(journal: Journal, key: string): Promise<SharedAnswer | undefined> {
    return this.#answerOf(await journal.getItem(key))
  }

  #answerOf(stored: unknown): SharedAnswer | undefined {
    const answer = (typeof stored === 'string' ? parseJson(stored) : stored) as SharedAnswer | undefined
    return answer && this.#clock.now() - answer.askedAt < RETENTION_MS ? answer : undefined
  }

  async #sweep(journal: Journal): Promise<void> {
    for (const key of await journal.getKeys())
      if (key.startsWith(PREFIX) && !(await this.#read(journal, key))) await journal.removeItem(key)
  }
}
