/** What the journal keeps of a payment, and what that means after a restart. */
import { type Journal, journalKey } from '../journal/journal.ts'
import { within } from '../lib/clock.ts'
import { maskCardNumbers } from '../lib/mask-card-numbers.ts'
import { parseRecord } from '../schema/task-record.ts'
import { CREDIT, type TaskRecord } from './record.ts'
import type { Settings } from './settings.ts'

/** A record as it is stored. */
export interface JournalEntry extends TaskRecord {
  /** In milliseconds since the epoch. */
  readonly savedAt?: number
}

/** A storage that takes longer is not waited for, in milliseconds. */
const PATIENCE_MS = 5000

/** Never stored: with these, a card could be charged again. */
const SECRET = /^(token|number|verification_value|encrypted_credit_card)$/

/** Uses the journal, if there is one. What fails or hangs is told to `failed`, and stops nothing. */
export async function withJournal<T>(
  { journal, clock }: Settings,
  failed: () => void,
  use: (journal: Journal) => T | PromiseLike<T>,
): Promise<T | undefined> {
  try {
    return (
      journal &&
      (await within<T | undefined>(clock, PATIENCE_MS, Promise.resolve(use(journal)), failed as () => undefined))
    )
  } catch {
    failed()
    return undefined
  }
}

/**
 * Writes what is known. An outcome is kept; an error that left the money alone is forgotten; any other error is not the
 * end: what was known before it stays, to be recovered.
 */
export function save(journal: Journal, record: TaskRecord, now: number): unknown {
  const { requestKey, requestId, ending, recovered } = record
  const key = journalKey(requestKey)
  if (ending?.status === 'error' && !recovered && !/^(gateway-error|submit-rejected)$/.test(ending.code))
    return ending.effect === 'none' ? journal.removeItem(key) : undefined
  const phase = ending ? 'settled' : requestId ? 'accepted' : 'submitting'
  return journal.setItem(
    key,
    JSON.stringify({ ...record, phase, savedAt: now }, (field, value) =>
      SECRET.test(field)
        ? undefined
        : typeof value === 'string' && /message/i.test(field)
          ? maskCardNumbers(value)
          : value,
    ),
  )
}

/** What is known after a restart. A submission nobody heard of can only be looked up. */
export async function load(journal: Journal, key: string): Promise<JournalEntry | undefined> {
  const stored = await journal.getItem(key)
  const entry = parseRecord(typeof stored === 'string' ? JSON.parse(stored) : stored)
  if (typeof entry === 'string') return undefined
  const record = { ...(entry as JournalEntry), tries: 0, credit: CREDIT }
  return record.requestId || record.ending
    ? record
    : { ...record, maybeTaken: true, recovered: true, failure: { code: 'submit-lost' } }
}

/** What is known once the journal was read: `atStart`, or before a lookup, since another process may share it. */
export function recalled(record: TaskRecord, stored: TaskRecord, atStart: boolean): TaskRecord {
  const { ending, requestId } = stored
  const submitting = !record.requestId && !record.failure
  if (requestId && !record.requestId) return stored
  if (
    ending &&
    (atStart || ending.status !== 'unknown') &&
    !(submitting && ending.status === 'error' && ending.code === 'submit-lost')
  )
    return { ...stored, requestId: record.requestId }
  return submitting ? { ...record, createdAt: stored.createdAt, maybeTaken: true } : record
}
