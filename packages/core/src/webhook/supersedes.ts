import type { Transaction } from '../schema/transaction.ts'

/**
 * Whether `next` is news about the same transaction: webhooks repeat and overtake each other, and a late `failed` never
 * takes back a `successful`. Protocol section 6.
 *
 * @example
 * ```ts
 * if (supersedes(orders.transactionOf(next.uid), next)) await orders.save(next)
 * ```
 */
export const supersedes = (previous: Transaction | undefined, next: Transaction): boolean =>
  previous === undefined || rank(next) > rank(previous)

const rank = ({ status }: Transaction): number =>
  status === 'successful' ? 2 : status === 'incomplete' || status === 'pending' ? 0 : 1
