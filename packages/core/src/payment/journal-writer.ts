/**
 * Writes a payment to the journal before anybody is notified of it. Writes merge by rank with what another process has
 * written. An error, which the gateway returns once, has a key of its own: two processes that read, decide and write at the
 * same time cannot overwrite it with less.
 */
import { isJournalKey, type Journal, journalKey } from '../journal/journal.ts'
import { uuid } from '../lib/uuid.ts'
import { type EntryMarks, isForeign, isOwn, readEntry, writeEntry } from './journal-entry.ts'
import type { JournalStore } from './journal-store.ts'
import { merge } from './merge.ts'
import { type Ending, isAnswer, type PaymentRecord } from './record.ts'
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
  readonly #warn: () => void
  readonly #writer = uuid()
  #saved: PaymentRecord | undefined
  #writing: Promise<unknown> = Promise.resolve()

  /** `warn` is called whenever the journal fails. */
  constructor(settings: Settings, warn: () => void) {
    this.#settings = settings
    this.#warn = warn
  }

  /** Whether a restart would lose nothing of `record`. */
  knows(record: PaymentRecord): boolean {
    const saved = this.#saved
    return !this.#settings.journal || (!!saved && KEPT.every((field) => saved[field] === record[field]))
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
    const { journal, scope } = this.#settings
    const marks = { scope, writer: this.#writer }
    const read = (used: Journal) => load(used, journalKey(requestKey), marks)
    const loaded = (await journal?.use(read)) ?? (await journal?.use(read))
    if (journal && !loaded) this.#warn()
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
    const { journal } = this.#settings
    if (journal && !(await journal.use((used) => used.removeItem(journalKey(requestKey))))) this.#warn()
  }

  async #save(record: PaymentRecord): Promise<Saved> {
    const { clock, journal, scope } = this.#settings
    const marks = { scope, writer: this.#writer }
    const saved = await (journal as JournalStore).use((used, givenUp) =>
      save(used, record, { marks, now: clock.now(), givenUp, overwrite: isSafeToOverwrite(record) }),
    )
    if (saved) return { record: saved.value, stored: true }
    if (this.#saved === record) this.#saved = undefined
    this.#warn()
    return { record, stored: false }
  }
}

/** Nothing is lost with the entry there, should that be unreadable: it is a result, or the first entry of a payment. */
const isSafeToOverwrite = ({ requestId, ending }: PaymentRecord): boolean =>
  ending?.status === 'result' || (!requestId && !ending)

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
  if (isOnceOnly(kept)) await journal.setItem(key + ONCE, entry)
  if (!givenUp()) await journal.setItem(key, entry)
  return merged
}

/** The end of our polling is not the end of the payment, unless it was only looked up. */
const isKept = ({ ending, recovered }: PaymentRecord): boolean =>
  isAnswer(ending) || ending?.status === 'unknown' || (!!recovered && !!ending)

const ONCE = ':error'

const isOnceOnly = ({ lastWords, ending }: PaymentRecord): boolean => !!lastWords || isError(ending)
const isError = (ending: Ending | undefined): boolean => ending?.status === 'error' && ending.code === 'gateway-error'

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
  const stored = await Promise.all([journal.getItem(key), journal.getItem(key + ONCE)])
  if (inTheWay && stored.some((value) => isForeign(value, marks.scope))) throw new ForeignEntry()
  const [entry, error] = stored.map((value) => (isOwn(value, marks.writer) ? undefined : readEntry(value, marks.scope)))
  return entry && error ? merge(entry, error) : (entry ?? error)
}

/** The keys of the payments in a journal. */
export const paymentKeys = (keys: readonly unknown[]): string[] => [
  ...new Set(keys.filter(isJournalKey).map((key) => (key.endsWith(ONCE) ? key.slice(0, -ONCE.length) : key))),
]

/** Removes all that the journal has of a payment. */
export async function purge(journal: Journal, key: string): Promise<void> {
  await journal.removeItem(key)
  await journal.removeItem(key + ONCE)
}
