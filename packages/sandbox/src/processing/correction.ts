/**
 * Corrections (protocol section 4): the support of the gateway changes the status, the amount or another field of a
 * transaction by hand, also of a final one.
 */
import { isObject } from '../request/field-check.ts'
import { checkFieldNames, checkOptions, orNull, type Takes, time, within, word } from '../takes.ts'
import type { AcquirerMark } from './acquirer-mark.ts'
import type { Entry } from './entry.ts'
import { verdictOf } from './verdicts.ts'

/** The fields to set, in the gateway's words. */
export interface Correction {
  /** The new status; `message`, `code` and `friendly_message` follow it, unless they are given. */
  status?: string | undefined
  /** In minor units. */
  amount?: number | undefined
  /** The acquirer's reference, in the acquirer's section. */
  rrn?: string | undefined
  /** ISO 8601. Follows the status unless it is given. */
  paid_at?: string | null | undefined
  /** Any other field of the transaction, as lookups and webhooks are to show it. */
  [field: string]: unknown
}

const known: Readonly<Record<string, Takes>> = {
  status: word,
  amount: { takes: 'a whole number of minor units, 1 or more', test: within(1, Number.MAX_SAFE_INTEGER) },
  rrn: word,
  paid_at: orNull(time),
}

/** Fields that identify a transaction, or that the correction sets by itself. */
const fixed = ['uid', 'type', 'tracking_id', 'parent_uid', 'created_at', 'updated_at', 'manually_corrected_at']

/** @throws TypeError that names the field and the values it takes */
export function readCorrection(value: unknown): Correction {
  if (!isObject(value)) throw new TypeError('A correction is an object: { status, amount, … }')
  const given = Object.entries(value).filter(([, each]) => each !== undefined)
  if (given.length === 0) throw new TypeError('A correction sets at least one field')
  for (const [name] of given) if (fixed.includes(name)) throw new TypeError(`${name} cannot be corrected`)
  checkFieldNames(known, value)
  checkOptions(known, value)
  return Object.fromEntries(given)
}

/**
 * The transaction as corrected. One that becomes `successful` has reached the acquirer, whatever the books said before.
 * @throws TypeError for an `rrn` without an acquirer's section
 */
export function correctEntry(entry: Entry, correction: Correction, at: number, draw: () => AcquirerMark): Entry {
  const { status = entry.status, amount, rrn, ...fields } = correction
  const { verdict: before, paidAt, acquirer: mark, ...rest } = entry
  const changed = status !== entry.status
  const verdict = changed ? verdictOf(status) : before
  const reached = mark ?? (status === 'successful' && entry.order.type.acquirer ? draw() : undefined)
  if (rrn !== undefined && !reached) throw new TypeError('rrn has no place: the transaction never reached the acquirer')
  const acquirer = reached && rrn !== undefined ? { ...reached, rrn } : reached
  const paid = status === 'successful' ? (paidAt ?? (acquirer && at)) : undefined
  return {
    ...rest,
    status,
    order: amount === undefined ? entry.order : { ...entry.order, amount },
    updatedAt: at,
    ...(verdict && { verdict }),
    ...(acquirer && { acquirer }),
    ...(paid !== undefined && { paidAt: paid }),
    written: {
      ...(changed ? withoutOutcome(entry.written) : entry.written),
      ...fields,
      manually_corrected_at: new Date(at).toISOString(),
    },
  }
}

/** Fields written earlier, but for those that go with the status of that time. */
function withoutOutcome(written: Entry['written'] = {}): Record<string, unknown> {
  const { message, code, friendly_message, paid_at, ...rest } = written
  return rest
}
