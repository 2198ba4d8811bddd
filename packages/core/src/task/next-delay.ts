/** How long to wait before the next exchange. The schedule proposes; floors and ceilings are here. */
import type { Schedule, ScheduleInput } from '../schedule/schedule.ts'
import { sqrtSchedule } from '../schedule/sqrt-schedule.ts'
import { phaseOf } from './machine.ts'
import type { TaskRecord } from './record.ts'

/** The ceiling of the wait before the second POST; it doubles. Full jitter below it. */
const RETRY_MS = 1000
const SHORTEST_MS = 10
const LONGEST_MS = 60 * 60_000
/** A lookup is asked because something was lost: somebody waits, however rarely the task is asked after. */
const LONGEST_LOOKUP_MS = 30_000
/** Once the token bucket is empty: one question in this time. */
const OUTAGE_MS = 30_000

/** What a delay is made of. All times in milliseconds. */
export interface DelayInput {
  readonly schedule: Schedule
  readonly random: () => number
  readonly elapsedMs: number
  /** Until the deadline, at which the task is asked a last time; infinite where there is none. */
  readonly remainingMs: number
}

/** Milliseconds until the next exchange. `invalid` is called if the schedule gave no delay; the default one then does. */
export function nextDelay(record: TaskRecord, input: DelayInput, invalid: () => void): number {
  const { tries, polls, credit, requestId, type, paymentMethod } = record
  const { schedule, elapsedMs, remainingMs } = input
  const random = (): number => draw(input.random)
  const phase = phaseOf(record)
  if (phase === 'submit') return Math.round(random() * RETRY_MS * 2 ** (tries - 1))
  if (phase === 'lookup' && !tries) return 0
  // A lookup is about a task that is lost, not one of those a schedule has learned of.
  const task = phase === 'ask' ? { type, paymentMethod } : {}
  const proposal = propose(schedule, { ...task, polls: requestId ? polls : tries - 1, elapsedMs, random }, invalid)
  const longestMs = phase === 'lookup' ? LONGEST_LOOKUP_MS : LONGEST_MS
  const delayMs = Math.max(credit ? 0 : OUTAGE_MS, Math.min(longestMs, proposal))
  return Math.max(SHORTEST_MS, Math.round(Math.min(delayMs, remainingMs)))
}

/** A number from 0 to 1, also where the application's own fails. */
function draw(random: () => number): number {
  try {
    const drawn = +random()
    if (drawn >= 0 && drawn <= 1) return drawn
  } catch {}
  return Math.random()
}

function propose(schedule: Schedule, input: ScheduleInput, invalid: () => void): number {
  try {
    const delayMs = schedule(input)
    if (Number.isFinite(delayMs) && delayMs >= 0) return delayMs
  } catch {}
  invalid()
  return sqrtSchedule()(input)
}
