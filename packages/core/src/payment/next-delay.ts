/** The wait before the next exchange. The schedule proposes; floors and ceilings are here. */
import type { Schedule, ScheduledTask, ScheduleInput } from '../schedule/schedule.ts'
import { sqrtSchedule } from '../schedule/sqrt-schedule.ts'

/** The ceiling of the wait before the second POST; it doubles. Full jitter below it. */
const RETRY_MS = 1000
const SHORTEST_MS = 10
const LONGEST_MS = 60 * 60_000
/** Between two lookups, in milliseconds: five take ten seconds at least, and a customer waits. */
const LOOKUP_MS = 2500
/** The longest wait between two lookups of a submission of an earlier process, which go by the schedule. */
const RECOVERY_MS = 30_000
/** Once the retry quota is spent: one poll in this time. */
const OUTAGE_MS = 30_000

/** What a delay is made of. All times in milliseconds. */
export interface DelayInput {
  readonly schedule: Schedule
  readonly random: () => number
  /** The number of polls, or of lookups where there is no task. */
  readonly polls: number
  readonly elapsedMs: number
}

/** Before the next POST of a submission that was tried so often. */
export const retryDelay = (tries: number, random: () => number): number =>
  Math.round(draw(random) * RETRY_MS * 2 ** (tries - 1))

/** Before the next poll of a task. `invalid` is called if the schedule gave no delay; the default one then does. */
export function pollDelay(
  input: DelayInput & ScheduledTask,
  retryQuota: number | undefined,
  invalid: () => void,
): number {
  const proposal = Math.min(LONGEST_MS, propose(input, invalid))
  return Math.round(Math.max(SHORTEST_MS, retryQuota === 0 ? OUTAGE_MS : 0, proposal))
}

/** Before the next lookup of a run. One of an earlier process, with a `recovery`, is long, and goes by the schedule. */
export const lookupDelay = (random: () => number, recovery: DelayInput | undefined, invalid: () => void): number =>
  Math.round(
    recovery
      ? Math.max(LOOKUP_MS, Math.min(RECOVERY_MS, propose(recovery, invalid)))
      : LOOKUP_MS * (1 + 0.4 * draw(random)),
  )

/** A number from 0 to 1, also where the application's own fails. */
function draw(random: () => number): number {
  try {
    const drawn = +random()
    if (drawn >= 0 && drawn <= 1) return drawn
  } catch {}
  return Math.random()
}

function propose({ schedule, random, ...known }: DelayInput & ScheduledTask, invalid: () => void): number {
  const input: ScheduleInput = { ...known, random: () => draw(random) }
  try {
    const delayMs = schedule(input)
    if (Number.isFinite(delayMs) && delayMs >= 0) return delayMs
  } catch {}
  invalid()
  return sqrtSchedule()(input)
}
