/** When to ask next. A schedule decides nothing else: floors, ceilings and the deadline are the loop's. */

/** What a schedule knows of the task it is asked about. */
export interface ScheduleInput {
  /** How often the task has been asked after. */
  polls: number
  /** Milliseconds since the gateway took the task. */
  elapsedMs: number
  /** A number from 0 up to 1: the only source of chance, so that a simulation can repeat itself. */
  random: () => number
}

/** Returns the milliseconds to wait before the task is asked after again. */
export type Schedule = (input: ScheduleInput) => number

/** No schedule that comes with the library asks more often than this, in milliseconds. */
const SHORTEST_MS = 250

/** `delayMs` ±20 %, so that clients which started together do not stay together. */
export const jittered = (delayMs: number, random: () => number): number =>
  Math.max(SHORTEST_MS, delayMs * (0.8 + 0.4 * random()))
