/** The habits of card forms: how numbers are grouped, which mistakes can be seen at once. */

export interface Card {
  readonly number: string
  /** As it is typed: `05 / 30`. */
  readonly expiry: string
  readonly cvc: string
  readonly holder: string
}

export const emptyCard: Card = { number: '', expiry: '', cvc: '', holder: '' }

const digitsOf = (text: string): string => text.replace(/\D/g, '')

const isAmex = (digits: string): boolean => /^3[47]/.test(digits)

export function brandOf(number: string): string {
  const digits = digitsOf(number)
  if (isAmex(digits)) return 'American Express'
  if (/^4/.test(digits)) return 'Visa'
  if (/^(5[1-5]|2[2-7])/.test(digits)) return 'Mastercard'
  return ''
}

/** In groups of four; an American Express has four, six and five. */
export function groupNumber(typed: string): string {
  const digits = digitsOf(typed).slice(0, 19)
  const groups = isAmex(digits) ? /^(\d{1,4})(\d{1,6})?(\d{1,5})?/.exec(digits)?.slice(1) : digits.match(/\d{1,4}/g)
  return (groups ?? []).filter(Boolean).join(' ')
}

/** `5` becomes `05 / `, and deleting the slash works. */
export function formatExpiry(typed: string, before: string): string {
  let digits = digitsOf(typed)
  if (typed.length < before.length && before.endsWith(' / ')) digits = digits.slice(0, -1)
  // From an autofill: 05/2030.
  if (/^\d{2}20\d{2}$/.test(digits)) digits = digits.slice(0, 2) + digits.slice(4)
  if (/^[2-9]/.test(digits)) digits = `0${digits}`
  digits = digits.slice(0, 4)
  return digits.length < 2 || (digits.length === 2 && typed.length < before.length)
    ? digits
    : `${digits.slice(0, 2)} / ${digits.slice(2)}`
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

/** What is wrong with a field, in words for who fills it in. */
export type Complaints = Partial<Record<keyof Card, string>>

export function complaintsAbout({ number, expiry, cvc, holder }: Card, now: Date): Complaints {
  const digits = digitsOf(number)
  const [month = 0, year = 0] = expiry.split('/').map(Number)
  const complaints: Record<keyof Card, string | false> = {
    number:
      (digits.length < 12 && 'Enter the number on your card.') ||
      (!passesCheck(digits) && 'A digit is wrong. Please check.'),
    expiry:
      (!(month >= 1 && month <= 12 && expiry.length === 7) && 'As in 05 / 30.') ||
      (2000 + year < now.getFullYear() || (2000 + year === now.getFullYear() && month <= now.getMonth())
        ? 'It has expired.'
        : false),
    cvc: cvc.length !== (isAmex(digits) ? 4 : 3) && `Enter the ${isAmex(digits) ? 4 : 3} digits.`,
    holder: !holder.trim() && 'Enter the name on the card.',
  }
  return Object.fromEntries(Object.entries(complaints).filter(([, complaint]) => complaint)) as Complaints
}

/** The card as the gateway wants it. Protocol section 3. */
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
