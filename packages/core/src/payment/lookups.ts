/**
 * A run of lookups by tracking id, and what it proves. An empty list proves nothing at once, since transactions are listed
 * seconds after they exist. Protocol section 5.
 */
import type { Transaction } from '../schema/transaction.ts'
import type { PaymentEvent } from './payment-event.ts'
import { spoken } from './polling.ts'
import type { PaymentRecord } from './record.ts'
import { fail, isOpen, settle } from './settle.ts'

/** A run has this many lookups, over this many milliseconds at least. */
const LOOKUPS = 5
const LOOKUPS_MS = 10_000
/** The events of a lookup: any other is a response to an exchange before. */
const ANSWERS: readonly PaymentEvent['type'][] = ['listed', 'lost', 'throttled', 'unsent']
/** Statuses with which the gateway refuses a mistyped card inside the task. */
const REFUSALS: readonly unknown[] = [400, 402, 422]

export function lookedUp(record: PaymentRecord, event: PaymentEvent, now: number): PaymentRecord {
  const over = event.type === 'failed' && event.failure.code === 'deadline'
  if (!over && !ANSWERS.includes(event.type)) return record
  const { gone, failure, recovered, unread, lastWords, lookups: before = { asked: 0, empty: 0 } } = record
  const listed = event.type === 'listed' ? event : undefined
  const { ours, candidates = [], open } = listed ?? {}
  const empty = listed && !open && !candidates.length
  const asked = before.asked + 1
  const since = Math.min(before.since ?? now, now)
  // A list proves what was when it was asked for: its answer may have been long on its way.
  const at = Math.min(listed?.askedAt ?? now, now)
  // A transaction that is listed for the first time is looked for once more.
  const seen = !ours || before.found === ours.uid || asked >= 2 * LOOKUPS
  const enough = over || (seen && asked >= LOOKUPS && now - since >= LOOKUPS_MS)
  if (ours && counts(record, ours, enough, at))
    return settle(record, { status: 'result', body: { transaction: ours }, via: 'lookup' })
  // Only another list takes back what one has shown.
  const found = listed ? ours?.uid : before.found
  const lookups = { asked, empty: before.empty + (empty ? 1 : 0), since, ...(found && { found }) }
  const next: PaymentRecord = { ...record, lookups }

  if (unread) {
    const { unread: _, lookups: __, ...known } = record
    return empty ? known : fail(record, { code: 'submit-lost', effect: 'unknown' })
  }
  if (failure) {
    if (recovered ? !over : !enough) return next
    // Captures, voids and refunds may be listed nowhere.
    const proven = failure.effect !== 'none' || (lookups.empty === asked && record.parentUid === undefined)
    return fail(next, proven ? failure : { ...failure, code: 'submit-lost', effect: 'unknown' })
  }
  if (gone && !lastWords)
    return enough ? settle({ ...next, unknownAt: now }, { status: 'unknown', cause: gone, candidates }) : next
  if (gone) {
    // One that is still being processed may yet be paid.
    const running = open || candidates.some(isOpen)
    if (!enough && (!listed || running)) return next
    return fail(next, { ...spoken(lastWords), code: 'gateway-error', effect: empty ? effectOf(record) : 'unknown' })
  }
  if (over) return fail(record, { ...spoken(lastWords), code: 'deadline' })
  // Mere repetition proves nothing: the gateway returns an error once. But no server on the way answers with 200 for ever.
  const lasting = lastWords?.httpStatus === 200
  if (lasting && !enough) return next
  if (lasting && lookups.empty === asked)
    return fail(next, { ...spoken(lastWords), code: 'gateway-error', effect: 'unknown' })
  const { lookups: _, repeated: __, ...polling } = record
  return polling
}

/** Whether the task is looked up because an error repeats, and is polled on afterwards. */
export const isInterlude = ({ lookups, gone, failure, unread }: PaymentRecord): boolean =>
  !!lookups && !gone && !failure && !unread

/**
 * Whether a transaction that a lookup listed is the outcome. A successful one always is. By tracking id alone any other
 * may be of a later try: it counts if it is listed alone twice, 10 s or more after our last POST; and never after an error
 * of the gateway. One that is being processed counts as `incomplete` at the end of the run.
 */
export function counts(record: PaymentRecord, ours: Transaction, enough: boolean, now: number): boolean {
  const { uid, status, redirect_url } = ours
  const { gone, lastWords, lookups, unread, requestId, failure, ending, postedAt, createdAt } = record
  if (status === 'successful' || unread) return true
  if (record.uid) return record.uid === uid
  const erred = ending ? ending.status === 'error' : lastWords && (gone || (requestId && !failure))
  if (erred || !uid) return false
  if (lookups?.found !== uid) return false
  const running = status === 'incomplete' && !redirect_url
  return enough || (!running && now - (postedAt ?? createdAt) >= LOOKUPS_MS)
}

/** A card that the gateway refuses inside the task was not charged, unless an earlier POST is in doubt. */
function effectOf({ lastWords, inDoubt }: PaymentRecord): 'none' | 'unknown' {
  const { httpStatus, fieldErrors = {} } = lastWords ?? {}
  return !inDoubt && REFUSALS.includes(httpStatus) && Object.keys(fieldErrors).length ? 'none' : 'unknown'
}
