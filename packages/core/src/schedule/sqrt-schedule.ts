import { jittered, type Schedule } from './schedule.ts'

/** All in milliseconds. */
export interface SqrtScheduleOptions {
  /** The wait before the first question. @default 4000 */
  firstMs?: number
  /** The gap one second after the start; it grows with the square root of the time. @default 500 */
  gapMs?: number
  /** The longest gap. @default 30000 */
  maxMs?: number
}

/**
 * Asks often when the answer is likely, less and less often when it is late: gaps grow with the square root of the time
 * that has passed. The default, since it is good when nothing is known of how long tasks take.
 */
export const sqrtSchedule =
  ({ firstMs = 4000, gapMs = 500, maxMs = 30_000 }: SqrtScheduleOptions = {}): Schedule =>
  (input) =>
    jittered(input.polls ? Math.min(maxMs, gapMs * Math.sqrt(input.elapsedMs / 1000)) : firstMs, input)
