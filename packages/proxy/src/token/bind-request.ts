/** What the token holds comes from the token; what a page may add is listed. Protocol section 3. */
import type { Grant } from './grant.ts'

type Fields = Readonly<Record<string, unknown>>

const CARD = ['number', 'verification_value', 'holder', 'exp_month', 'exp_year']

/**
 * The fields a page may add: any of a section, or the listed ones. Not in `credit_card`: the flag that skips 3-D Secure,
 * which shifts who bears a fraud. Nowhere: `notification_url`, to which the gateway sends the shop's credentials.
 */
const ADDABLE: Readonly<Record<string, readonly string[] | 'any'>> = {
  credit_card: [...CARD, 'token', 'save_card'],
  encrypted_credit_card: CARD,
  billing_address: 'any',
  customer: 'any',
  additional_data: ['browser'],
}

/** The request to send, or nothing if the page asks for more than its token allows. */
export function bindRequest({ fixed }: Grant, sent: Fields): Fields | undefined {
  const bound: Record<string, unknown> = { ...fixed }
  for (const [field, value] of Object.entries(sent)) {
    const fixedValue = Object.hasOwn(fixed, field) ? fixed[field] : undefined
    const addable = Object.hasOwn(ADDABLE, field) ? ADDABLE[field] : undefined
    const section = addable && isFields(value) && (fixedValue === undefined || isFields(fixedValue))
    const result = section
      ? withAdded(fixedValue ?? {}, value, addable)
      : same(fixedValue, value)
        ? fixedValue
        : undefined
    if (result === undefined) return undefined
    bound[field] = result
  }
  return bound
}

function withAdded(fixed: unknown, sent: Fields, addable: readonly string[] | 'any'): Fields | undefined {
  const bound: Record<string, unknown> = { ...(fixed as Fields) }
  for (const [field, value] of Object.entries(sent)) {
    if (Object.hasOwn(bound, field) ? !same(bound[field], value) : addable !== 'any' && !addable.includes(field))
      return undefined
    bound[field] = value
  }
  return bound
}

export const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** Whether two pieces of JSON say the same. */
function same(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return false
  const [a, b] = [Object.entries(one), Object.entries(other)]
  return (
    Array.isArray(one) === Array.isArray(other) &&
    a.length === b.length &&
    a.every(([key, value]) => Object.hasOwn(other, key) && same(value, (other as Fields)[key]))
  )
}
