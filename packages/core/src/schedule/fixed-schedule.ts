import { jittered, type Schedule } from './schedule.ts'

export interface FixedScheduleOptions {
  /** The wait between two questions, in milliseconds; at least 250. */
  intervalMs: number
}

/** The same wait every time, ±20 %, the first ±50 %: for a gateway that prescribes an interval. */
export const fixedSchedule =
  ({ intervalMs }: FixedScheduleOptions): Schedule =>
  (input) =>
    jittered(intervalMs, input)
