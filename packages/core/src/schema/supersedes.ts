import { parseTime } from '../lib/clock.ts'
import type { Transaction } from './transaction.ts'

/**
 * Whether `next` is news about the same transaction: webhooks repeat and overtake each other, and a late `failed` never
 * takes back a `successful`. A correction by the gateway's support does: of two states of one transaction, the one with
 * the newer `manually_corrected_at` counts, whatever its status. Protocol sections 4 and 6.
 *
 * @example
 * ```ts
 * if (supersedes(orders.transactionOf(next.uid), next)) await orders.save(next)
 * ```
 */
export function supersedes(previous: Transaction | undefined, next: Transaction): boolean {
  if (!previous) return true
  const corrected = previous.uid === next.uid ? correctedAt(next) - correctedAt(previous) : 0
  return corrected === 0 ? rankOf(next) > rankOf(previous) : corrected > 0
}

/** When it was corrected last, in epoch milliseconds; 0 if it never was, or at a time that cannot be read. */
const correctedAt = ({ manually_corrected_at: at }: Transaction): number => parseTime(at) || 0

const rankOf = ({ status }: Transaction): number =>
  status === 'successful' ? 2 : status === 'incomplete' || status === 'pending' ? 0 : 1
