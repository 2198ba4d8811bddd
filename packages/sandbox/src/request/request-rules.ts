/** The fields of each transaction type (protocol section 3). Fields that are not listed pass through untouched. */
import type { FieldErrors } from '../gateway-error.ts'
import {
  besideEncrypted,
  creditCard,
  encryptedBesideToken,
  encryptedCard,
  recipientCard,
  savedCard,
} from './card-rules.ts'
import { checkFields, type Fields, isBlank, isObject, section } from './field-check.ts'
import { amount, currency, flag, futureTime, httpUrl, object, pattern, returnUrl, text } from './field-rules.ts'

const optional: Fields = {
  tracking_id: { rule: text(255) },
  test: { rule: flag },
  language: { rule: pattern(/^[a-z]{2}$/i, 'a two-letter code') },
  duplicate_check: { rule: flag },
  expired_at: { rule: futureTime },
  dynamic_billing_descriptor: { rule: text(255) },
  notification_url: { rule: httpUrl },
  verification_url: { rule: httpUrl },
  return_url: { rule: returnUrl },
  billing_address: {
    section: section({
      first_name: text(255),
      last_name: text(255),
      country: pattern(/^[A-Z]{2}$/i, 'a two-letter code'),
      city: text(255),
      state: text(255),
      zip: text(255),
      address: text(255),
      phone: text(255),
    }),
  },
  customer: {
    section: section({
      ip: text(45),
      email: pattern(/^[^@\s]+@[^@\s]+$/, 'an e-mail address'),
      birth_date: text(255),
      device_id: text(255),
    }),
  },
  additional_data: { rule: object },
}

const order: Fields = {
  ...optional,
  amount: { rule: amount, required: true },
  currency: { rule: currency, required: true },
  description: { rule: text(255), required: true },
}
const card: Fields = { credit_card: { section: creditCard }, encrypted_credit_card: { section: encryptedCard } }
const child: Fields = {
  ...optional,
  parent_uid: { rule: text(255), required: true },
  amount: { rule: amount, required: true },
}

const fieldsByType: Readonly<Record<string, Fields>> = {
  payments: { ...order, ...card },
  authorizations: { ...order, ...card },
  checkups: { ...order, ...card },
  tokenizations: { ...optional, amount: { rule: amount }, currency: { rule: currency }, ...card },
  credits: { ...order, credit_card: { section: savedCard, required: true } },
  payouts: { ...order, recipient_credit_card: { section: recipientCard, required: true } },
  captures: child,
  voids: child,
  refunds: { ...child, reason: { rule: text(255), required: true } },
  chargebacks: child,
  balance: { currency: { rule: currency } },
  status_queries: { uid: { rule: text(255) }, tracking_id: { rule: text(255) } },
}

/** The errors of a request, empty if there are none. `type` is the last part of the path. */
export function checkRequest(type: string, request: Readonly<Record<string, unknown>>, now: number): FieldErrors {
  const fields = withParts(fieldsByType[type] ?? {}, request)
  if (type === 'credit_cards') return creditCard({ ...request, token: undefined }, now)
  const errors = checkFields(fields, request, now)
  if ('encrypted_credit_card' in fields && isBlank(request.credit_card) && isBlank(request.encrypted_credit_card)) {
    errors.credit_card = { number: ["can't be blank"] }
  }
  if (type === 'status_queries' && isBlank(request.uid) && isBlank(request.tracking_id)) {
    errors.tracking_id = ["can't be blank"]
  }
  return errors
}

/** The rules of a card that is sent in two parts: in the clear what is no card data, and encrypted beside it what is. */
function withParts(fields: Fields, { credit_card, encrypted_credit_card }: Readonly<Record<string, unknown>>): Fields {
  if (!('encrypted_credit_card' in fields && isObject(credit_card) && isObject(encrypted_credit_card))) return fields
  const encrypted = isBlank(credit_card.token) ? encryptedCard : encryptedBesideToken
  return { ...fields, credit_card: { section: besideEncrypted }, encrypted_credit_card: { section: encrypted } }
}
