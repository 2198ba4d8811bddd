/**
 * One order, one charge: decides the number of an attempt when a token is issued, and enforces the decision where the money
 * leaves, whatever tokens are about.
 */
import { parseTime, RETENTION_MS, readTransaction, SLACK_MS, type Transaction } from '@async-transaction/core/protocol'
import { type Answer, orderTaken, tooMany, unavailable } from '../answer.ts'
import type { Settings } from '../options.ts'
import { type CheckedIntent, type Grant, type GrantedCharge, unanswered } from '../token/grant.ts'
import { type Intent, intentOf, orderKey } from '../token/intent-id.ts'
import { type AttemptStatus, attemptStatus, type KnownAttempt } from './attempt-status.ts'
import { fenceOf } from './fenced.ts'
import { type Listing, listOrder } from './list-order.ts'
import { loadAttempt } from './load-attempt.ts'
import { type RecordStore, StoreError } from './record-store.ts'
import { INTENT_TTL_MS, keyOf, type OrderAttempt, type OrderRecord } from './records.ts'

export interface Orders {
  /** Decides the attempt of a token. */
  grant(checked: CheckedIntent): Promise<GrantedCharge>
  /** Notes that a POST of the intent leaves; or the answer that refuses it. */
  admit(grant: Grant, submission: Submission): Promise<Answer | undefined>
}

export interface Submission {
  readonly intentKey: string
  /** An earlier POST of this intent may have been taken, and this one repeats it. */
  readonly repeats: boolean
}

interface StatedAttempt extends KnownAttempt {
  readonly status: AttemptStatus
}

/** A decision, and the record that goes with it if it changes. */
type Decision<T> = { readonly result: T; readonly next?: Partial<OrderRecord> }

const EMPTY: OrderRecord = { fence: 0, writer: '', attempts: [], submissions: [] }
/** Decisions on one order at once; more are a fault. */
const MOST_TRIES = 20
const RETRY_MS = 20
/** Transactions that took money, or may yet. */
const LIVE: readonly unknown[] = ['successful', 'incomplete', 'pending']
const FINAL: readonly unknown[] = ['failed', 'expired']

export function createOrders(settings: Settings, records: RecordStore): Orders {
  const { clock, gateway, limits } = settings

  return {
    grant(checked) {
      const { attempt, ...rest } = checked
      const intent = intentOf({ ...rest, attempt: 1 })
      const charge = (number: number, more: Partial<GrantedCharge> = {}): GrantedCharge => ({
        ...rest,
        attempt: number,
        ...more,
      })
      return change(intent, async (record) => {
        const known = await stated(record?.attempts ?? [])
        const { number, readOnly, verdicts, first } =
          attempt === 'next'
            ? await decide(intent, record, known)
            : { number: attempt, readOnly: isBusy(known, intent, attempt) }
        if (readOnly) return { result: charge(number, { readOnly }) }
        const unchanged = record && sameAmount(record, intent) && !verdicts && !first
        return { result: charge(number), ...(!unchanged && { next: opened(intent, record, verdicts, first) }) }
      })
    },

    admit(grant, { intentKey, repeats }) {
      const intent = intentOf(grant)
      return change<Answer | undefined>(intent, async (record) => {
        if (!record) {
          const listing = await listOrder(settings, intent)
          if (!listing) return { result: unavailable() }
          if (listing.transactions.some((each) => (grant.named ? isPaid(each) : isLive(each))))
            return { result: orderTaken() }
        }
        const { attempts, submissions } = record ?? EMPTY
        if (record && !sameAmount(record, intent) && !repeats) return { result: orderTaken() }
        const others = attempts.filter((entry) => entry.intentKey !== intentKey)
        for (const { entry, status } of await stated(others))
          if (!(status === 'none' || (isPassable(status) && grant.named && entry.attempt < grant.attempt)))
            return { result: orderTaken() }
        const now = clock.now()
        const { max, windowMs } = limits.cards
        const recent = submissions.filter((at) => now - at < windowMs)
        const [oldest = now] = recent
        if (!repeats && recent.length >= max) return { result: tooMany(Math.ceil((oldest + windowMs - now) / 1000)) }
        const { amount, currency, attempt } = intent
        const own: OrderAttempt = { attempt, amount, currency, intentKey, postedAt: now }
        return {
          result: undefined,
          next: {
            ...(record ? {} : { amount, currency, first: attempt }),
            attempts: [...others, own],
            submissions: repeats ? recent : [...recent, now],
          },
        }
      })
    },
  }

  /** The number of the next attempt. The gateway is asked where this store does not know. */
  async function decide(
    intent: Intent,
    record: OrderRecord | undefined,
    known: readonly StatedAttempt[],
  ): Promise<Decided> {
    const last = Math.max(0, ...known.map(({ entry }) => entry.attempt))
    const open = known.filter(({ status }) => isPassable(status))
    const isNew = known.length === 0 && !record?.first
    const taken = known.some(({ status }) => status === 'paid' || status === 'running')
    if (taken) return same(last, known, intent)
    if (!isNew && open.length === 0) return { number: Math.max(record?.first ?? 1, last + 1) }

    const listing = await listOrder(settings, intent)
    if (!listing) throw unanswered(intent.trackingId)
    const { transactions } = listing
    const readOnly = transactions.some(isLive)
    if (isNew && readOnly) return { number: Math.max(1, transactions.length), readOnly }
    if (isNew) return { number: transactions.length + 1, first: transactions.length + 1 }
    // A submission of the last attempt is answered with its acknowledgement, and sent nowhere.
    if (readOnly && known.some(({ entry, status }) => entry.attempt === last && status === 'waiting'))
      return same(last, known, intent)
    if (readOnly) return { number: last, readOnly }
    const verdicts = cleared(open, known, listing, clock.now())
    return verdicts.length < open.length ? same(last, known, intent) : { number: last + 1, verdicts }
  }

  function stated(entries: readonly OrderAttempt[]): Promise<StatedAttempt[]> {
    return Promise.all(
      entries.map(async (entry) => {
        const known = entry.verdict ? { entry } : await loadAttempt(records, entry)
        return { ...known, status: attemptStatus(known, clock.now()) }
      }),
    )
  }

  /** Decides on the order as it is, and stores the decision before another one can be made. */
  async function change<T>(
    intent: Pick<Intent, 'type' | 'trackingId' | 'test'>,
    decideOn: (record: OrderRecord | undefined) => Promise<Decision<T>>,
  ): Promise<T> {
    const key = keyOf('order', await orderKey(intent, gateway))
    const writer = crypto.randomUUID()
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      const record = await records.get<OrderRecord>(key)
      const { result, next } = await decideOn(record)
      const decided = next && { ...EMPTY, ...record, ...next, fence: fenceOf(record) + 1, writer }
      if (!decided || (await records.set(key, decided, INTENT_TTL_MS))) return result
      await records.sleep(RETRY_MS * tries * settings.random())
    }
    throw new StoreError('The order is changed by too many at once')
  }
}

/** A decision on the number of an attempt. */
interface Decided {
  readonly number: number
  readonly readOnly?: boolean
  /** Attempts that the gateway's list proves to have taken no money. */
  readonly verdicts?: readonly OrderAttempt[]
  /** The first number of an order that the store did not know. */
  readonly first?: number
}

/** The attempt that may have taken money, once more. At another amount its token only reads. */
const same = (number: number, known: readonly StatedAttempt[], intent: Intent): Decided => ({
  number,
  readOnly: known.some(({ entry, status }) => status !== 'none' && !sameAmount(entry, intent)),
})

function opened(
  { amount, currency }: Intent,
  record: OrderRecord | undefined,
  verdicts: readonly OrderAttempt[] = [],
  first = record?.first,
): Partial<OrderRecord> {
  const attempts = (record?.attempts ?? []).map((entry) =>
    verdicts.includes(entry) ? { ...entry, verdict: 'none' as const } : entry,
  )
  return { amount, currency, first, attempts }
}

/** Whether what may have taken money has another amount, and is not passed over by the number that the shop named. */
const isBusy = (known: readonly StatedAttempt[], intent: Intent, attempt: number): boolean =>
  known.some(
    ({ entry, status }) =>
      status !== 'none' && !sameAmount(entry, intent) && !(isPassable(status) && entry.attempt < attempt),
  )

/** What a shop may pass over by naming a number. */
const isPassable = (status: AttemptStatus): boolean => status === 'waiting' || status === 'doubt'

const sameAmount = (one: { amount?: number | undefined; currency?: string | undefined }, other: Intent): boolean =>
  one.amount === other.amount && one.currency === other.currency

const isPaid = ({ status }: Transaction): boolean => status === 'successful'

/** One without a status, or of a status that nobody knows, may yet take money. */
const isLive = ({ status }: Transaction): boolean => LIVE.includes(status) || !FINAL.includes(status)

/**
 * The open attempts that took no money, by the gateway's list, in which nothing is live: each that has a failed transaction
 * of its own, or none a day after its last POST.
 */
function cleared(
  open: readonly StatedAttempt[],
  known: readonly StatedAttempt[],
  { transactions, skewMs }: Listing,
  now: number,
): readonly OrderAttempt[] {
  const ofOthers = known.filter((one) => !open.includes(one)).map(uidOf)
  const left = transactions.filter(({ uid }) => !uid || !ofOthers.includes(uid))
  return open
    .filter((one) => {
      const { entry, intent } = one
      const sentAt = (intent?.sentAt ?? entry.postedAt) + skewMs - SLACK_MS
      const uid = uidOf(one)
      const own = left.findIndex((each) =>
        uid ? each.uid === uid : agrees(each, entry) && parseTime(each.created_at) >= sentAt,
      )
      if (own >= 0) left.splice(own, 1)
      return own >= 0 || (!uid && now - entry.postedAt >= RETENTION_MS)
    })
    .map(({ entry }) => entry)
}

const uidOf = ({ task }: KnownAttempt): string | undefined => readTransaction(task?.outcome?.body)?.uid

const agrees = ({ amount, currency }: Transaction, entry: OrderAttempt): boolean =>
  (entry.amount === undefined || amount === entry.amount) &&
  (entry.currency === undefined || currency?.toUpperCase() === entry.currency)
