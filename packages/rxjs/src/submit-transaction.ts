/** Requests in, states out: the one operator that charges. */
import type { Client, Plural, RequestOf, TaskState, TransactionTask, TransactionType } from '@async-transaction/core'
import { fromTask } from './from-task.ts'
import { concatMap, exhaustMap, mergeMap, type OperatorFunction } from './peers.ts'

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

/** The payment of each request object, by client and type. It keeps nothing alive but what its keys keep alive. */
const payments = new WeakMap<Client, WeakMap<object, Map<string, TransactionTask>>>()

/**
 * Submits each request, and emits the states of its task.
 *
 * The same request object is the same payment, and a new object is a new one. So `retry`, `repeat`, a second subscriber,
 * or the object coming round again show what became of the first submission, and go on where it ended: a submission
 * nobody heard of is sent again under its own `RequestID`, a task the gateway took is asked after. Unsubscribing
 * detaches, and the payment goes on. The error of a task, or of a request that breaks a rule, ends the stream, as it does
 * with any operator.
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
  const byRequest = payments.get(client) ?? new WeakMap<object, Map<string, TransactionTask>>()
  payments.set(client, byRequest)

  return STRATEGIES[strategy]((request: RequestOf<T>) => {
    const byType = byRequest.get(request) ?? new Map<string, TransactionTask>()
    const known = byType.get(type)
    // Once it is taken it is never posted again: the gateway forgets a `RequestID` after 24 hours.
    const task = known?.handle
      ? client.resume(known.handle)
      : client.submit(type as Plural<T>, request, known && { requestKey: known.requestKey })
    byRequest.set(request, byType.set(type, task))
    return fromTask(task)
  })
}
