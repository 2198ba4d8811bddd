/**
 * The list that lookups read (protocol section 5). The books are always right; the list may lag behind them, and
 * `listedWhileProcessing` decides how it shows a transaction between the acknowledgement and its first state.
 */
import type { Clock } from '../clock.ts'
import type { Switches } from '../switches.ts'
import { belongsTo, type Entry } from './entry.ts'
import { type SandboxTransaction, standardAnswer } from './standard-answer.ts'

/** A transaction in a lookup; one in the middle of processing may lack its `status`. */
export type ListedTransaction = Omit<SandboxTransaction, 'status'>

export interface Listing {
  /** Lists a transaction that was acknowledged and is not processed yet. */
  begin(entry: Entry): void
  /** Lists a transaction in its new state. */
  update(entry: Entry): void
  /** Takes back what `begin` listed: the task ended without a transaction. */
  withdraw(uid: string): void
  byUid(shopId: string, uid: string): ListedTransaction | undefined
  /** Those of a shop under a tracking id: the ten latest, newest first. */
  latest(shopId: string, trackingId: string): ListedTransaction[]
  /** The tracking id of a transaction that is listed, or will be after the lag. */
  trackingIdOf(uid: string): string | undefined
}

/** One state of a transaction; without an entry it is off the list again. */
interface State {
  readonly since: number
  readonly entry: Entry | undefined
  readonly processing: boolean
}

export function createListing(options: {
  readonly clock: Clock
  readonly lagMs: number
  readonly whileProcessing: Switches['listedWhileProcessing']
}): Listing {
  const { clock, lagMs, whileProcessing } = options
  /** The states of each transaction that are not outdated, oldest first. */
  const histories = new Map<string, State[]>()
  const byTrackingId = new Map<string, Set<string>>()

  /** The state that shows by now. Without a lag that is the latest one, also while the clock is set back. */
  const visible = (history: readonly State[] = []): State | undefined => {
    const until = lagMs === 0 ? Number.POSITIVE_INFINITY : clock.now() - lagMs
    return history.findLast(({ since }) => since <= until)
  }

  const append = (uid: string, state: State): void => {
    const history = [...(histories.get(uid) ?? []), state]
    const shown = visible(history)
    histories.set(uid, shown ? history.slice(history.indexOf(shown)) : history)
    const trackingId = state.entry?.order.listedUnder ?? state.entry?.order.trackingId
    if (typeof trackingId !== 'string') return
    byTrackingId.set(trackingId, (byTrackingId.get(trackingId) ?? new Set()).add(uid))
  }

  const show = ({ entry, processing }: State & { entry: Entry }): ListedTransaction => {
    const { transaction } = standardAnswer(entry)
    if (!processing || whileProcessing === 'incomplete') return transaction
    const { status, ...rest } = transaction
    return rest as ListedTransaction
  }

  const isListed = (shopId: string, state: State | undefined): state is State & { entry: Entry } =>
    state?.entry !== undefined && belongsTo(state.entry, shopId)

  return {
    begin(entry) {
      if (whileProcessing === 'nothing') return
      append(entry.uid, { since: clock.now(), entry, processing: true })
    },
    update(entry) {
      // A transaction that is dated ahead shows as soon as one of today.
      append(entry.uid, { since: Math.min(entry.updatedAt, clock.now()), entry, processing: false })
    },
    withdraw(uid) {
      if (histories.has(uid)) append(uid, { since: clock.now(), entry: undefined, processing: false })
    },
    byUid(shopId, uid) {
      const state = visible(histories.get(uid))
      return isListed(shopId, state) ? show(state) : undefined
    },
    latest(shopId, trackingId) {
      return [...(byTrackingId.get(trackingId) ?? [])]
        .map((uid) => visible(histories.get(uid)))
        .filter((state) => isListed(shopId, state))
        .sort((a, b) => a.entry.order.takenAt - b.entry.order.takenAt)
        .reverse()
        .slice(0, 10)
        .map(show)
    },
    trackingIdOf: (uid) => histories.get(uid)?.findLast(({ entry }) => entry)?.entry?.order.trackingId ?? undefined,
  }
}
