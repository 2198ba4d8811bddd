/** What a request must have before it is worth sending; everything else passes through untouched. Protocol section 3. */
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
}

/** The first field that breaks a rule, and the rule; never its value. */
export function requestComplaint(type: string, request: object): string | undefined {
  if (!/^[\w-]+$/.test(type)) return 'type must be a name such as "payments"'
  const required = Object.hasOwn(REQUIRED, type) ? REQUIRED[type]?.split(' ') : []
  const missing = required?.find((field) => (request as Record<string, unknown>)[field] === undefined)
  return missing ? `${missing} is required` : complaint(safeParse(schema(), request).issues)
}
