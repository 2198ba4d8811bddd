/** The rules of a card in a request: in the clear, as a token, or encrypted (protocol section 3). */
import { isPlausibleCardNumber } from '../cards/card-number.ts'
import type { FieldErrors } from '../gateway-error.ts'
import { isBlank, type Rule, type SectionRule, section } from './field-check.ts'
import { flag, pattern, text } from './field-rules.ts'

const cardNumber: Rule = (value) => (isPlausibleCardNumber(value) ? undefined : 'is not a card number')
const month = pattern(/^(0?[1-9]|1[0-2])$/, 'a month from 01 to 12')
const year = pattern(/^20\d\d$/, 'a year of four digits')

const flags = { skip_three_d_secure_verification: flag, save_card: flag }
const clear = section(
  {
    number: cardNumber,
    verification_value: pattern(/^\d{3,4}$/, 'a code of 3 or 4 digits'),
    holder: text(255),
    exp_month: (value, now) => month(String(value), now),
    exp_year: (value, now) => year(String(value), now),
    ...flags,
  },
  ['number', 'exp_month', 'exp_year'],
)
const saved = section({ token: text(255), ...flags }, ['token'])

const ciphertext = pattern(
  /^\$begatewaycsejs_1_0_0\$[A-Za-z0-9+/]{4,}={0,2}$/,
  'encrypted by the script of the gateway',
)
const ciphertexts = {
  number: ciphertext,
  verification_value: ciphertext,
  holder: ciphertext,
  exp_month: ciphertext,
  exp_year: ciphertext,
  ...flags,
}

/** `credit_card`: a token of an earlier card, or a number with its expiry date. */
export const creditCard: SectionRule = (card, now) => {
  if (!isBlank(card.token)) return saved(card, now)
  const errors = clear(card, now)
  return errors.exp_month || errors.exp_year ? errors : { ...errors, ...dateErrors(card, now) }
}

/** `credit_card` of a credit: nothing but a token. */
export const savedCard: SectionRule = saved

/** `recipient_credit_card` of a payout: the expiry date may be left out. */
export const recipientCard: SectionRule = (card, now) =>
  isBlank(card.token) ? section({ number: cardNumber, holder: text(255) }, ['number'])(card, now) : saved(card, now)

/** `encrypted_credit_card`: only its form can be checked, for the key is the gateway's. */
export const encryptedCard: SectionRule = section(ciphertexts, ['number'])

/** `credit_card` beside `encrypted_credit_card`: flags, or the token of a saved card. */
export const besideEncrypted: SectionRule = (card, now) =>
  isBlank(card.token) && isBlank(card.number) ? section(flags)(card, now) : creditCard(card, now)

/** `encrypted_credit_card` beside the token of a saved card: its security code. */
export const encryptedBesideToken: SectionRule = section(ciphertexts)

/** A card is good until the end of its last month. The field `date` and its words are recorded. */
function dateErrors(card: Readonly<Record<string, unknown>>, now: number): FieldErrors {
  const end = Date.UTC(Number(card.exp_year), Number(card.exp_month), 1)
  return end <= now ? { date: ['is expired'] } : {}
}
