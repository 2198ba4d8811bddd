/** Numbers for a progress bar. */
import type { TaskState } from '@async-transaction/core'
import { type OperatorFunction, scan } from './peers.ts'

export interface ToProgressOptions {
  /** How long a task usually takes, in milliseconds: the bar is in the middle then. @default 6000 */
  expectedMs?: number
}

/**
 * How far a task has come, from 0 up to 1, never falling; 1 when the gateway is done. The gateway tells no progress: it is
 * `state.progress` where the schedule has learned how long tasks take, and else an estimate by time.
 *
 * @example
 * ```ts
 * fromTask(task).pipe(toProgress()).subscribe((progress) => bar.value = progress)
 * ```
 */
export const toProgress = ({ expectedMs = 6000 }: ToProgressOptions = {}): OperatorFunction<TaskState, number> =>
  scan(
    (before, state) =>
      Math.max(
        before,
        state.status === 'processing' ? (state.progress ?? state.elapsedMs / (state.elapsedMs + expectedMs)) : 1,
      ),
    0,
  )
