/** When a task is to be checked if no page asks for it: `proxy.sweep()` goes by that. */
import { RETENTION_MS } from '@async-transaction/core/protocol'
import type { Settings } from '../options.ts'
import type { TaskRecord } from './records.ts'

/** Longer than a page pauses that polls by the default schedule. */
const IDLE_MS = 5000
const LONGEST_MS = 10 * 60_000

/** The time in epoch milliseconds; nothing if there is nothing left to do. `retryAfter` is in seconds. */
export function dueAfter(
  { clock, outcomes, onOutcome }: Pick<Settings, 'clock' | 'outcomes' | 'onOutcome'>,
  { createdAt, outcome }: Pick<TaskRecord, 'createdAt' | 'outcome'>,
  retryAfter = 0,
): number | undefined {
  const now = clock.now()
  const ageMs = now - createdAt
  if (!outcomes.due || (outcome && !onOutcome) || ageMs >= RETENTION_MS) return undefined
  return now + Math.max(Math.min(LONGEST_MS, Math.max(IDLE_MS, ageMs / 10)), retryAfter * 1000)
}
