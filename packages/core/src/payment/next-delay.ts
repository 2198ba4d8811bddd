/** The wait before the next exchange. The schedule proposes; floors and ceilings are here. */
import type { Schedule, ScheduledTask, ScheduleInput } from '../schedule/schedule.ts'
import { sqrtSchedule } from '../schedule/sqrt-schedule.ts'
import { phaseOf } from './machine.ts'
import type { PaymentRecord } from './record.ts'

/** The ceiling of the wait before the second POST; it doubles. Full jitter below it. */
const RETRY_MS = 1000
const SHORTEST_MS = 10
/** At least over this time those are spread who were told to wait equally long. */
const SPREAD_MS = 1000
const LONGEST_MS = 60 * 60_000
/** Between two lookups, in milliseconds: five take ten seconds at least, and a customer waits. */
const LOOKUP_MS = 2500
/** The longest wait between two lookups of a submission of an earlier process, which go by the schedule. */
const RECOVERY_MS = 30_000
/** Once the retry quota is spent: one poll in this time. */
const OUTAGE_MS = 30_000

interface Chance {
  readonly schedule: Schedule
  readonly random: () => number
}

/** What a delay is made of. All times in milliseconds. */
export interface DelayInput extends Chance {
  /** The number of polls, or of lookups where there is no task. */
  readonly polls: number
  readonly elapsedMs: number
}

/** Before the next exchange of `record`, whose task is so old. `invalid` is called if the schedule gave no delay. */
export function nextDelay(record: PaymentRecord, settings: Chance, elapsedMs: number, invalid: () => void): number {
  const { tries, polls, type, paymentMethod, retryQuota, recovered } = record
  const { schedule, random } = settings
  const phase = phaseOf(record)
  const input = { schedule, random, elapsedMs }
  if (phase === 'poll') return pollDelay({ ...input, type, paymentMethod, polls }, retryQuota, invalid)
  if (phase === 'submit') return tries && Math.round(draw(random) * RETRY_MS * 2 ** (tries - 1))
  const asked = record.lookups?.asked ?? 0
  if (!asked) return 0
  if (!recovered) return Math.round(LOOKUP_MS * (1 + 0.4 * draw(random)))
  return Math.max(LOOKUP_MS, Math.min(RECOVERY_MS, Math.round(propose({ ...input, polls: asked - 1 }, invalid))))
}

/** Before the next poll of a task. `invalid` is called if the schedule gave no delay; the default one then does. */
export function pollDelay(
  input: DelayInput & ScheduledTask,
  retryQuota: number | undefined,
  invalid: () => void,
): number {
  const proposal = Math.min(LONGEST_MS, propose(input, invalid))
  return Math.round(Math.max(SHORTEST_MS, retryQuota === 0 ? OUTAGE_MS : 0, proposal))
}

/** A wait that many clients were told alike, if any: chance on top keeps them from coming back together. */
export const spread = (ms: number, random: () => number): number =>
  ms > 0 ? Math.round(ms + draw(random) * Math.max(SPREAD_MS, 0.1 * ms)) : 0

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
