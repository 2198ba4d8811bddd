/**
 * Writes a payment to the journal before anybody is notified of it. Writes merge by rank with what another process has
 * written. An answer has a key of its own as well: two processes that read, decide and write at the same time cannot
 * overwrite it with less.
 */
import { isJournalKey, type Journal, journalKey } from '../journal/journal.ts'
import { uuid } from '../lib/uuid.ts'
import { type EntryMarks, isForeign, isOwn, readEntry, writeEntry } from './journal-entry.ts'
import type { JournalStore } from './journal-store.ts'
import { merge } from './merge.ts'
import { isAnswer, type PaymentRecord } from './record.ts'
import type { Settings } from './settings.ts'

/** The fields that a restart needs. */
const KEPT = ['requestId', 'lost', 'lastWords', 'completed', 'gone', 'uid', 'ending'] as const

/** A record as it is stored, and whether it is. */
export interface Saved {
  readonly record: PaymentRecord
  readonly stored: boolean
}

export class JournalWriter {
  readonly #settings: Settings
  readonly #journal: JournalStore
  readonly #warn: () => void
  #writer = uuid()
  #saved: PaymentRecord | undefined
  #writing: Promise<unknown> = Promise.resolve()

  /** `warn` is called whenever the journal fails. */
  constructor(settings: Settings, journal: JournalStore, warn: () => void) {
    this.#settings = settings
    this.#journal = journal
    this.#warn = warn
  }

  /** Whether a restart would lose nothing of `record`. */
  knows(record: PaymentRecord): boolean {
    const saved = this.#saved
    return !!saved && KEPT.every((field) => saved[field] === record[field])
  }

  /** Lets the next record be written, whatever was. */
  forget(): void {
    this.#saved = undefined
  }

  /** Resolves when nothing is being written. */
  settled(): Promise<unknown> {
    return this.#writing
  }

  /** The record of another process, or of an earlier one; nothing if the journal cannot be read. */
  async load(requestKey: string): Promise<{ readonly record: PaymentRecord | undefined } | undefined> {
    const marks = { scope: this.#settings.scope, writer: this.#writer }
    const read = (used: Journal) => load(used, journalKey(requestKey), marks)
    const loaded = (await this.#journal.use(read)) ?? (await this.#journal.use(read))
    if (!loaded) this.#warn()
    this.#saved = loaded?.value
    return loaded && { record: loaded.value }
  }

  /** Writes `record`, after all that was written before. */
  save(record: PaymentRecord): Promise<Saved> {
    this.#saved = record
    const saving = this.#writing.then(() => this.#save(record))
    this.#writing = saving
    return saving
  }

  /** Removes the entry of a submission that was never sent. */
  async remove(requestKey: string): Promise<void> {
    this.#saved = undefined
    if (!(await this.#journal.use((used) => used.removeItem(journalKey(requestKey))))) this.#warn()
  }

  async #save(record: PaymentRecord): Promise<Saved> {
    const { clock, scope } = this.#settings
    const marks = { scope, writer: this.#writer }
    const saved = await this.#journal.use((used, givenUp) =>
      save(used, record, { marks, now: clock.now(), givenUp, overwrite: isSafeToOverwrite(record) }),
    )
    if (saved) return { record: saved.value, stored: true }
    if (this.#saved === record) this.#saved = undefined
    // It may have been written all the same, with what another process knows: that is not known here.
    this.#writer = uuid()
    this.#warn()
    return { record, stored: false }
  }
}

/** Nothing is lost with the entry there, should that be unreadable: it is a result, or the first entry of a payment. */
const isSafeToOverwrite = ({ requestId, ending, recovered, unread, inDoubt }: PaymentRecord): boolean =>
  ending?.status === 'result' || !(requestId || ending || recovered || unread || inDoubt)

interface SaveOptions {
  readonly marks: EntryMarks
  readonly now: number
  /** Whether it took too long: then it must write nothing more. */
  readonly givenUp: () => boolean
  /** Write although the entry there cannot be read. */
  readonly overwrite: boolean
}

/** Writes the union of `record` and the entry there, and returns it. */
async function save(journal: Journal, record: PaymentRecord, options: SaveOptions): Promise<PaymentRecord> {
  const { marks, now, givenUp, overwrite } = options
  const key = journalKey(record.requestKey)
  const stored = await load(journal, key, marks, true).catch((error) => {
    if (!overwrite || error instanceof ForeignEntry) throw error
    return undefined
  })
  const merged = stored ? merge(record, stored) : record
  const { ending, ...open } = merged
  const kept: PaymentRecord = isKept(merged) ? merged : open
  if (givenUp()) return merged
  if (!kept.ending && ending?.status === 'error' && ending.effect === 'none') {
    await journal.removeItem(key)
    return merged
  }
  const entry = writeEntry(kept, marks, now)
  const answer = answerKey(kept)
  if (answer) await journal.setItem(key + answer, entry)
  if (!givenUp()) await journal.setItem(key, entry)
  return merged
}

/** The end of our polling is not the end of the payment, unless it was only looked up. */
const isKept = ({ ending, recovered }: PaymentRecord): boolean =>
  isAnswer(ending) || ending?.status === 'unknown' || (!!recovered && !!ending)

const ERROR = ':error'
const RESULT = ':result'

/** What the key of an answer ends in. */
const answerKey = ({ lastWords, ending }: PaymentRecord): string | undefined => {
  if (ending?.status === 'result') return RESULT
  return lastWords || (ending?.status === 'error' && ending.code === 'gateway-error') ? ERROR : undefined
}

/** The key is taken by a payment of another shop, or at another gateway. */
class ForeignEntry extends Error {}

/**
 * The entry of a payment, with the error that came once. Entries that `marks` names as our own are left out; those of
 * another scope too, unless they are in the way.
 */
export async function load(
  journal: Journal,
  key: string,
  marks: Pick<EntryMarks, 'scope'> & Partial<EntryMarks>,
  inTheWay = false,
): Promise<PaymentRecord | undefined> {
  const stored = await Promise.all(keysOf(key).map(async (each) => journal.getItem(each)))
  if (inTheWay && stored.some((value) => isForeign(value, marks.scope))) throw new ForeignEntry()
  return stored
    .map((value) => (isOwn(value, marks.writer) ? undefined : readEntry(value, marks.scope)))
    .reduce((known, entry) => (known && entry ? united(known, entry) : (known ?? entry)))
}

const united = (known: PaymentRecord, entry: PaymentRecord): PaymentRecord => ({
  ...merge(known, entry),
  savedAt: Math.max(known.savedAt ?? 0, entry.savedAt ?? 0),
})

/** All keys of the payment that is kept under `key`. */
const keysOf = (key: string): string[] => [key, key + ERROR, key + RESULT]

/** The keys of the payments in a journal. */
export const paymentKeys = (keys: readonly unknown[]): string[] => [
  ...new Set(keys.filter(isJournalKey).map((key) => key.replace(/:(error|result)$/, ''))),
]

/** Removes all that the journal has of a payment. */
export async function purge(journal: Journal, key: string): Promise<void> {
  for (const each of keysOf(key)) await journal.removeItem(each)
}
