/** A task as an Observable of rxjs. */
import type { TaskState, TransactionTask } from '@async-transaction/core'
import { from, type Observable, tap } from './peers.ts'

/** Whose state it is: a state alone names nothing that one could ask by. */
const owners = new WeakMap<TaskState, TransactionTask>()

/** The task that a state came from, if it came through `fromTask`. */
export const ownerOf = (state: TaskState): TransactionTask | undefined => owners.get(state)

/**
 * The states of a task, the current one first: `processing* → completed? → result | unknown`. Subscribing submits
 * nothing, and all subscribers share the gateway's answers. Unsubscribing detaches, and the payment goes on. What ends
 * the task in an error comes down the error channel as a `TransactionError`.
 *
 * @example
 * ```ts
 * fromTask(client.submit('payments', request)).subscribe(({ status }) => console.log(status))
 * ```
 */
export const fromTask = (task: TransactionTask): Observable<TaskState> =>
  from(task).pipe(tap((state) => owners.set(state, task)))
