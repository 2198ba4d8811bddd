/**
 * The habits of card forms: how what is typed, pasted or filled in is grouped, and what is wrong with it, in words for the
 * customer. No framework, no dependency: copy it.
 */

export interface Card {
  readonly number: string
  /** As it is typed: `05 / 30`. */
  readonly expiry: string
  readonly cvc: string
  readonly holder: string
}

export const emptyCard: Card = { number: '', expiry: '', cvc: '', holder: '' }

interface Brand {
  readonly name: string
  readonly starts: RegExp
  readonly lengths: readonly number[]
  readonly cvc: 3 | 4
}

const BRANDS: readonly Brand[] = [
  { name: 'American Express', starts: /^3[47]/, lengths: [15], cvc: 4 },
  { name: 'Visa', starts: /^4/, lengths: [13, 16, 19], cvc: 3 },
  { name: 'Mastercard', starts: /^(5[1-5]|2(22[1-9]|2[3-9]|[3-6]|7[01]|720))/, lengths: [16], cvc: 3 },
  { name: 'Maestro', starts: /^(50|5[6-9]|6[37])/, lengths: [12, 13, 14, 15, 16, 17, 18, 19], cvc: 3 },
  { name: 'Mir', starts: /^220[0-4]/, lengths: [16, 17, 18, 19], cvc: 3 },
  { name: 'UnionPay', starts: /^62/, lengths: [16, 17, 18, 19], cvc: 3 },
]
const UNKNOWN: Brand = { name: '', starts: /^/, lengths: [12, 13, 14, 15, 16, 17, 18, 19], cvc: 3 }

const digitsOf = (text: string): string => text.normalize('NFKC').replace(/\D/g, '')

const brand = (number: string): Brand => BRANDS.find(({ starts }) => starts.test(digitsOf(number))) ?? UNKNOWN

/** The name of the card's brand, or nothing while it cannot be told. */
export const brandOf = (number: string): string => brand(number).name

/** How many digits the security code has, by the card's number. */
export const cvcLength = (number: string): 3 | 4 => brand(number).cvc

/** In groups of four; an American Express has four, six and five. */
export function groupNumber(typed: string): string {
  const { name, lengths } = brand(typed)
  const digits = digitsOf(typed).slice(0, Math.max(...lengths))
  const groups =
    name === 'American Express' ? /^(\d{1,4})(\d{1,6})?(\d{1,5})?/.exec(digits)?.slice(1) : digits.match(/\d{1,4}/g)
  return (groups ?? []).filter(Boolean).join(' ')
}

/**
 * `5` becomes `05 / `, `1/31` becomes `01 / 31`, and `05/2030`, `2030-05` and `0530` become `05 / 30`. `before` is what stood
 * there: deleting the slash deletes the digit before it.
 */
export function formatExpiry(typed: string, before = ''): string {
  const text = typed.normalize('NFKC').trim()
  const iso = /^(20\d\d)\D(\d\d)$/.exec(text)
  if (iso) return `${iso[2]} / ${iso[1]?.slice(2)}`
  const [, written = '', rest] = /^\D*(\d{1,2})\s*[^\d\s]\D*(\d*)/.exec(text) ?? []
  let digits = rest === undefined ? digitsOf(text) : `${written.padStart(2, '0')}${rest}`
  const deleting = typed.length < before.length
  if (deleting && before.endsWith(' / ')) digits = digits.slice(0, -1)
  // No month begins so: it is the first digit of the year.
  if (/^[2-9]/.test(digits) || (/^1[3-9]/.test(digits) && !deleting)) digits = `0${digits}`
  const month = digits.slice(0, 2)
  const year = digits.slice(2)
  if (month.length < 2 || (month.length === 2 && !year && deleting)) return month
  // `20` may be the year 2020, or the beginning of 2030.
  return `${month} / ${/^20\d\d/.test(year) ? year.slice(2, 4) : year.slice(0, year.startsWith('20') ? 3 : 2)}`
}

/** To after as many digits as it stood before: typing in the middle of a group must not throw the cursor to the end. */
export function cursorAfter(formatted: string, typed: string, position: number): number {
  const digits = digitsOf(typed.slice(0, position)).length
  let place = 0
  for (let seen = 0; place < formatted.length && seen < digits; place++)
    if (/\d/.test(formatted[place] ?? '')) seen += 1
  return place
}

/** The check digit, after Luhn: catches any wrong digit and most swapped ones. */
function passesCheck(digits: string): boolean {
  let sum = 0
  for (const [place, digit] of [...digits].reverse().entries()) {
    const weighted = place % 2 ? Number(digit) * 2 : Number(digit)
    sum += weighted > 9 ? weighted - 9 : weighted
  }
  return sum % 10 === 0
}

/** What is wrong with a field, and what to do, in words for who fills it in. */
export type Complaints = Partial<Record<keyof Card, string>>

/** No card is valid for longer. */
const LONGEST_YEARS = 20

export function complaintsAbout(card: Card, now: Date): Complaints {
  const complaints: Record<keyof Card, string> = {
    number: aboutNumber(card.number),
    expiry: aboutExpiry(card.expiry, now),
    cvc: aboutCvc(card),
    holder: aboutHolder(card.holder),
  }
  return Object.fromEntries(Object.entries(complaints).filter(([, complaint]) => complaint)) as Complaints
}

function aboutNumber(number: string): string {
  const digits = digitsOf(number)
  const { name, lengths } = brand(digits)
  if (!digits) return 'Enter the long number on your card.'
  if (digits.length < Math.min(...lengths) || (digits.length < 16 && !lengths.includes(digits.length)))
    return name
      ? `Some digits are missing: ${name} has ${lengths.includes(16) ? 16 : lengths[0]}.`
      : 'Some digits are missing.'
  if (!lengths.includes(digits.length))
    return `${name} has ${lengths.join(', ')} digits, and these are ${digits.length}.`
  return passesCheck(digits) ? '' : 'A digit is wrong: compare with your card.'
}

function aboutExpiry(expiry: string, now: Date): string {
  const [month = '', year = ''] = expiry.split(' / ')
  if (!month) return 'Enter the month and the year on your card.'
  if (month.length < 2 || Number(month) < 1 || Number(month) > 12) return 'The month must be 01 to 12.'
  if (year.length !== 2) return 'The year is missing: two digits, as on your card.'
  const months = (2000 + Number(year) - now.getFullYear()) * 12 + Number(month) - 1 - now.getMonth()
  if (months < 0) return 'This card has expired: use another one.'
  return months > LONGEST_YEARS * 12 ? 'No card is valid that long: check the year.' : ''
}

function aboutCvc({ number, cvc }: Card): string {
  const length = cvcLength(number)
  const where = length === 4 ? 'on the front of your card' : 'on the back of your card'
  return cvc.length === length ? '' : `Enter the ${length} digits ${where}.`
}

function aboutHolder(holder: string): string {
  if (!holder.trim()) return 'Enter the name as it is on your card.'
  if (digitsOf(holder).length >= 12) return 'This is a card number: enter the name on your card.'
  return /\p{Letter}/u.test(holder) ? '' : 'Enter the name in letters, as it is on your card.'
}

/** The card as the gateway wants it, and as `encryptCard` takes it. */
export function cardFields({ number, expiry, cvc, holder }: Card) {
  const [month = '', year = ''] = expiry.split(' / ')
  return {
    number: digitsOf(number),
    verification_value: cvc,
    holder: holder.trim(),
    exp_month: month,
    exp_year: `20${year}`,
  }
}
