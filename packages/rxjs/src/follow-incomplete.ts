/** Asking on while the customer is at their bank. Protocol section 4. */
import type { Client, FollowOptions, Transaction } from '@async-transaction/core'
import { filter, followTransaction, from, type MonoTypeOperatorFunction, mergeMap, startWith } from './peers.ts'

/**
 * Emits an `incomplete` transaction, whose `redirect_url` is where to send the customer, and goes on asking for it until
 * it is final: what it has become is emitted, too. Others pass. Unsubscribing ends the asking.
 *
 * @example
 * ```ts
 * fromTask(task).pipe(toTransaction(), followIncomplete(client)).subscribe(render)
 * ```
 */
export const followIncomplete = (
  client: Pick<Client, 'find'>,
  options?: FollowOptions,
): MonoTypeOperatorFunction<Transaction> =>
  mergeMap((transaction) => {
    const { status, uid } = transaction
    if (status !== 'incomplete' || !uid) return [transaction]
    return from(followTransaction(client, { uid }, options)).pipe(
      filter((followed) => followed.status !== status),
      startWith(transaction),
    )
  })
