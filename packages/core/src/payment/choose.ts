/** The transactions of a lookup that may be ours, and the one that is. Never a guess between several. Protocol section 5. */
import { parseTime } from '../lib/clock.ts'
import type { Transaction } from '../schema/transaction.ts'
import type { Intent } from './record.ts'

/** What dates it, and the `Date` header that tells of the clocks, have whole seconds, and may be a second old. */
export const SLACK_MS = 2000
/** A successful transaction this much older pays the same order all the same. */
const PAID_BEFORE_MS = 5 * 60_000

/** What a transaction is compared with. */
export type Wanted = Pick<Intent, 'type' | 'amount' | 'currency' | 'test' | 'parentUid'> & {
  /** The only tracking id that nothing but ours can have. */
  readonly requestKey?: string | undefined
  /** The uid of ours, once it is known: then nothing else counts. */
  readonly uid?: string | undefined
}

export interface Choice {
  readonly ours?: Transaction | undefined
  readonly candidates: readonly Transaction[]
  readonly open?: boolean
}

/**
 * The one transaction that is ours, if exactly one may be or exactly one is successful; and all that may be. One without a
 * date may be older, and so is never taken for ours. While one that may be ours has no status yet, only a successful one
 * is. A capture, a void or a refund is ours by our own tracking id alone: an equal one of the same parent may be another.
 * `submittedAt` is by the gateway's clock.
 */
export function choose(transactions: readonly Transaction[], wanted: Wanted, submittedAt: number): Choice {
  const possible = transactions.filter((each) =>
    wanted.uid ? each.uid === wanted.uid : isOurs(each, wanted) && isOfNow(each, submittedAt),
  )
  const candidates = possible.filter(hasStatus)
  const open = candidates.length < possible.length
  const successful = candidates.filter(isSuccessful)
  const [ours, another] = successful.length === 1 ? successful : open ? [] : candidates
  const dated = !!wanted.uid || !Number.isNaN(parseTime(ours?.created_at))
  const certain = !another && dated && isOwn(ours, wanted)
  return { candidates, ...(ours && certain && { ours }), ...(open && { open }) }
}

/**
 * The transaction under which an order was paid, or may yet be, however old it is: the latest successful one, else the
 * latest that waits. `failed` ones are of earlier tries.
 */
export function chooseAnyAge(transactions: readonly Transaction[], wanted: Wanted): Choice {
  const possible = transactions.filter((each) => isOurs(each, wanted))
  const candidates = possible.filter(({ status }) => LIVE.includes(status))
  const open = possible.some((each) => !hasStatus(each))
  const latest = candidates.find(isSuccessful) ?? candidates[0]
  const ours = isOwn(latest, wanted) ? latest : undefined
  return { candidates, ...(ours && { ours }), ...(open && { open }) }
}

/** Whether it cannot be an equal capture, void or refund of the same parent. */
export const isOwn = (ours: Transaction | undefined, { uid, parentUid, requestKey }: Wanted): boolean =>
  parentUid === undefined || !!uid || ours?.tracking_id === requestKey

const LIVE: readonly string[] = ['successful', 'incomplete', 'pending']

const hasStatus = ({ status }: Transaction): boolean => typeof status === 'string'

/** Whether it may have come of what was submitted then, by the gateway's clock: an older `failed` says nothing about it. */
export const isOfNow = (transaction: Transaction, submittedAt: number): boolean => {
  const ageMs = submittedAt - parseTime(transaction.created_at)
  return !(ageMs > (isSuccessful(transaction) ? PAID_BEFORE_MS : SLACK_MS))
}

export const isSuccessful = ({ status }: Transaction): boolean => status === 'successful'

/** Whether type, parent, amount, currency and mode are those of the request, as far as it names them. */
export const isOurs = ({ type, amount, currency, test, parent_uid }: Transaction, wanted: Wanted): boolean =>
  agree(type, wanted.type.replace(/s$/, '')) &&
  agree(amount, wanted.amount) &&
  agree(currency, wanted.currency) &&
  agree(parent_uid, wanted.parentUid) &&
  (wanted.test === undefined || !!test === wanted.test)

const agree = (theirs: unknown, ours: unknown): boolean =>
  ours === undefined || (typeof theirs !== 'object' && `${theirs}`.toUpperCase() === `${ours}`.toUpperCase())
