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

/** Fields of every request for money. */
export interface MoneyRequest extends OpenRequest {
  /**
   * The gateway refuses the same amount on the same card, or of the same `parent_uid`, within 30 seconds: also two honest
   * partial refunds that are equal. @default true
   */
  duplicate_check?: boolean | undefined
}

/** `payments` and `authorizations`. */
export interface PaymentRequest extends MoneyRequest {
  /** A positive integer in minor units: 3245 is 32.45 KZT, and 3245 JPY. */
  amount: number
  /** ISO 4217, three letters. */
  currency: string
  /** Up to 255 characters. */
  description: string
  language?: string | undefined
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

/**
 * `captures` and `voids`. Leave `tracking_id` out: by the `requestKey` in its place a lost one is told from an equal one of
 * the same parent, if the gateway keeps it.
 */
export interface ChildRequest extends MoneyRequest {
  /** The `uid` of the transaction it is about. */
  parent_uid: string
  amount: number
}

export interface RefundRequest extends ChildRequest {
  reason: string
}

export interface CreditRequest extends MoneyRequest {
  amount: number
  currency: string
  description: string
  credit_card: { token: string; [field: string]: unknown }
}

/** Who pays out, or is paid. */
export type PartyRequest = Record<string, string | undefined>

export interface PayoutRequest extends MoneyRequest {
  amount: number
  currency: string
  description?: string | undefined
  recipient_credit_card: CardRequest
  /** The card that the money comes from, where the acquirer asks for one. */
  sender_credit_card?: CardRequest | undefined
  recipient?: PartyRequest | undefined
  sender?: PartyRequest | undefined
}

/** `checkups`: a payment that the gateway's rules judge, and nobody charges. */
export interface CheckupRequest extends Partial<PaymentRequest> {}

/** `tokenizations`: a card to save. */
export interface TokenizationRequest
  extends OpenRequest,
    Pick<PaymentRequest, 'credit_card' | 'encrypted_credit_card'> {}

/** `credit_cards`: a card token without a transaction. The result is the token, and no transaction. */
export interface CardTokenRequest extends OpenRequest {
  number: string
  holder?: string | undefined
  /** Two digits: `"05"`. */
  exp_month: string
  /** Four digits: `"2028"`. */
  exp_year: string
  /** Of a card to update. */
  token?: string | undefined
}

/** `balance`: the result is a body, and no transaction. */
export interface BalanceRequest extends OpenRequest {
  /** ISO 4217, three letters. */
  currency?: string | undefined
}

export interface TransactionRequests {
  payments: PaymentRequest
  authorizations: PaymentRequest
  captures: ChildRequest
  voids: ChildRequest
  refunds: RefundRequest
  credits: CreditRequest
  payouts: PayoutRequest
  checkups: CheckupRequest
  tokenizations: TokenizationRequest
  credit_cards: CardTokenRequest
  balance: BalanceRequest
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
