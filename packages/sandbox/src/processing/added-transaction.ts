/** Transactions that did not come through the API: an earlier or a later try of an order, written into the books. */
import { readCard } from '../cards/card.ts'
import { isObject } from '../request/field-check.ts'
import type { Order } from '../request/order.ts'
import { typeByName } from '../request/transaction-types.ts'
import type { Credentials } from '../shop.ts'
import { checkFieldNames, checkOptions, flag, orNull, required, type Takes, time, within, word } from '../takes.ts'
import type { AcquirerMark } from './acquirer-mark.ts'
import { type Entry, everyShop } from './entry.ts'
import { verdictOf, verdicts } from './verdicts.ts'

/** A transaction in the gateway's words; fields that are not given have the values of a usual one. */
export interface AddedTransaction {
  /** `successful`, `failed`, `incomplete`, `expired`, or any other word. */
  status: string
  /** In minor units. */
  amount: number
  /** ISO 4217, such as `KZT`. */
  currency: string
  /** `payment`, `authorization`, `refund`, … @default 'payment' */
  type?: string | undefined
  /** @default null */
  tracking_id?: string | null | undefined
  /** ISO 8601; lookups sort by it. @default now */
  created_at?: string | undefined
  /** ISO 8601. @default created_at */
  updated_at?: string | undefined
  /** @default a new one */
  uid?: string | undefined
  parent_uid?: string | undefined
  /** Gets the webhooks of corrections and redeliveries; goes with `credentials`. @default none */
  notification_url?: string | undefined
  /** Whether it counts in `sandbox.charges()`. @default false */
  charged?: boolean | undefined
  /** The shop that it belongs to. @default that of the sandbox, or every shop */
  credentials?: Credentials | undefined
  /** Any other field of the transaction, as lookups and webhooks are to show it. */
  [field: string]: unknown
}

const options: Readonly<Record<string, Takes>> = {
  status: required(word),
  amount: required({
    takes: 'a whole number of minor units, 0 or more',
    test: within(0, Number.MAX_SAFE_INTEGER),
  }),
  currency: required({ takes: 'three capital letters', test: (value) => /^[A-Z]{3}$/.test(String(value)) }),
  type: word,
  tracking_id: orNull(word),
  created_at: time,
  updated_at: time,
  uid: word,
  parent_uid: word,
  notification_url: { takes: 'an absolute URL', test: (value) => URL.canParse(String(value)) },
  charged: flag,
  credentials: {
    takes: '{ shopId, secretKey }',
    test: (value) => isObject(value) && Boolean(value.shopId && value.secretKey),
  },
}

/** @throws TypeError that names the field and the values it takes */
export function readAddedTransaction(value: unknown): AddedTransaction {
  if (!isObject(value)) throw new TypeError('A transaction is an object: { status, amount, currency, … }')
  checkFieldNames(options, value)
  checkOptions(options, value)
  return { ...value } as unknown as AddedTransaction
}

/** The entry in the books. `draw` makes the parts that only the gateway and its acquirer know. */
export function addedEntry(
  added: AddedTransaction,
  context: { readonly now: number; readonly baseUrl: string | undefined; readonly salt: string },
  draw: { readonly uid: () => string; readonly acquirer: () => AcquirerMark },
): Entry {
  const { status, amount, currency, type, tracking_id, created_at, updated_at, ...others } = added
  const { uid, parent_uid, notification_url, charged = false, credentials, ...fields } = others
  const takenAt = created_at === undefined ? context.now : Date.parse(created_at)
  const updatedAt = updated_at === undefined ? takenAt : Date.parse(updated_at)
  const order: Order = {
    type: typeByName(type ?? 'payment'),
    shop: credentials ? { ...credentials, shopId: String(credentials.shopId) } : everyShop,
    baseUrl: context.baseUrl ?? '',
    takenAt,
    amount,
    currency,
    description: null,
    trackingId: tracking_id ?? null,
    test: false,
    expiredAt: null,
    billingDescriptor: null,
    language: null,
    customer: {},
    billingAddress: {},
    additionalData: {},
    notificationUrl: notification_url,
    returnUrl: undefined,
    card: undefined,
    token: undefined,
    saveCard: false,
    skipThreeDSecure: false,
    parentUid: parent_uid,
    reason: undefined,
    uid: undefined,
  }
  const verdict = verdictOf(status)
  const reached = verdict !== undefined && verdicts[verdict].reachesAcquirer && order.type.acquirer
  return {
    uid: uid ?? draw.uid(),
    order,
    status,
    card: readCard({ holder: 'JANE DOE', exp_month: 12, exp_year: 2035 }, '4200000000000000', context.salt),
    challenged: false,
    currency,
    description: null,
    updatedAt,
    charged,
    // Without an origin there is no address of a receipt.
    written: { ...(context.baseUrl === undefined && { receipt_url: null }), ...fields },
    ...(verdict && { verdict }),
    ...(reached && { acquirer: draw.acquirer() }),
    ...(reached && status === 'successful' && { paidAt: updatedAt }),
  }
}
