/** What a token says: which charge may be made, and until when. */

import { TransactionError } from '@async-transaction/core'
import { validateRequest } from '@async-transaction/core/protocol'

/** The charge that the shop's server allows a page to make, once. */
export interface ChargeIntent {
  /** `payments`, `authorizations`, … */
  readonly type: string
  /** In minor units. */
  readonly amount?: number
  readonly currency?: string
  /** The shop's own id of the order. */
  readonly trackingId: string
  readonly description?: string
  /**
   * Which try it is. Tokens with the same type, tracking id, amount, currency and attempt are tokens of one charge; a new
   * try after a decline is a new attempt. A positive integer. @default 1
   */
  readonly attempt?: number
  /**
   * Whatever else of the request the shop fixes: `return_url`, `notification_url`, `test`, … The page can read it, and
   * cannot change it. No card data.
   */
  readonly request?: Readonly<Record<string, unknown>>
}

/** A token, once verified. */
export interface Grant {
  /** Of the token. */
  readonly jti: string
  /** Until when it charges, in epoch milliseconds. */
  readonly chargeUntil: number
  readonly type: string
  readonly amount?: number | undefined
  readonly currency?: string | undefined
  readonly trackingId: string
  readonly attempt: number
  /** The fields of the request that the shop fixed, in the gateway's names. */
  readonly fixed: Readonly<Record<string, unknown>>
}

/** What stands outside of `request`, and the flags of a card section that are no card data. */
const OWN = ['amount', 'currency', 'tracking_id', 'description']
const CARD_FLAGS = ['skip_three_d_secure_verification', 'save_card']

/** The intent as it goes into a token. Throws `request-invalid` for what the gateway would not take. */
export function grantedBy(intent: ChargeIntent): Omit<Grant, 'jti' | 'chargeUntil'> {
  const { type, amount, currency, trackingId, description, attempt = 1, request = {} } = intent
  const own = { amount, currency, tracking_id: trackingId, description }
  const fixed = JSON.parse(JSON.stringify({ ...request, ...own })) as Record<string, unknown>
  const wrong =
    OWN.filter((field) => field in request).map(
      (field) => `request must not hold ${field}: it has an option of its own`,
    )[0] ??
    ('encrypted_credit_card' in request || !flagsOnly(request.credit_card) ? CARD_COMPLAINT : undefined) ??
    (trackingId ? undefined : 'trackingId is required: every way back to the payment needs it') ??
    (Number.isSafeInteger(attempt) && attempt > 0 ? undefined : 'attempt must be a positive integer') ??
    validateRequest(type, fixed)
  if (wrong) throw new TransactionError({ code: 'request-invalid', effect: 'none', message: wrong })
  return { type, amount, currency, trackingId, attempt, fixed }
}

const CARD_COMPLAINT = `request must not hold card data, since a page can read the token: of credit_card only ${CARD_FLAGS.join(', ')}`

const flagsOnly = (card: unknown): boolean =>
  card === undefined ||
  (!!card && typeof card === 'object' && Object.keys(card).every((key) => CARD_FLAGS.includes(key)))
