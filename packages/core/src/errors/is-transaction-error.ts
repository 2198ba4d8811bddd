import type { GatewayFault, TransactionError, TransactionErrorCode } from './transaction-error.ts'
import type { UnknownOutcomeError } from './unknown-outcome-error.ts'

/** The gateway refused the request (`submit-rejected`) or its task failed (`gateway-error`), and said this of it. */
export type GatewayError = TransactionError & GatewayFault & { readonly code: 'submit-rejected' | 'gateway-error' }

/** Every error of the library, discriminated by `code`. */
export type AnyTransactionError =
  | GatewayError
  | UnknownOutcomeError
  | (TransactionError & {
      readonly code: Exclude<TransactionErrorCode, 'gateway-error' | 'submit-rejected' | 'unknown-outcome'>
    })

/** Whether `value` is an error of this library, also one made by another copy of it. */
export const isTransactionError = (value: unknown): value is AnyTransactionError =>
  value instanceof Error && value.name === 'TransactionError' && 'effect' in value
