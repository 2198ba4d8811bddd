/** Only what is final. */
import type { ResultState, TaskState, UnknownState } from '@async-transaction/core'
import { filter, type OperatorFunction } from './peers.ts'

/** Lets the final states through, `result` and `unknown`, and no other. */
export const settled = (): OperatorFunction<TaskState, ResultState | UnknownState> =>
  filter((state): state is ResultState | UnknownState => state.status === 'result' || state.status === 'unknown')
