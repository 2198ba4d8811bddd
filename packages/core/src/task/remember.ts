/** What the journal keeps of a payment, and what that means after a restart. */
import { type Journal, journalKey } from '../journal/journal.ts'
import { within } from '../lib/clock.ts'
import { maskCardNumbers } from '../lib/mask-card-numbers.ts'
import { parseRecord } from '../schema/task-record.ts'
import { CREDIT, type Ending, type TaskRecord } from './record.ts'
import type { Settings } from './settings.ts'

/** A storage that takes longer is not waited for, in milliseconds. */
const PATIENCE_MS = 5000

/** Never stored: with these, a card could be charged again. */
const SECRET = /^(token|(card_)?number|pan|verification_value|cv[cv]2?|encrypted_credit_card)$/i

/** Ids and links, which may look like a card number and must stay whole. */
const WHOLE = /(^|_)(u?id|url|stamp|iban)$|(Id|Key|Url)$/

/** Whether it is what the gateway answered, and so is never asked for again; or else only the end of our asking. */
export const isAnswer = (ending: Ending): boolean =>
  ending.status !== 'error' || /^(gateway-error|submit-rejected)$/.test(ending.code)

/** Uses the journal, if there is one. What fails or hangs is told to `failed`, and stops nothing. */
export async function withJournal<T>(
  { journal, clock }: Settings,
  failed: () => void,
  use: (journal: Journal) => T | PromiseLike<T>,
): Promise<T | undefined> {
  const late = (): undefined => {
    failed()
  }
  if (!journal) return undefined
  try {
    return await within<T | undefined>(clock, PATIENCE_MS, Promise.resolve(use(journal)), late)
  } catch {
    return late()
  }
}

/**
 * Writes what is known. An outcome is kept; an error that left the money alone is forgotten; any other error is not the
 * end: what was known before it stays, to be recovered. Returns what another process has heard meanwhile: the
 * first answer stays, and all that show the payment show the same.
 */
export async function save(journal: Journal, record: TaskRecord, now: number): Promise<TaskRecord | undefined> {
  const { requestKey, requestId, ending, recovered } = record
  const key = journalKey(requestKey)
  // What cannot be read may be written all the same.
  const heard = await load(journal, key).catch(() => undefined)
  const answered = heard?.ending && heard.ending.status !== 'unknown' && isAnswer(heard.ending)
  if (answered) return { ...heard, requestId: requestId ?? heard.requestId }
  if (!requestId && heard?.requestId && !(ending && isAnswer(ending))) return heard
  // What was heard with the last question of ours stays, though that was the end of our asking.
  const kept = !ending || recovered || isAnswer(ending) ? ending : undefined
  const phase = kept ? 'settled' : requestId ? 'accepted' : 'submitting'
  if (kept !== ending && ending?.status === 'error' && ending.effect === 'none') await journal.removeItem(key)
  else await journal.setItem(key, JSON.stringify({ ...record, ending: kept, phase, savedAt: now }, redact))
  return undefined
}

export const redact = (field: string, value: unknown): unknown =>
  SECRET.test(field) ? undefined : typeof value === 'string' && !WHOLE.test(field) ? maskCardNumbers(value) : value

/** What is known after a restart. A submission nobody heard of can only be looked up. */
export async function load(journal: Journal, key: string): Promise<TaskRecord | undefined> {
  const stored = await journal.getItem(key)
  const entry = parseRecord(typeof stored === 'string' ? JSON.parse(stored) : stored)
  if (typeof entry === 'string') return undefined
  const record = { ...(entry as TaskRecord), tries: 0, credit: CREDIT }
  return record.requestId || record.ending
    ? record
    : { ...record, maybeTaken: true, recovered: true, failure: { code: 'submit-lost' } }
}

/** What is known once the journal was read. Where our asking only came to an end, it may go on. */
export function recalled(record: TaskRecord, { ending, ...stored }: TaskRecord): TaskRecord {
  const { requestId, polls } = stored
  if (ending && isAnswer(ending)) return { ...stored, ending, requestId: record.requestId ?? requestId }
  // A handle may be older than what was heard since; but what is completed stays so, whoever did not hear of it.
  const completed = record.completed || stored.completed
  if (record.requestId)
    return requestId === record.requestId && polls > record.polls ? { ...stored, completed } : record
  return requestId ? stored : { ...record, createdAt: stored.createdAt, maybeTaken: true }
}
