/** Checks of tasks that no page polls, for runtimes without alarms. */
import { TransactionError } from '@async-transaction/core'
import type { Settings } from '../options.ts'
import type { TaskCheck } from './read-task.ts'
import type { RecordStore } from './record-store.ts'
import { keyOf } from './records.ts'

export interface SweepOptions {
  /** The most tasks to check. @default 100 */
  readonly limit?: number
}

/** Checks at once. */
const CONCURRENCY = 8

export function createSweep(
  { outcomes, clock }: Settings,
  records: RecordStore,
  check: (requestId: string) => Promise<TaskCheck>,
): (options?: SweepOptions) => Promise<number> {
  const taskKey = keyOf('task', '')
  return async ({ limit = 100 } = {}) => {
    if (!outcomes.due)
      throw new TransactionError({
        code: 'config',
        effect: 'none',
        message: 'outcomes must have due() for sweep(): the store cannot tell which tasks are due',
      })
    const due = await records.due(clock.now(), limit)
    const left = due.filter((key) => key.startsWith(taskKey))
    const next = async (): Promise<void> => {
      // A task that cannot be checked now is still due at the next sweep.
      for (let key = left.shift(); key; key = left.shift()) await check(key.slice(taskKey.length)).catch(() => {})
    }
    const { length } = left
    await Promise.all(Array.from({ length: CONCURRENCY }, next))
    return length
  }
}
