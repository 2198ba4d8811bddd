/** States and transactions by one letter each, for marble diagrams, and tasks that follow one. */
import type { TaskHandle, TaskState, Transaction, TransactionTask } from '@async-transaction/core'
import type { ObservableInput } from 'rxjs'

const processing = (requestId: string, elapsedMs: number): TaskState => ({
  status: 'processing',
  requestId,
  polls: 0,
  elapsedMs,
  nextPollMs: 1000,
})
const successful: Transaction = { status: 'successful', uid: 'uid-1' }

/** `p`, `q`: processing, at 0 and at 6 seconds; `c`: completed; `r`: result; `u`: unknown. Capitals: of another task. */
export const states = {
  p: processing('1', 0),
  q: processing('1', 6000),
  c: { status: 'completed', requestId: '1' },
  r: { status: 'result', requestId: '1', transaction: successful, body: { transaction: successful }, via: 'task' },
  u: { status: 'unknown', requestId: '1', cause: 'answer-lost', candidates: [] },
  P: processing('2', 0),
  R: { status: 'result', requestId: '2', body: { balance: 5 }, via: 'task' },
} satisfies Record<string, TaskState>

export const transactions = {
  s: successful,
  f: { status: 'failed', uid: 'uid-1' },
  i: { status: 'incomplete', uid: 'uid-1', redirect_url: 'https://bank.test' },
  n: { status: 'pending', uid: 'uid-1' },
} satisfies Record<string, Transaction>

/** A task that shows what `observed` emits. */
export const taskOf = (observed: ObservableInput<TaskState>, fields: Partial<TransactionTask> = {}): TransactionTask =>
  Object.assign(observed, { requestKey: 'key-1', ...fields }) as unknown as TransactionTask

export const handle = { v: 1, requestId: '1', requestKey: 'key-1' } as TaskHandle
