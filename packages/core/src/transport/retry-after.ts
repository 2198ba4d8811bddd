import { parseTime } from '../lib/clock.ts'

/** Longest wait that is taken from a gateway, in milliseconds; more would look like a hang. */
const LONGEST_MS = 5 * 60_000

/**
 * The milliseconds a `Retry-After` header asks for: seconds or an HTTP date, at most five minutes. Garbage is nothing.
 */
export function retryAfter(header: string | null | undefined, now: number): number | undefined {
  const ms = /^\s*\d+\s*$/.test(`${header}`) ? Number(header) * 1000 : parseTime(header) - now
  return ms >= 0 ? Math.min(ms, LONGEST_MS) : undefined
}
