/** The entries of a payment in the journal, as they are written and read back. */
import { maskCardData } from '../lib/mask-card-data.ts'
import { parseRecord } from '../schema/payment-record.ts'
import { parseJson } from '../transport/attempt.ts'
import { type PaymentRecord, recovering } from './record.ts'

/** Never stored: with these, a card could be charged again. */
const SECRET = /^(token|(card_)?number|pan|verification_value|cv[cv]2?|encrypted_credit_card)$/i

/** Ids and links, which may look like a card number and must stay whole. */
const WHOLE = /(^|_)(u?id|url|stamp|iban)$|(Id|Key|Url)$/

/** For `JSON.stringify`: leaves card data out. */
export const redact = (field: string, value: unknown): unknown =>
  SECRET.test(field) ? undefined : typeof value === 'string' && !WHOLE.test(field) ? maskCardData(value) : value

/** Marks of an entry beside its record: whose payment it is, at which gateway, and which payment object wrote it. */
export interface EntryMarks {
  readonly scope: string
  readonly writer: string
}

export function writeEntry(record: PaymentRecord, marks: EntryMarks, savedAt: number): string {
  const phase = record.ending ? 'settled' : record.requestId ? 'accepted' : 'submitting'
  return JSON.stringify({ ...record, phase, ...marks, savedAt }, redact)
}

/** Whether that payment object wrote it: then it holds nothing that is not known there. */
export function isOwn(stored: unknown, writer: string | undefined): boolean {
  if (writer === undefined) return false
  const mark = `"writer":"${writer}"`
  return typeof stored === 'string' ? stored.includes(mark) : JSON.stringify(stored ?? '').includes(mark)
}

/** Whether it is an entry of another shop, or at another gateway. Older versions wrote no scope. */
export function isForeign(stored: unknown, scope: string): boolean {
  const value = typeof stored === 'string' ? parseJson(stored) : stored
  const { scope: of = scope } = (value ?? {}) as { readonly scope?: unknown }
  return of !== scope
}

/**
 * The record of an entry; nothing for one that is none, or of another scope.
 *
 * @throws SyntaxError if it is not JSON
 */
export function readEntry(stored: unknown, scope: string): PaymentRecord | undefined {
  const value: unknown = typeof stored === 'string' ? JSON.parse(stored) : stored
  const entry = parseRecord(value)
  if (typeof entry === 'string' || isForeign(value, scope)) return undefined
  const record = { ...(entry as PaymentRecord), tries: 0 }
  return record.requestId || record.ending ? record : recovering(record)
}
