import { parseTime } from '../lib/clock.ts'

/** Longest wait that is taken from a gateway, in milliseconds; more would look like a hang. */
const LONGEST_MS = 5 * 60_000

/** The forms of RFC 9110; of what else `Date.parse` may make a date of, nobody knows what was meant. */
const HTTP_DATE = /^[a-z]{3,9},? [\w -]+ \d\d:\d\d:\d\d (GMT|\d{4})$/i

/** The epoch milliseconds of an HTTP date; `NaN` for anything else. Without a zone, as of `asctime`, it is GMT. */
export const parseHttpDate = (header: string | null | undefined): number =>
  parseTime(HTTP_DATE.test(`${header}`) && header?.replace(/\d{4}$/, '$& GMT'))

/**
 * The milliseconds a `Retry-After` header asks for: seconds or an HTTP date, at most five minutes; 0 if that has
 * passed. Garbage is nothing.
 */
export function retryAfter(header: string | null | undefined, now: number): number | undefined {
  const ms = /^\s*\d+\s*$/.test(`${header}`) ? Number(header) * 1000 : parseHttpDate(header) - now
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), LONGEST_MS)
}
