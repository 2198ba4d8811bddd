/** The rules of a request that is worth sending; everything else passes through untouched. Protocol section 3. */
import { custom, object, optional, safeParse } from 'valibot'
import { complaint } from './complaint.ts'
import { LOOKUP_ID } from './task-status.ts'
import { once, text } from './text.ts'

const short = () => optional(text('must be a text of 1 to 255 characters', /^[\s\S]{1,255}$/u))

const schema = /* @__PURE__ */ once(() =>
  object({
    amount: optional(
      custom<number>(
        (value) => Number.isSafeInteger(value) && Number(value) > 0,
        'must be a positive integer, in minor units of the currency',
      ),
    ),
    currency: optional(text('must be the three letters of ISO 4217', /^[a-z]{3}$/i)),
    description: short(),
    parent_uid: short(),
    reason: short(),
    tracking_id: optional(text('must be a text of 1 to 255 printable characters, not "." or ".."', LOOKUP_ID)),
  }),
)

const REQUIRED: Readonly<Record<string, string>> = {
  payments: 'amount currency description',
  authorizations: 'amount currency description',
  captures: 'parent_uid amount',
  voids: 'parent_uid amount',
  refunds: 'parent_uid amount reason',
  credits: 'amount currency description credit_card',
  payouts: 'amount currency recipient_credit_card',
  checkups: '',
  tokenizations: '',
  credit_cards: 'number exp_month exp_year',
}

/** Fields as JavaScript would spell them, which the gateway passes over. */
const SPELLED: Readonly<Record<string, string>> = {
  trackingId: 'tracking_id',
  creditCard: 'credit_card',
  returnUrl: 'return_url',
  notificationUrl: 'notification_url',
  requestKey: 'the option requestKey of submit()',
}

/** The first field that breaks a rule, and the rule; never its value. */
export function validateRequest(type: string, request: unknown): string | undefined {
  if (!/^[\w-]+$/.test(type)) return 'type must be a name such as "payments"'
  if (Object.hasOwn(REQUIRED, `${type}s`)) return `type is not "${type}": did you mean "${type}s"?`
  if (!request || typeof request !== 'object' || Array.isArray(request)) return 'request must be an object'
  const spelled = Object.keys(request).find((field) => Object.hasOwn(SPELLED, field))
  if (spelled) return `${spelled} is not a field: did you mean ${SPELLED[spelled]}?`
  const required = Object.hasOwn(REQUIRED, type) ? (REQUIRED[type]?.match(/\w+/g) ?? []) : []
  const missing = required.find((field) => (request as Record<string, unknown>)[field] === undefined)
  return missing ? `${missing} is required` : complaint(safeParse(schema(), request).issues)
}
