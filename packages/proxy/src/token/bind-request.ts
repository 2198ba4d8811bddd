/** What the token holds comes from the token; what a page may add is listed. Protocol section 3. */
import { type Grant, isFields } from './grant.ts'

type Fields = Readonly<Record<string, unknown>>

const CARD = ['number', 'verification_value', 'holder', 'exp_month', 'exp_year']

/**
 * The fields a page may add: any of a section, or the listed ones. Not in `credit_card`: the flag that skips 3-D Secure,
 * which shifts who bears a fraud. Nowhere: `notification_url`, to which the gateway sends the shop's credentials.
 */
const ADDABLE: Readonly<Record<string, readonly string[]>> = {
  credit_card: [...CARD, 'save_card'],
  encrypted_credit_card: CARD,
  billing_address: ['first_name', 'last_name', 'country', 'city', 'state', 'zip', 'address', 'phone'],
  customer: ['email', 'birth_date', 'device_id'],
  additional_data: ['browser'],
}
const WITH_SAVED_CARD: typeof ADDABLE = { ...ADDABLE, credit_card: [...CARD, 'save_card', 'token'] }

/**
 * The request to send; or 403 if the page asks for more than its token allows, 400 for a card that is none: a number beside
 * a saved card's token, or a plain card where all are `encrypted`.
 */
export function bindRequest({ fixed, savedCard }: Grant, sent: Fields, cards: 'any' | 'encrypted'): Fields | 400 | 403 {
  const lists = savedCard ? WITH_SAVED_CARD : ADDABLE
  const bound: Record<string, unknown> = { ...fixed }
  for (const [field, value] of Object.entries(sent)) {
    const fixedValue = Object.hasOwn(fixed, field) ? fixed[field] : undefined
    const addable = Object.hasOwn(lists, field) ? lists[field] : undefined
    const section = addable && isFields(value) && (fixedValue === undefined || isFields(fixedValue))
    const result = section
      ? withAdded(fixedValue ?? {}, value, addable)
      : same(fixedValue, value)
        ? fixedValue
        : undefined
    if (result === undefined) return 403
    bound[field] = result
  }
  return isCard(bound.credit_card, cards) ? bound : 400
}

function isCard(card: unknown, cards: 'any' | 'encrypted'): boolean {
  if (!isFields(card)) return true
  return cards === 'encrypted' ? !CARD.some((field) => field in card) : !('number' in card && 'token' in card)
}

function withAdded(fixed: unknown, sent: Fields, addable: readonly string[]): Fields | undefined {
  const bound: Record<string, unknown> = { ...(fixed as Fields) }
  for (const [field, value] of Object.entries(sent)) {
    if (Object.hasOwn(bound, field) ? !same(bound[field], value) : !addable.includes(field)) return undefined
    bound[field] = value
  }
  return bound
}

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
