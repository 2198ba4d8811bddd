/** Numbers for a progress bar. */
import type { TaskState } from '@async-transaction/core'
import { map, type OperatorFunction } from './peers.ts'

export interface ToProgressOptions {
  /** How long a task usually takes, in milliseconds: the bar is in the middle then. @default 6000 */
  expectedMs?: number | undefined
}

/**
 * How far a task has come, from 0 up to 1; it falls only when another task begins anew. The gateway tells no progress, so
 * this is an estimate by time that comes ever closer to 1 while it is `processing`, and is 1 when the gateway is done.
 *
 * @example
 * ```ts
 * fromTask(task).pipe(toProgress()).subscribe((progress) => bar.value = progress)
 * ```
 */
export const toProgress = ({ expectedMs = 6000 }: ToProgressOptions = {}): OperatorFunction<TaskState, number> => {
  // At least a millisecond: nothing by nothing is no number.
  const middleMs = Math.max(1, expectedMs || 0)
  return map((state) => (state.status === 'processing' ? state.elapsedMs / (state.elapsedMs + middleMs) : 1))
}
