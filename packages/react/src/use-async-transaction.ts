/** The hook: what a component sees of a payment, and how it starts one. */
import {
  type AnyTransactionError,
  type Client,
  isPending,
  type RequestOf,
  type TaskHandle,
  type Transaction,
  type TransactionTask,
  type TransactionType,
} from '@async-transaction/core'
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { createPaymentStore, first, type PaymentState } from './payment-store.ts'

export interface UseAsyncTransactionOptions<T extends TransactionType> {
  /** The type of the transaction, such as `payments`. */
  type: T
  /**
   * Looks in the client's journal when the component is mounted, and when this changes: after a reload, or a return from
   * 3-D Secure. `true` resumes the last payment whose outcome is not yet known; a `trackingId`, or that id alone, the
   * payment of that order, whatever its outcome.
   * @default false
   */
  recover?: boolean | string | { readonly trackingId: string } | undefined
  /** Throws the `error` while rendering, for an error boundary. @default false */
  throwOnError?: boolean | undefined
}

export interface AsyncTransaction<T extends TransactionType> {
  /**
   * Submits a payment, once; the same function in every render. Returns the payment there is while that is under way, in
   * doubt or paid; after an error that may have charged, asks for it again under its own key. After a decline, or an
   * error whose `effect` is `'none'`, it is a new one. While the journal is read it sends nothing: the task it returns
   * ended in the error `stopped`, whose `effect` is `'none'`.
   *
   * @throws TransactionError `request-invalid` for a request that breaks a rule; nothing was sent
   */
  readonly submit: (request: RequestOf<T>) => TransactionTask
  /** The task's current state, or `{ status: 'idle' }`; the same object until it changes. */
  readonly state: PaymentState
  readonly status: PaymentState['status']
  /** The gateway's transaction, once there is a result: paid or declined, look at its `status`. */
  readonly transaction: Transaction | undefined
  readonly error: AnyTransactionError | undefined
  /** A payment is under way, or the journal is being read: disable the button. */
  readonly isPending: boolean
  readonly task: TransactionTask | undefined
  /** Shows the task of a handle. */
  readonly resume: (handle: TaskHandle) => TransactionTask
  /**
   * Looks up the transaction of an `unknown` payment or a `gateway-error`, which becomes its result if one is found, or of a
   * payment that waits for the customer. Changes no other error.
   */
  readonly lookup: () => Promise<void>
  /** Back to `idle`. A payment that has ended is forgotten, so that `submit` may charge for its order again. */
  readonly reset: () => void
}

/**
 * Submits a transaction from an event or an action, and shows it until its outcome is known. Rendering, mounting and
 * effects never charge. Unmounting stops nothing: the payment goes on, and is asked after when a component shows it.
 *
 * @example
 * ```tsx
 * const { submit, status, transaction, isPending } = useAsyncTransaction(client, { type: 'payments', recover: true })
 * return <button disabled={isPending} onClick={() => submit(request)}>{transaction?.status ?? status}</button>
 * ```
 */
export function useAsyncTransaction<T extends TransactionType>(
  client: Client,
  { type, recover = false, throwOnError = false }: UseAsyncTransactionOptions<T>,
): AsyncTransaction<T> {
  const [store] = useState(createPaymentStore)
  const { state, task, read } = useSyncExternalStore(store.subscribe, store.getSnapshot, () => first)
  const { trackingId: order = recover as boolean | string } = recover as { trackingId?: string }
  const wanted = order ? JSON.stringify([type, order]) : undefined
  const submit = useCallback(
    (request: RequestOf<T>) => store.submit(client, type, request, wanted),
    [store, client, type, wanted],
  )
  const resume = useCallback((handle: TaskHandle) => store.resume(client, handle), [store, client])
  useEffect(() => {
    if (order && wanted) void store.recover(client, type, order, wanted)
  }, [store, client, type, order, wanted])

  const { lookup, reset } = store
  const { status } = state
  const transaction = status === 'result' ? state.transaction : undefined
  const error = status === 'error' ? state.error : undefined
  const pending = isPending(state) || (wanted !== undefined && wanted !== read)
  if (throwOnError && error) throw error
  return { submit, state, status, transaction, error, isPending: pending, task, resume, lookup, reset }
}
