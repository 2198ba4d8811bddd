/** Requests in, states out: the one operator that charges. */
import type { Client, RequestOf, TaskState, TransactionType } from '@async-transaction/core'
import { fromTask } from './from-task.ts'
import { concatMap, exhaustMap, mergeMap, type OperatorFunction, submitRequest } from './peers.ts'

export interface SubmitTransactionOptions {
  /**
   * What becomes of a request while another one is under way: `'exhaust'` drops it, so that a double click is one charge;
   * `'concat'` submits it when the other has settled; `'merge'` submits it at once.
   * @default 'exhaust'
   */
  strategy?: 'exhaust' | 'concat' | 'merge' | undefined
}

/** Only the type of `exhaustMap` is the same whatever the strategy. */
const STRATEGIES = { exhaust: exhaustMap, concat: concatMap as typeof exhaustMap, merge: mergeMap as typeof exhaustMap }

/**
 * Submits each request, and emits the states of its task.
 *
 * The same request object is the same payment, and a new object is a new one. So `retry`, `repeat`, a second subscriber, or
 * an object that is emitted again show the first submission, and go on where it ended: a submission that got no response is
 * sent again under its own `RequestID`, an accepted task is polled. Unsubscribing detaches, and the payment goes on. The
 * error of a task, or of a request that breaks a rule, ends the stream, as with any operator.
 *
 * @example
 * ```ts
 * clicks.pipe(map(readForm), submitTransaction(client, 'payments')).subscribe(render)
 * ```
 */
export function submitTransaction<T extends TransactionType>(
  client: Client,
  type: T,
  { strategy = 'exhaust' }: SubmitTransactionOptions = {},
): OperatorFunction<RequestOf<T>, TaskState> {
  return STRATEGIES[strategy]((request: RequestOf<T>) => fromTask(submitRequest(client, type, request)))
}
