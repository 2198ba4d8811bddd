/** The one error type of the library. It carries listed fields only: never a card number, a token or a secret. */

/** What went wrong; see the table of errors in the README. */
export type TransactionErrorCode =
  | 'config'
  | 'request-invalid'
  | 'submit-rejected'
  | 'submit-lost'
  | 'gateway-error'
  | 'unauthorized'
  | 'protocol'
  | 'untrusted-url'
  | 'deadline'
  | 'unknown-outcome'
  | 'stopped'

/** What may have happened to the money: certainly nothing, or nobody on this side can tell. */
export type Effect = 'none' | 'unknown'

/** What the gateway said in an error body, whichever of its shapes it used. Card numbers are masked. Protocol section 4. */
export interface GatewayFault {
  readonly message: string
  /** Complaints by field, the path joined by dots: `{ 'credit_card.number': ['is invalid'] }`. */
  readonly fieldErrors: Readonly<Record<string, readonly string[]>>
  readonly gatewayCode?: string | undefined
  /** A text that may be shown to the customer. */
  readonly friendlyMessage?: string | undefined
}

/** The fields of an error. */
export interface TransactionErrorFields extends Partial<GatewayFault> {
  readonly code: TransactionErrorCode
  /** @default 'unknown' */
  readonly effect?: Effect | undefined
  /** The idempotency key that was sent as `RequestID`. */
  readonly requestKey?: string | undefined
  /** The shop's own id of the transaction. */
  readonly trackingId?: string | undefined
  /** The gateway's id of the asynchronous task. */
  readonly requestId?: string | undefined
  /** The HTTP status of the answer, where there was one. */
  readonly httpStatus?: number | undefined
  /** The gateway's `X-Request-Id`: quote it to their support. */
  readonly gatewayRequestId?: string | undefined
  /** The fault beneath, where there was no answer and the runtime names it: `ECONNREFUSED`, say. */
  readonly cause?: string | undefined
  /** Of a submission that may have been taken: with these, `client.check()` looks it up. */
  readonly type?: string | undefined
  readonly amount?: number | undefined
  readonly currency?: string | undefined
  readonly createdAt?: number | undefined
}

/**
 * Any failure the library reports. Branch on `code`, and look at `effect` before you offer to pay again: with
 * `'unknown'` the customer may have been charged.
 *
 * @example
 * ```ts
 * const outcome = await task.outcome()
 * if (outcome.status === 'error' && outcome.error.effect === 'none') offerAnotherCard()
 * ```
 */
export class TransactionError extends Error implements TransactionErrorFields {
  override readonly name: string = 'TransactionError'
  /** What went wrong. */
  declare readonly code: TransactionErrorCode
  /** What may have happened to the money. */
  readonly effect: Effect
  declare readonly requestKey?: string
  declare readonly trackingId?: string
  declare readonly requestId?: string
  declare readonly httpStatus?: number
  declare readonly gatewayRequestId?: string
  declare readonly cause?: string
  declare readonly type?: string
  declare readonly amount?: number
  declare readonly currency?: string
  declare readonly createdAt?: number

  constructor(fields: TransactionErrorFields) {
    super(fields.message)
    Object.assign(this, fields)
    this.effect = fields.effect ?? 'unknown'
  }

  /** The fields of the error as plain JSON, for a log. */
  toJSON(): Record<string, unknown> {
    return { ...(this as object), message: this.message }
  }
}
