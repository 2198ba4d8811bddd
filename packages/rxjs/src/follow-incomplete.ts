/** Follows a transaction while the customer is at their bank. Protocol section 4. */
import type { Finder, FollowOptions, Transaction } from '@async-transaction/core'
import { filter, followTransaction, from, type MonoTypeOperatorFunction, mergeMap, startWith } from './peers.ts'

/**
 * Emits an `incomplete` transaction, whose `redirect_url` is where to send the customer, and looks it up until it is final:
 * each later status is emitted, too. Others pass. It goes by the client's clock. Unsubscribing ends the lookups.
 *
 * @example
 * ```ts
 * fromTask(task).pipe(toTransaction(), followIncomplete(client)).subscribe(render)
 * ```
 */
export const followIncomplete = (client: Finder, options?: FollowOptions): MonoTypeOperatorFunction<Transaction> =>
  mergeMap((transaction) => {
    const { status, uid } = transaction
    if (status !== 'incomplete' || !uid) return [transaction]
    return from(followTransaction(client, { uid }, options)).pipe(
      filter((followed) => followed.status !== status),
      startWith(transaction),
    )
  })
