/** One emission per status. */
import type { TaskState } from '@async-transaction/core'
import { distinctUntilChanged, type MonoTypeOperatorFunction } from './peers.ts'

/** Drops a state whose status its task has just shown: of many `processing`, the first. No other task's state is dropped. */
export const distinctStatus = <T extends TaskState>(): MonoTypeOperatorFunction<T> =>
  // Results found by a lookup may have no id, and then may be of two payments.
  distinctUntilChanged((a, b) => a.status === b.status && !!a.requestId && a.requestId === b.requestId)
