/**
 * Text with everything that could be a card number reduced to its last four digits: a gateway may echo what it was sent,
 * and its messages end up in logs. UUIDs, which can look alike, are left whole, and so are dates and amounts with dots:
 * only groups as on a card may have them.
 */
export const maskCardNumbers = (text: string): string =>
  text.replace(
    /([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})|\d(?:[ \u00a0\u2000-\u2011\u202f-]?\d){12,18}|\d{4}(?:\.\d{4}){3}|\d{4}\.\d{6}\.\d{5}/gi,
    (digits, uuid?: string) => uuid ?? `****${digits.slice(-4)}`,
  )
