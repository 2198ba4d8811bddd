/** From states to what the gateway said in the end. */
import type { TaskState, Transaction } from '@async-transaction/core'
import { ownerOf } from './from-task.ts'
import { map, type OperatorFunction, UnknownOutcomeError } from './peers.ts'
import { settled } from './settled.ts'

/**
 * The transaction of each result, declined or not; the whole answer for types of requests that make none. An `unknown`
 * outcome is an `UnknownOutcomeError` down the error channel: neither a success nor a failure.
 *
 * @example
 * ```ts
 * fromTask(task).pipe(toTransaction()).subscribe({ next: showReceipt, error: showError })
 * ```
 */
export const toTransaction = (): OperatorFunction<TaskState, Transaction> => (states) =>
  states.pipe(
    settled(),
    map((state) => {
      if (state.status === 'result') return state.transaction ?? (state.body as Transaction)
      const { requestKey, trackingId } = ownerOf(state) ?? {}
      throw new UnknownOutcomeError({ cause: state.cause, requestId: state.requestId, requestKey, trackingId })
    }),
  )
