/** What a request must have before it is worth sending; everything else passes through untouched. Protocol section 3. */
import { looseObject, minValue, number, optional, pipe, regex, safeInteger, safeParse, string } from 'valibot'
import { complaint } from './complaint.ts'

const AMOUNT = 'must be a positive integer, in minor units of the currency'
const text = (pattern: RegExp, rule: string) => optional(pipe(string(rule), regex(pattern, rule)))
const short = text(/^[\s\S]{1,255}$/u, 'must be a text of 1 to 255 characters')

const schema = looseObject({
  amount: optional(pipe(number(AMOUNT), safeInteger(AMOUNT), minValue(1, AMOUNT))),
  currency: text(/^[a-z]{3}$/i, 'must be the three letters of ISO 4217'),
  description: short,
  reason: short,
  // A path segment of the lookup: a dot or two would ask for another path.
  tracking_id: text(
    /^(?!\.\.?$)[^\p{Cc}\p{Cs}]{1,255}$/u,
    'must be a text of 1 to 255 printable characters, not "." or ".."',
  ),
})

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
  const { issues } = safeParse(schema, request)
  return missing ? `${missing} is required` : issues && complaint(issues)
}
