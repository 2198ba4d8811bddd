/** Which of the transactions under a tracking id is ours. Never a guess between several. Protocol section 5. */
import { parseTime } from '../lib/clock.ts'
import type { Transaction } from '../schema/transaction.ts'
import type { Intent } from './record.ts'

/** What dates it, and the `Date` header that tells of the clocks, have whole seconds, and may be a second old. */
export const SLACK_MS = 2000
/** A successful transaction this much older pays the same order all the same. */
const PAID_BEFORE_MS = 5 * 60_000

/**
 * The one transaction that is ours, if exactly one may be or exactly one is successful; and all that may be. One without a
 * date may be older, and so is never taken for ours.
 */
export function choose(
  transactions: readonly Transaction[],
  intent: Intent,
  submittedAt: number,
): readonly [ours: Transaction | undefined, candidates: readonly Transaction[]] {
  const candidates = transactions.filter((each) => isOurs(each, intent) && isOfNow(each, submittedAt))
  const successful = candidates.filter(isSuccessful)
  const [ours, another] = successful.length === 1 ? successful : candidates
  return [another || Number.isNaN(parseTime(ours?.created_at)) ? undefined : ours, candidates]
}

/** Whether it may have come of what was submitted then, by the gateway's clock: an older `failed` says nothing about it. */
export const isOfNow = (transaction: Transaction, submittedAt: number): boolean => {
  const ageMs = submittedAt - parseTime(transaction.created_at)
  return !(ageMs > (isSuccessful(transaction) ? PAID_BEFORE_MS : SLACK_MS))
}

export const isSuccessful = ({ status }: Transaction): boolean => status === 'successful'

/** Whether type, amount and currency are those of the request, as far as it names them. */
export const isOurs = ({ type, amount, currency }: Transaction, intent: Intent): boolean =>
  agree(type, intent.type.replace(/s$/, '')) && agree(amount, intent.amount) && agree(currency, intent.currency)

const agree = (theirs: unknown, ours: unknown): boolean =>
  ours === undefined || (typeof theirs !== 'object' && `${theirs}`.toUpperCase() === `${ours}`.toUpperCase())
