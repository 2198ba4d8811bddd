/** Asks less often while nobody looks. */
import type { Schedule } from '../schedule/schedule.ts'
import type { Page } from './page.ts'

const SLOWER = 4
/** A hidden page waits no longer than this, unless its schedule says so anyway, in milliseconds. */
const LONGEST_MS = 60_000

/** The schedule, four times slower while the page is hidden. It never stops: a payment settles without being looked at. */
export function hiddenSchedule(schedule: Schedule, page: Page): Schedule {
  const slower: Schedule = (input) => {
    const delayMs = schedule(input)
    if (page.document?.visibilityState !== 'hidden') return delayMs
    return Math.max(delayMs, Math.min(delayMs * SLOWER, LONGEST_MS))
  }
  // What it learns, and tells of progress, is the same.
  return Object.assign(slower, schedule)
}
