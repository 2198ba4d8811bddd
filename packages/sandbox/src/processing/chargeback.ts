/**
 * Chargebacks (protocol section 4): the customer's bank takes back what was paid. No request of the shop makes one; it
 * comes by its webhook, with the transaction that it is about inside.
 */
import { isObject } from '../request/field-check.ts'
import { typeByName } from '../request/transaction-types.ts'
import { checkFieldNames, checkOptions, type Takes, within, word } from '../takes.ts'
import type { AcquirerMark } from './acquirer-mark.ts'
import { type Entry, openEntry, settle } from './entry.ts'
import { standardAnswer } from './standard-answer.ts'

export interface Chargeback {
  /** In minor units. @default the amount of the transaction */
  amount?: number | undefined
  /** @default 'client request' */
  reason?: string | undefined
}

const options: Readonly<Record<string, Takes>> = {
  amount: { takes: 'a whole number of minor units, 1 or more', test: within(1, Number.MAX_SAFE_INTEGER) },
  reason: word,
}

/** @throws TypeError that names the field and the values it takes */
export function readChargeback(value: unknown = {}): Chargeback {
  if (!isObject(value)) throw new TypeError('A chargeback is an object: { amount, reason }')
  checkFieldNames(options, value)
  checkOptions(options, value)
  return value
}

/** The chargeback of a transaction. It charges nobody, so it does not count in `sandbox.charges()`. */
export function chargebackOf(
  parent: Entry,
  { amount, reason = 'client request' }: Chargeback,
  at: number,
  draw: { readonly uid: () => string; readonly acquirer: () => AcquirerMark; readonly token: () => string },
): Entry {
  const order = {
    ...parent.order,
    type: typeByName('chargeback'),
    takenAt: at,
    amount: amount ?? parent.order.amount,
    trackingId: null,
    parentUid: parent.uid,
    reason,
  }
  const entry = settle(openEntry(order, draw.uid(), undefined, parent), 'approved', at, draw)
  return { ...entry, charged: false, written: { parent_transaction: standardAnswer(parent).transaction } }
}
