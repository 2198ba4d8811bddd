/**
 * Text with all that could be a card number reduced to its last four digits, and a card's code to stars: a gateway may echo
 * what it was sent, and its messages end up in logs. UUIDs, which can look alike, are left whole, and so are dates and
 * amounts: only groups as on a card may have any separator between them. `cvc`: the code itself, where it is known; else
 * only a number beside its name is taken for one.
 */
export const maskCardData = (text: string, cvc?: string): string =>
  (cvc && /^\d{3,4}$/.test(cvc) ? text.replace(new RegExp(`(?<!\\d)${cvc}(?!\\d)`, 'g'), '***') : text)
    .replace(NUMBER, (digits, uuid?: string) => uuid ?? `****${digits.slice(-4)}`)
    .replace(CODE, '$1***')

/** Also as it stands in a URL or in HTML. */
const SEPARATOR = String.raw`(?:[\s._+/\u2010-\u2015\u202f-]|%20|%2d|&nbsp;){1,3}`

const NUMBER = new RegExp(
  [
    String.raw`([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})`,
    String.raw`\d(?:[ \u00a0\u2000-\u2011\u202f-]?\d){12,18}`,
    String.raw`\d{4}(?:${SEPARATOR}\d{4}){3}(?:${SEPARATOR}\d{1,3})?`,
    String.raw`\d{4}${SEPARATOR}\d{6}${SEPARATOR}\d{4,5}`,
  ].join('|'),
  'gi',
)

const CODE =
  /((?:cv[cvn]2?|csc|verification[_ ]value|security code)\W{0,3}(?:(?:is|of|code|value)\W{1,3})?)\d{3,4}(?!\d)/gi
