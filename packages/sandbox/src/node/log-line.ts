/** One line per request for the terminal. It may be kept or shared, so nothing in it can be a card number. */
import type { RequestRecord } from '../records.ts'

/** `2026-01-31T12:00:00.000Z POST /async/transactions/payments 200 3 ms order-17` */
export function logLine(record: RequestRecord): string {
  const { at, method, path, status, fault, durationMs = 0, trackingId, repeated, aborted } = record
  const words = [new Date(at).toISOString(), method, safe(unescapePath(path))]
  words.push(String(status ?? (aborted ? 'aborted' : 'dropped')))
  if (fault) words.push(`(${fault})`)
  words.push(`${durationMs} ms`)
  if (trackingId !== undefined) words.push(safe(trackingId))
  if (repeated) words.push('(repeat)')
  return words.join(' ')
}

/** A path with its escapes undone, so that they cannot hide a number. */
function unescapePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** What a client chose, fit for a line of the log. */
function safe(text: string): string {
  const line = text.replace(lineBreaks, '·')
  // Without them first: they must not hide a number either.
  const seen = line.replace(unseen, '')
  const masked = maskNumbers(seen)
  return masked === seen ? maskNumbers(line.replace(unseen, escaped)) : masked
}

/** What is not seen, or turns the line around: `order-17` and `order-1\u200b7` must not look alike. */
const unseen = /\p{Cf}|\p{Default_Ignorable_Code_Point}|\p{Co}|\p{Cs}|(?! )\p{Zs}/gu

const escaped = (mark: string): string => `\\u{${mark.codePointAt(0)?.toString(16)}}`

/** A line break, or a terminal's escape, in a tracking id must not begin a line of its own. */
const lineBreaks = /\p{Cc}|\p{Zl}|\p{Zp}/gu

/** The id of a task or the uid of a transaction; or thirteen digits or more, also in groups, which may be a card number. */
const idOrNumber =
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b\d{8}-[0-9a-f]{10}\b|(\d(?:[ .-]?\d){12,})/gi

function maskNumbers(text: string): string {
  return text.replace(idOrNumber, (found, number?: string) => (number === undefined ? found : '*'.repeat(12)))
}
