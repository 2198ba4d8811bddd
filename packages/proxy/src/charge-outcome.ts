import type { Transaction } from '@async-transaction/core/protocol'

/** The argument of `onOutcome`. */
export interface ChargeOutcome {
  /** The same for the same news, however often and over whichever way it comes: deduplicate by it. */
  readonly key: string
  readonly via: 'task' | 'webhook'
  /** The gateway's id of the task; none, if a webhook was about no task that this proxy submitted. */
  readonly requestId?: string | undefined
  readonly trackingId?: string | undefined
  readonly attempt?: number | undefined
  /** Of the gateway's answer. */
  readonly httpStatus: number
  /** The gateway's answer, without card data. */
  readonly body: object
  /** The transaction in it; none, if the gateway answered with an error. */
  readonly transaction?: Transaction | undefined
}

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
