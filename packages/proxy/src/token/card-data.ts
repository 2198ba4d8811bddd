/** Card data by its names and by its look, for what is kept or can be read by a page. */

/** Names of fields that hold card data wherever they stand. `number` and `token` do so in a section of a card. */
export const CARD_FIELD: RegExp = /^(card_number|pan|verification_value|cvc2?|cvv2?|encrypted_\w+|track_?\d?)$/i
/** Names of ids, links and texts of the shop: their digits may look like a card's. */
const OF_THE_SHOP = /(^|_)(id|ids|uid|url|at|phone|iban)$/i
const CARD_NUMBER = /^[2-6](?:[ -]?\d){12,18}$/

/** Whether a value is a card number by itself: an issuer's first digit, 13 to 19 digits, and the check digit. */
export function isCardNumber(field: string, value: unknown): boolean {
  const text = typeof value === 'number' ? `${value}` : value
  return typeof text === 'string' && !OF_THE_SHOP.test(field) && CARD_NUMBER.test(text) && hasCheckDigit(text)
}

/** The Luhn algorithm: ISO/IEC 7812-1, annex B. */
function hasCheckDigit(text: string): boolean {
  const sum = [...text.replace(/\D/g, '')].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
