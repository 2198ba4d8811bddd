'use client'
/** A payment in a React component: submitted once, shown until its outcome is known. */
export type { PaymentState } from './payment-store.ts'
export {
  type AsyncTransaction,
  type UseAsyncTransactionOptions,
  useAsyncTransaction,
} from './use-async-transaction.ts'
