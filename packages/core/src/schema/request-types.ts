/** The requests of each type of transaction, as types. Any other type, and any other field, is taken as it is. */

/** A card in the clear. It is sent once and kept nowhere. */
export interface CardRequest {
  number?: string | undefined
  /** The CVC. */
  verification_value?: string | undefined
  holder?: string | undefined
  /** Two digits: `"05"`. */
  exp_month?: string | undefined
  /** Four digits: `"2028"`. */
  exp_year?: string | undefined
  /** Of a card saved earlier, instead of all the others. */
  token?: string | undefined
  skip_three_d_secure_verification?: boolean | undefined
  save_card?: boolean | undefined
  [field: string]: unknown
}

/** Fields of any request. */
export interface OpenRequest {
  /** The shop's own id of the transaction, unique, up to 255 characters. @default the `requestKey` */
  tracking_id?: string | undefined
  /** A test transaction: no money moves. */
  test?: boolean | undefined
  [field: string]: unknown
}

/** `payments` and `authorizations`. */
export interface PaymentRequest extends OpenRequest {
  /** A positive integer in minor units: 3245 is 32.45 KZT, and 3245 JPY. */
  amount: number
  /** ISO 4217, three letters. */
  currency: string
  /** Up to 255 characters. */
  description: string
  language?: string | undefined
  /** The gateway refuses the same amount on the same card within 30 seconds. @default true */
  duplicate_check?: boolean | undefined
  /** ISO 8601: until when the customer may complete it. */
  expired_at?: string | undefined
  dynamic_billing_descriptor?: string | undefined
  /** Where webhooks go. */
  notification_url?: string | undefined
  verification_url?: string | undefined
  /** Where the customer comes back to after 3-D Secure. */
  return_url?: string | undefined
  credit_card?: CardRequest | undefined
  /** The same fields as `credit_card`, each encrypted in the page, by `encryptCard` of `@async-transaction/core/encryption`. */
  encrypted_credit_card?: Record<string, string | boolean | undefined> | undefined
  billing_address?: Record<string, string | undefined> | undefined
  customer?: Record<string, string | undefined> | undefined
  additional_data?: Record<string, unknown> | undefined
}

/** `captures` and `voids`. */
export interface ChildRequest extends OpenRequest {
  /** The `uid` of the transaction it is about. */
  parent_uid: string
  amount: number
}

export interface RefundRequest extends ChildRequest {
  reason: string
}

export interface CreditRequest extends OpenRequest {
  amount: number
  currency: string
  description: string
  credit_card: { token: string; [field: string]: unknown }
}

export interface PayoutRequest extends OpenRequest {
  amount: number
  currency: string
  recipient_credit_card: CardRequest
}

export interface TransactionRequests {
  payments: PaymentRequest
  authorizations: PaymentRequest
  captures: ChildRequest
  voids: ChildRequest
  refunds: RefundRequest
  credits: CreditRequest
  payouts: PayoutRequest
  checkups: OpenRequest
  tokenizations: OpenRequest
  balance: OpenRequest
}

/** A type of transaction, as it stands in the URL. */
export type TransactionType = keyof TransactionRequests | (string & {})

/** A type as it stands in the URL: in place of `'payment'` a compiler asks for `'payments'`. */
export type Plural<T extends string> = T extends keyof Plurals ? Plurals[T] : T

// Looked up, and not written as `${T}s`: from that a compiler would infer `'payment'` of `'payments'`, and any request would do.
type Plurals = { [T in keyof TransactionRequests as T extends `${infer Name}s` ? Name : never]: T }

/** The request of a type. */
export type RequestOf<T extends TransactionType> = T extends keyof TransactionRequests
  ? TransactionRequests[T]
  : OpenRequest
