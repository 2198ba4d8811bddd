import type { Clock } from '../lib/clock.ts'
import { parseHttpDate } from '../transport/retry-after.ts'
import type { FetchedResponse } from '../transport/send.ts'
import type { Page } from './page.ts'

/** The `Date` header counts whole seconds, and clocks drift, in milliseconds. */
const SLACK_MS = 2000

/**
 * Tells whether a service worker answered a question with a response that it had kept: it is dated before the question, by
 * the server's clock. That clock is known from the other responses. Without a service worker nothing is told.
 */
export function keptResponses(page: Page, clock: Clock): (response: FetchedResponse, askedAt: number) => boolean {
  // The least that the server's clock is ahead of ours.
  let aheadMs = Number.NEGATIVE_INFINITY
  return ({ headers }, askedAt) => {
    const date = parseHttpDate(headers.get('date'))
    if (!(date > 0) || !page.navigator?.serviceWorker?.controller) return false
    const kept = date < askedAt + aheadMs - SLACK_MS
    aheadMs = Math.max(aheadMs, date - clock.now())
    return kept
  }
}
