/** The outcome could not be learned. Protocol section 1: "404 `unknown` proves nothing". */
import { TransactionError, type TransactionErrorFields } from './transaction-error.ts'

/**
 * `result()` was asked for a transaction that nobody could give. It is neither a success nor a failure: wait for the
 * webhook, call `task.lookup()` later, or look at the `candidates` of the task's `unknown` state. Or `find()` was not
 * answered: ask again.
 */
export class UnknownOutcomeError extends TransactionError {
  declare readonly code: 'unknown-outcome'
  /** Why the gateway knows no more of the task. */
  declare readonly cause: 'not-found' | 'expired' | 'answer-lost'

  constructor(fields: Omit<TransactionErrorFields, 'code'> & { readonly cause: string }) {
    super({
      message: 'Nobody can tell what came of it: wait for the webhook, or look it up later',
      ...fields,
      code: 'unknown-outcome',
    })
  }
}
