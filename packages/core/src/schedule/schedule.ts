/** When to ask next. A schedule decides nothing else: floors, ceilings and the deadline are the loop's. */

/** Which tasks take about as long as one another. */
export interface ScheduledTask {
  /** The type of the transaction, such as `payments`. */
  readonly type?: string | undefined
  /** The shop's word for the payment method, if it gave one to `submit`. */
  readonly paymentMethod?: string | undefined
}

/** What a schedule knows of the task it is asked about. */
export interface ScheduleInput extends ScheduledTask {
  /** How often the task has been asked after. */
  polls: number
  /** Milliseconds since the gateway took the task. */
  elapsedMs: number
  /** A number from 0 up to 1: the only source of chance, so that a simulation can repeat itself. */
  random: () => number
}

/** Between which two questions a task was done, in milliseconds after the gateway took it. */
export interface Completion extends ScheduledTask {
  /** When it was last seen to be processed; 0 if it never was. */
  readonly afterMs: number
  /** When it was first seen to be done; `Infinity` if it was given up before. */
  readonly byMs: number
}

/** How far a task is likely to be. */
export interface Estimate {
  /** The share of such tasks that are done by now, from 0 to below 1. */
  readonly progress: number
  /** Milliseconds from now in which half of those that are not done by now will be. */
  readonly expectedMs: number
}

/**
 * Returns the milliseconds to wait before the task is asked after again. The methods are for schedules that learn. What
 * `prepare` and `observe` throw or reject with becomes the warning `schedule-failed`; they are not waited for.
 */
export interface Schedule {
  (input: ScheduleInput): number
  /** Called before each exchange: the schedule may load what it knows of such tasks. */
  prepare?(task: ScheduledTask): unknown
  /** Told when a task was seen to be done, or was given up. */
  observe?(completion: Completion): unknown
  /** How far a task is; nothing if the schedule cannot tell. */
  estimate?(task: ScheduledTask & { readonly elapsedMs: number }): Estimate | undefined
}

/** No schedule that comes with the library asks more often than this, in milliseconds. */
export const SHORTEST_MS: number = 250

/**
 * `delayMs` ±20 %. The first one ±50 %: clients that started together are spread over a whole gap, and do not stay
 * together.
 */
export function jittered(delayMs: number, { polls, random }: ScheduleInput): number {
  const spread = polls ? 0.2 : 0.5
  return Math.max(SHORTEST_MS, delayMs * (1 - spread + 2 * spread * random()))
}
