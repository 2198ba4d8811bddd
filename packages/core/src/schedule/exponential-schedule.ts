import { jittered, type Schedule } from './schedule.ts'

export interface ExponentialScheduleOptions {
  /** The first wait, in milliseconds. @default 1000 */
  firstMs?: number
  /** How much longer each wait is than the one before. @default 1.5 */
  factor?: number
  /** The longest wait, in milliseconds. @default 30000 */
  maxMs?: number
}

/** Waits that grow by a factor: easy on the gateway, late for the customer. */
export const exponentialSchedule =
  ({ firstMs = 1000, factor = 1.5, maxMs = 30_000 }: ExponentialScheduleOptions = {}): Schedule =>
  (input) =>
    jittered(Math.min(maxMs, firstMs * factor ** input.polls), input)
