/** A checked request in the sandbox's own words, with the card already masked. */
import { type Card, readCard, readEncryptedCard } from '../cards/card.ts'
import type { Shop } from '../shop.ts'
import { isBlank, isObject } from './field-check.ts'
import type { TransactionType } from './transaction-types.ts'

type Values = Readonly<Record<string, unknown>>

export interface Order {
  readonly type: TransactionType
  readonly shop: Shop
  /** What the URLs in answers begin with. */
  readonly baseUrl: string
  /** When the gateway took it, epoch ms. */
  readonly takenAt: number
  readonly amount: number | null
  readonly currency: string | null
  readonly description: string | null
  readonly trackingId: string | null
  /** The tracking id that lookups list it under, if not its own. */
  readonly listedUnder?: string | undefined
  readonly test: boolean
  readonly expiredAt: string | null
  readonly billingDescriptor: string | null
  readonly language: string | null
  /** These three as they were sent. */
  readonly customer: Values
  readonly billingAddress: Values
  readonly additionalData: Values
  readonly notificationUrl: string | undefined
  readonly returnUrl: string | undefined
  /** The card, unless the request has a token for it, or a parent. */
  readonly card: Card | undefined
  readonly token: string | undefined
  readonly saveCard: boolean
  readonly skipThreeDSecure: boolean
  readonly parentUid: string | undefined
  readonly reason: string | undefined
  /** The transaction that a status query asks for. */
  readonly uid: string | undefined
}

/** Reads a request that {@link checkRequest} found no error in. */
export function readOrder(
  request: Values,
  context: Pick<Order, 'type' | 'shop' | 'baseUrl' | 'takenAt'> & { readonly salt: string },
): Order {
  const { salt, ...rest } = context
  // The fields of a card token are those of the request itself; a token beside them is the one to update.
  const isCardToken = rest.type.flow === 'card-token'
  const card = isCardToken
    ? { ...request, token: undefined }
    : [request.credit_card, request.recipient_credit_card].find(isObject)
  const encrypted = isObject(request.encrypted_credit_card) ? request.encrypted_credit_card : undefined
  return {
    ...rest,
    amount: typeof request.amount === 'number' ? request.amount : null,
    currency: text(request.currency) ?? null,
    description: text(request.description) ?? null,
    trackingId: text(request.tracking_id) ?? null,
    test: isTrue(request.test),
    expiredAt: text(request.expired_at) ?? null,
    billingDescriptor: text(request.dynamic_billing_descriptor) ?? null,
    language: text(request.language) ?? null,
    customer: object(request.customer),
    billingAddress: object(request.billing_address),
    additionalData: object(request.additional_data),
    notificationUrl: text(request.notification_url),
    returnUrl: text(request.return_url),
    card: findCard(card, encrypted, rest.takenAt, salt),
    token: text(isCardToken ? request.token : card?.token),
    saveCard: [card, encrypted].some((part) => isTrue(part?.save_card)),
    skipThreeDSecure: [card, encrypted].some((part) => isTrue(part?.skip_three_d_secure_verification)),
    parentUid: text(request.parent_uid),
    reason: text(request.reason),
    uid: text(request.uid),
  }
}

function findCard(
  card: Values | undefined,
  encrypted: Values | undefined,
  now: number,
  salt: string,
): Card | undefined {
  if (card && isBlank(card.token) && typeof card.number === 'string') return readCard(card, card.number, salt)
  if (encrypted && typeof encrypted.number === 'string') return readEncryptedCard(encrypted.number, now, salt)
  return undefined
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function object(value: unknown): Values {
  return isObject(value) ? value : {}
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true'
}
