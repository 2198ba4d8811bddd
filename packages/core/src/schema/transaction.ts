/** The standard answer: the gateway's transaction. Protocol section 4. */
import { custom, is, object } from 'valibot'
import { once, text } from './text.ts'

/** A gateway's word for the state of a transaction, not of a task. */
export type TransactionStatus =
  | 'successful'
  | 'failed'
  | 'incomplete'
  | 'expired'
  | 'pending'
  | 'error'
  | 'deleted'
  | (string & {})

/** What the gateway gives of the card that was used. */
export interface CreditCard {
  readonly holder?: string | null
  readonly brand?: string | null
  readonly last_4?: string | null
  readonly first_1?: string | null
  readonly bin?: string | null
  readonly exp_month?: number | null
  readonly exp_year?: number | null
  /** Stands for the card in later requests: keep it like a secret. */
  readonly token?: string | null
  readonly stamp?: string | null
  readonly [field: string]: unknown
}

/** The gateway's transaction, as it sent it. Fields not listed here are there too. */
export interface Transaction {
  readonly uid?: string
  readonly status: TransactionStatus
  /** The singular of the request's type: `payment` for `payments`. */
  readonly type?: string
  /** In minor units of `currency`. */
  readonly amount?: number
  readonly currency?: string
  readonly description?: string | null
  readonly tracking_id?: string | null
  readonly parent_uid?: string | null
  /** Of a chargeback: the transaction that it is about. */
  readonly parent_transaction?: Transaction | null
  /** Of a refund or a chargeback. */
  readonly reason?: string | null
  /** The verdict of the gateway's rules: all that a checkup is about. */
  readonly be_protected_verification?: { readonly status?: string | null; readonly [field: string]: unknown } | null
  readonly test?: boolean | null
  readonly message?: string | null
  readonly code?: string | null
  /** A text that may be shown to the customer. */
  readonly friendly_message?: string | null
  readonly created_at?: string | null
  readonly updated_at?: string | null
  readonly paid_at?: string | null
  /** When the gateway's support changed it last. */
  readonly manually_corrected_at?: string | null
  readonly expired_at?: string | null
  readonly payment_method_type?: string | null
  readonly receipt_url?: string | null
  /** Where to send the customer when the status is `incomplete`: 3-D Secure. */
  readonly redirect_url?: string | null
  readonly credit_card?: CreditCard | null
  readonly [field: string]: unknown
}

/**
 * Only what the library itself relies on is checked: a gateway's new or odd field must not cost anyone the outcome of a
 * payment.
 */
const schema = /* @__PURE__ */ once(() => object({ status: text() }))
const body = /* @__PURE__ */ once(() => object({ transaction: schema() }))
const flat = /* @__PURE__ */ once(() => object({ uid: text(), status: text() }))
const entries = (value: unknown): boolean => Array.isArray(value) && value.every((entry) => typeof entry === 'object')
const list = /* @__PURE__ */ once(() => object({ transactions: custom<unknown[]>(entries) }))

/**
 * The transaction of a standard answer: `{ "transaction": { … } }`, or in version 3 of the API the answer itself, beside
 * whose `uid` and `status` a `transaction` without a uid is the acquirer's section. Protocol section 4.
 */
export function readTransaction(value: unknown): Transaction | undefined {
  const inner = is(body(), value) ? (value as { readonly transaction: Transaction }).transaction : undefined
  return !inner?.uid && is(flat(), value) ? (value as Transaction) : inner
}

/**
 * The entries of the answer to a lookup by tracking id, `{ "transactions": [ … ] }`, without nulls; one that has just begun
 * may have no status. Nothing for any other answer. Protocol section 5.
 */
export const readTransactions = (value: unknown): Transaction[] | undefined =>
  is(list(), value) ? value.transactions.filter((entry): entry is Transaction => !!entry) : undefined
