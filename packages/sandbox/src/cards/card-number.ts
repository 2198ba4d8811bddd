/** What a card number tells by itself. */

/** 12 to 19 digits with a right check digit (Luhn). */
export function isPlausibleCardNumber(value: unknown): value is string {
  return typeof value === 'string' && /^\d{12,19}$/.test(value) && checksum(value) % 10 === 0
}

/** The brand, in the gateway's words. */
export function brandOf(number: string): string {
  return brands.find(([start]) => start.test(number))?.[1] ?? 'unknown'
}

const brands: readonly (readonly [RegExp, string])[] = [
  [/^4/, 'visa'],
  [/^220[0-4]/, 'mir'],
  [/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, 'master'],
  [/^3[47]/, 'amex'],
  [/^3(0[0-5]|[689])/, 'dinersclub'],
  [/^35/, 'jcb'],
  [/^62/, 'unionpay'],
  [/^6(011|4[4-9]|5)/, 'discover'],
  [/^(50|5[6-9]|6)/, 'maestro'],
]

function checksum(digits: string): number {
  return [...digits].reverse().reduce((sum, character, index) => {
    const digit = Number(character)
    if (index % 2 === 0) return sum + digit
    return sum + (digit > 4 ? digit * 2 - 9 : digit * 2)
  }, 0)
}
