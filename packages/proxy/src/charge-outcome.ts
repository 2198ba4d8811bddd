import type { Transaction } from '@async-transaction/core/protocol'

interface OutcomeNews {
  /** The same for the same news, however often and over whichever way it comes: deduplicate by it. */
  readonly key: string
  readonly via: 'task' | 'webhook'
  /** Of the gateway's answer. */
  readonly httpStatus: number
  /** The gateway's answer, without card data. */
  readonly body: object
  /** The transaction in it; none, if the gateway answered with an error. */
  readonly transaction?: Transaction | undefined
}

/** The outcome of a payment that this proxy issued a token for, and submitted. */
export interface IssuedOutcome extends OutcomeNews {
  readonly issued: true
  /** The gateway's id of the task. */
  readonly requestId: string
  /** As the token was issued: the shop's id of the order, and what it was to be charged. */
  readonly trackingId: string
  readonly attempt: number
  readonly type: string
  readonly amount?: number | undefined
  readonly currency?: string | undefined
  readonly test: boolean
}

/** News by a webhook about a payment of the shop that is none of this proxy's, or that it cannot tell from others. */
export interface ForeignOutcome extends OutcomeNews {
  readonly issued: false
  readonly requestId?: undefined
  readonly attempt?: undefined
  /** Of the transaction. */
  readonly trackingId?: string | undefined
  readonly type?: string | undefined
  readonly amount?: number | undefined
  readonly currency?: string | undefined
  readonly test: boolean
}

/** The argument of `onOutcome`. Fulfil an order only for `issued` ones, or after you compared the amount yourself. */
export type ChargeOutcome = IssuedOutcome | ForeignOutcome

/**
 * The former name of `ChargeOutcome`.
 *
 * @deprecated use `ChargeOutcome`: in payments, escrow is money held by a third party
 */
export type EscrowedOutcome = ChargeOutcome

/** The argument of `onAccepted`. */
export interface AcceptedCharge {
  /** The gateway's id of the task. */
  readonly requestId: string
  readonly trackingId: string
  readonly attempt: number
}
