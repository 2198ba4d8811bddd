/** What is known of one payment: here at once, then in the journal, and only then to its observers. */
import { type EventDetails, settlement, type Warning } from './client-event.ts'
import { emit } from './emit.ts'
import { JournalWriter } from './journal-writer.ts'
import type { PaymentRecord } from './record.ts'
import type { Settings } from './settings.ts'

export class Ledger {
  /** The latest record. */
  record: PaymentRecord
  /** The latest journaled record; observers see only this one. */
  known: PaymentRecord
  /** The journal may know more. */
  recall: boolean
  readonly #settings: Settings
  readonly #writer: JournalWriter | undefined
  readonly #published: () => void
  #restarts = 0

  /** `published` is called whenever observers may see something new. */
  constructor(settings: Settings, record: PaymentRecord, recall: boolean, published: () => void) {
    this.#settings = settings
    this.known = this.record = record
    this.recall = recall && !!settings.journal
    this.#writer = settings.journal && new JournalWriter(settings, settings.journal, () => this.warn('journal-failed'))
    this.#published = published
  }

  /** Goes on from `record`, which the journal may know more of, and has to have. */
  restart(record: PaymentRecord): void {
    this.#restarts += 1
    this.known = this.record = record
    this.recall = !!this.#writer
    this.#writer?.forget()
  }

  /** The entry in the journal, if it can be read and there is one. */
  async load(): Promise<{ readonly record: PaymentRecord | undefined } | undefined> {
    const loaded = await this.#writer?.load(this.record.requestKey)
    this.recall = false
    return loaded
  }

  /** Journals `record`, then publishes it, unless it goes on meanwhile. Returns whether a restart would find it. */
  async advance(record: PaymentRecord): Promise<boolean> {
    this.record = record
    const writer = this.#writer
    const restarts = this.#restarts
    const saved = !writer || writer.knows(record) ? undefined : await writer.save(record)
    const known = saved && this.record === record ? saved.record : record
    if (this.record === record) this.record = known
    if (restarts === this.#restarts) this.publish(known)
    return !saved || saved.stored
  }

  publish(record: PaymentRecord): void {
    const { ending } = record
    const settled = ending !== this.known.ending
    this.known = record
    if (ending && settled) this.emit(settlement(ending))
    this.#published()
  }

  /** Removes the entry of a submission that was never sent. */
  async remove(): Promise<void> {
    await this.#writer?.remove(this.record.requestKey)
  }

  /** Resolves when nothing is being written. */
  async written(): Promise<void> {
    await this.#writer?.settled()
  }

  emit(details: EventDetails): void {
    const { requestKey, trackingId, requestId } = this.record
    emit(this.#settings, { ...details, requestKey, trackingId, requestId })
  }

  warn(warning: Warning): void {
    this.emit({ type: 'warning', warning })
  }
}
