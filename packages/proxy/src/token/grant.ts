/** A token's content: the charge that may be made, and until when. */

import { TransactionError } from '@async-transaction/core'
import { validateRequest } from '@async-transaction/core/protocol'
import { CARD_FIELD, isCardNumber } from './card-data.ts'

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
   * The number of the try, from 1. Tokens of the same type, tracking id, amount, currency and attempt are tokens of one
   * charge. `'next'` lets the proxy decide: a new number once the last attempt certainly took no money, else the same. A
   * number is your own decision to charge, also past an attempt that waits for 3-D Secure or whose outcome is not known.
   *
   * @default 1
   */
  readonly attempt?: number | 'next'
  /** Lets the page pay with the token of a saved card, which it sends as `credit_card.token`. @default false */
  readonly savedCard?: boolean
  /**
   * Whatever else of the request the shop fixes: `return_url`, `notification_url`, `test`, … The page can read it, and
   * cannot change it. No card data.
   */
  readonly request?: Readonly<Record<string, unknown>>
}

/** What a token says of its charge. */
export interface GrantedCharge {
  readonly type: string
  readonly amount?: number | undefined
  readonly currency?: string | undefined
  readonly trackingId: string
  readonly attempt: number
  /** The shop named the number of the attempt, and so decided to charge past earlier ones. */
  readonly named?: boolean
  /** It reads its order, and charges nothing. */
  readonly readOnly?: boolean
  readonly savedCard?: boolean
  /** The fields of the request that the shop fixed, in the gateway's names. */
  readonly fixed: Readonly<Record<string, unknown>>
}

/** A token, once verified. */
export interface Grant extends GrantedCharge {
  /** Of the token. */
  readonly jti: string
  /** Until when it charges, in epoch milliseconds. */
  readonly chargeUntil: number
}

/** An intent, checked, before the number of its attempt is decided. */
export type CheckedIntent = Omit<GrantedCharge, 'attempt' | 'readOnly'> & {
  readonly attempt: number | 'next'
}

const FIELDS = ['type', 'amount', 'currency', 'trackingId', 'description', 'attempt', 'savedCard', 'request']
/** What stands outside of `request`, and the flags of a card section that are no card data. */
const OWN = ['amount', 'currency', 'tracking_id', 'description']
const CARD_FLAGS = ['skip_three_d_secure_verification', 'save_card']
const CARD_COMPLAINT = `is card data, which a page can read in the token: of a card only ${CARD_FLAGS.join(', ')}`

/** The intent as it goes into a token. Throws `request-invalid`, naming the field, for what the gateway would not take. */
export function checkIntent(intent: ChargeIntent): CheckedIntent {
  const wrong = shapeComplaint(intent)
  if (wrong) throw invalid(wrong)
  const { type, amount, currency, trackingId, description, attempt, savedCard, request = {} } = intent
  const fixed = plain({ ...request, amount, currency, tracking_id: trackingId, description })
  const complaint = cardComplaint(fixed, 'request') ?? validateRequest(type, fixed)
  if (complaint) throw invalid(complaint)
  const named = typeof attempt === 'number' && { named: true }
  return { type, amount, currency, trackingId, attempt: attempt ?? 1, ...named, ...(savedCard && { savedCard }), fixed }
}

/** Whether the order is paid is not known just now, so no token is made: an error of `issue()`. */
export const unanswered = (trackingId: string): TransactionError =>
  new TransactionError({
    code: 'unknown-outcome',
    effect: 'unknown',
    trackingId,
    message: 'It cannot be found out now whether this order is paid: try again',
  })

export const invalid = (message: string): TransactionError =>
  new TransactionError({ code: 'request-invalid', effect: 'none', message })

function shapeComplaint(intent: unknown): string | undefined {
  if (!isFields(intent)) return 'issue needs { type, amount, currency, trackingId, description }'
  const unknown = Object.keys(intent).find((field) => !FIELDS.includes(field))
  if (unknown) return `${unknown} is not a field of an intent: there are ${FIELDS.join(', ')}`
  const { type, trackingId, attempt = 1, savedCard = false, request = {} } = intent
  if (typeof type !== 'string' || !type) return 'type is required, such as "payments"'
  if (typeof trackingId !== 'string' || !trackingId)
    return 'trackingId is required, as a text: every way back to the payment needs it'
  if (attempt !== 'next' && !(Number.isSafeInteger(attempt) && Number(attempt) > 0))
    return 'attempt must be a positive integer or "next"'
  if (typeof savedCard !== 'boolean') return 'savedCard must be true or false'
  if (!isFields(request)) return 'request must be an object'
  if (![undefined, true, false].includes(request.test as boolean)) return 'request.test must be true or false'
  const own = OWN.find((field) => field in request)
  return own && `request must not hold ${own}: it has an option of its own`
}

/** As it will stand in the token. */
function plain(fields: object): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(JSON.stringify(fields))
  } catch {
    throw invalid('request must be plain JSON')
  }
}

/** The first field with card data, in whatever section. */
function cardComplaint(value: unknown, path: string): string | undefined {
  if (!value || typeof value !== 'object') return undefined
  const inCard = /card[^.]*$/i.test(path)
  for (const [field, child] of Object.entries(value)) {
    const name = `${path}.${field}`
    const flag = CARD_FLAGS.includes(field) && typeof child === 'boolean'
    const shops = path === 'request' && OWN.includes(field)
    if ((inCard && !flag) || CARD_FIELD.test(field) || (!shops && isCardNumber(field, child)))
      return `${name} ${CARD_COMPLAINT}`
    const wrong = cardComplaint(child, name)
    if (wrong) return wrong
  }
  return undefined
}

export const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
