/** Numbers for a progress bar. */
import type { TaskState } from '@async-transaction/core'
import { map, type OperatorFunction, scan } from './peers.ts'

export interface ToProgressOptions {
  /**
   * How long a task usually takes, in milliseconds: the bar is in the middle then. For schedules that do not learn it.
   * @default 6000
   */
  expectedMs?: number | undefined
}

/**
 * The progress of a task, from 0 up to 1; it falls only when another task begins. With a schedule that has learned how long
 * tasks take, it is the share of tasks that are done by now. Otherwise it is an estimate by time, which comes ever closer to
 * 1 while it is `processing`, since the gateway tells no progress. It is 1 when the gateway is done.
 *
 * @example
 * ```ts
 * fromTask(task).pipe(toProgress()).subscribe((progress) => bar.value = progress)
 * ```
 */
export const toProgress =
  ({ expectedMs = 6000 }: ToProgressOptions = {}): OperatorFunction<TaskState, number> =>
  (states) => {
    // At least a millisecond: nothing by nothing is no number.
    const middleMs = Math.max(1, expectedMs || 0)
    const progressOf = (state: TaskState): number =>
      state.status === 'processing' ? (state.progress ?? state.elapsedMs / (state.elapsedMs + middleMs)) : 1
    return states.pipe(
      scan<TaskState, Shown, Shown>(
        // A schedule may have its estimates later than the first state.
        ([least, of], state) => [Math.max(state.requestId === of ? least : 0, progressOf(state)), state.requestId],
        [0, ''],
      ),
      map(([progress]) => progress),
    )
  }

type Shown = readonly [progress: number, of: string | undefined]
