import { parseTime } from '../lib/clock.ts'

/** Longest wait that is taken from a gateway, in milliseconds; more would look like a hang. */
const LONGEST_MS = 5 * 60_000

/** The form of RFC 9110, and that of RFC 850; of what else `Date.parse` takes, nobody knows what was meant. */
const HTTP_DATE = /^[a-z]{3,9}, [\w -]+ \d\d:\d\d:\d\d GMT$/i

/** The epoch milliseconds of an HTTP date; `NaN` for anything else. */
export const parseHttpDate = (header: string | null | undefined): number =>
  parseTime(HTTP_DATE.test(`${header}`) && header)

/**
 * The milliseconds a `Retry-After` header asks for: seconds or an HTTP date, at most five minutes; 0 if that has
 * passed. Garbage is nothing.
 */
export function retryAfter(header: string | null | undefined, now: number): number | undefined {
  const ms = /^\s*\d+\s*$/.test(`${header}`) ? Number(header) * 1000 : parseHttpDate(header) - now
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), LONGEST_MS)
}
