/**
 * A card as the sandbox keeps it: what the standard answer may show, and how the card behaves. The number itself is
 * forgotten as soon as the request has been read.
 */
import { hash32 } from '../random.ts'
import { brandOf } from './card-number.ts'

/** What happens to whoever pays with the card (protocol section 7). */
export type CardBehaviour =
  | 'succeeds'
  | 'is-declined'
  /** Is `incomplete` at first, and succeeds without the customer. */
  | 'is-frictionless'
  /** Asks for 3-D Secure, and succeeds once the customer has confirmed. */
  | 'is-challenged'
  /** Asks for 3-D Secure, which then fails. */
  | 'fails-challenge'

export interface Card {
  readonly behaviour: CardBehaviour
  readonly brand: string
  readonly last4: string
  readonly first1: string
  readonly bin: string
  /** The bank that issued it, as its first digits tell. */
  readonly issuerCountry: string
  readonly issuerName: string
  readonly product: string
  readonly holder: string | null
  readonly expMonth: number | null
  readonly expYear: number | null
  /** The same for the same number, and not to be turned back into it. */
  readonly stamp: string
}

/** The test cards. Any other number that passes its check digit succeeds. */
const behaviours: ReadonlyMap<string, CardBehaviour> = new Map([
  ['4200000000000000', 'succeeds'],
  ['4005550000000019', 'is-declined'],
  ['4012000000001006', 'is-frictionless'],
  ['4012000000001055', 'is-frictionless'],
  ['5204240000015003', 'is-frictionless'],
  ['5204240000015011', 'is-frictionless'],
  ['4012000000001097', 'is-challenged'],
  ['5204240000015029', 'is-challenged'],
  ['4012000000003010', 'is-challenged'],
  ['4012000000001014', 'fails-challenge'],
  ['4012000000001022', 'fails-challenge'],
  ['4012000000001030', 'fails-challenge'],
])

/** The other way to choose a decline: a card that expires in October. */
const declinedMonth = 10

/** The card behind a number; `salt` is this sandbox's own. */
export function readCard(fields: Readonly<Record<string, unknown>>, number: string, salt: string): Card {
  const behaviour = behaviours.get(number) ?? 'succeeds'
  return {
    behaviour: behaviour === 'succeeds' && Number(fields.exp_month) === declinedMonth ? 'is-declined' : behaviour,
    brand: brandOf(number),
    last4: number.slice(-4),
    first1: number.slice(0, 1),
    bin: number.slice(0, 6),
    // As recorded for the first test card, for all of them.
    issuerCountry: 'US',
    issuerName: 'VISA Demo Bank',
    product: 'F',
    holder: typeof fields.holder === 'string' ? fields.holder : null,
    expMonth: Number(fields.exp_month) || null,
    expYear: Number(fields.exp_year) || null,
    stamp: stampOf(number, salt),
  }
}

/** An encrypted card cannot be read, so it stands for the card that succeeds. */
export function readEncryptedCard(ciphertext: string, now: number, salt: string): Card {
  const expYear = new Date(now).getUTCFullYear() + 2
  const stand = { holder: 'ENCRYPTED HOLDER', exp_month: 12, exp_year: expYear }
  return { ...readCard(stand, '4200000000000000', salt), stamp: stampOf(ciphertext, salt) }
}

/** 64 hexadecimal digits, as long as the gateway's. */
function stampOf(text: string, salt: string): string {
  const words = Array.from({ length: 8 }, (_, index) => hash32(`${index}${salt}${text}`))
  return words.map((word) => word.toString(16).padStart(8, '0')).join('')
}
