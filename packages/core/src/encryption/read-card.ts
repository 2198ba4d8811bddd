/** A card as a form has it, turned into the texts that the gateway takes. Protocol section 3. */
import { TransactionError } from '../errors/transaction-error.ts'

/** A card in the clear. Every field is optional, since the gateway also takes the security code of a saved card alone. */
export interface CardToEncrypt {
  /** 12 to 19 digits; spaces and dashes are removed. */
  number?: string | undefined
  /** The CVC, 3 or 4 digits. */
  verification_value?: string | undefined
  /** The name on the card. */
  holder?: string | undefined
  /** `"05"`, `"5"` or `5`. */
  exp_month?: string | number | undefined
  /** `"2030"`, `"30"` or `30`. */
  exp_year?: string | number | undefined
  /** Passed on as it is. */
  save_card?: boolean | undefined
  /** Passed on as it is. */
  skip_three_d_secure_verification?: boolean | undefined
}

interface Field {
  readonly rule: string
  /** The text to encrypt; `undefined` if the value breaks the rule. */
  readonly read: (text: string) => string | undefined
}

const FIELDS: Readonly<Record<string, Field>> = {
  number: {
    rule: 'must be the 12 to 19 digits of a card number',
    read: (text) => matching(text.replace(/[\s\p{Dash_Punctuation}]/gu, ''), /^\d{12,19}$/),
  },
  verification_value: {
    rule: 'must be 3 or 4 digits, or left out',
    read: (text) => matching(text, /^\d{3,4}$/),
  },
  holder: {
    rule: 'must be the name on the card, or left out',
    read: (text) => matching(text, /\p{Letter}/u),
  },
  exp_month: {
    rule: 'must be a month from 01 to 12',
    read: (text) => matching(text, /^(0?[1-9]|1[0-2])$/)?.padStart(2, '0'),
  },
  exp_year: {
    rule: 'must be a year such as 2030, or 30',
    read: (text) => matching(text, /^(20)?\d\d$/)?.replace(/^..$/, '20$&'),
  },
}

/**
 * The texts of the fields that are to be encrypted, and the flags beside them.
 *
 * @throws TransactionError `request-invalid`, with the name of the field and never its value
 */
export function readCard(card: unknown): { texts: Record<string, string>; flags: Record<string, boolean> } {
  const texts: Record<string, string> = {}
  const flags: Record<string, boolean> = {}
  for (const [name, value] of Object.entries(Object(card))) {
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined
    if (value === undefined || value === null) continue
    if (field) texts[name] = textOf(value, name, field)
    else if (typeof value === 'boolean') flags[name] = value
    else if (name === 'token') throw invalid('token is of a saved card: send it as it is, in credit_card.token')
    else throw invalid(`${name} is not a field of a card, and would be sent in the clear: leave it out`)
  }
  if (Object.keys(texts).length > 0) return { texts, flags }
  throw invalid(`card must have at least one of ${Object.keys(FIELDS).join(', ')}`)
}

function textOf(value: unknown, name: string, { rule, read }: Field): string {
  const isNumber = Number.isSafeInteger(value) && Number(value) >= 0
  const text = typeof value === 'string' || isNumber ? read(`${value}`.trim()) : undefined
  if (text === undefined) throw invalid(`${name} ${rule}`)
  return text
}

const matching = (text: string, pattern: RegExp): string | undefined => (pattern.test(text) ? text : undefined)

const invalid = (message: string): TransactionError =>
  new TransactionError({ code: 'request-invalid', effect: 'none', message })
