/** What the proxy keeps, and under which keys. Plain JSON: no card data, no token, no secret. */
import type { OutcomeRecord } from '../store/outcome-store.ts'
import type { Intent } from '../token/intent-id.ts'

/** An answer that is kept: replayed as it is. */
export interface KeptAnswer {
  readonly httpStatus: number
  readonly body: object
}

/** A record that one writer at a time may change: see `withLease`. */
export interface Fenced extends OutcomeRecord {
  /** Counts the changes. */
  readonly fence: number
}

/** One intent, and what came of submitting it. */
export interface IntentRecord extends Fenced {
  /** Keyed digests of the request that was sent last, and of its means of payment. */
  readonly digest: string
  readonly instrument: string
  /**
   * When the first POST was sent that the gateway may have taken, in epoch milliseconds. None, if it certainly took none:
   * each was answered 429, 401, 403 or with a refusal.
   */
  readonly sentAt?: number
  /** A POST is under way, until then at the latest, in epoch milliseconds. */
  readonly postingUntil?: number
  /** The acknowledgement, or the gateway's refusal. */
  readonly answer?: KeptAnswer
}

/** One task at the gateway. */
export interface TaskRecord extends Fenced {
  readonly requestId: string
  /** Whose task it is: `orderKey`. Every token of the order reads it. */
  readonly order: string
  readonly intent: Intent
  /** When the gateway took it, by our clock and by its own, in epoch milliseconds. */
  readonly createdAt: number
  readonly takenAt: number
  /** A read was sent. If that stays so, whoever sent it is gone, and the answer with it. */
  readonly reading?: boolean
  /** A read was sent whose answer nobody saw. */
  readonly lost?: boolean
  readonly completed?: boolean
  /** An error that came with a "try again later", in case nothing more is known later. */
  readonly lastWords?: object
  /** What the latest read brought, for those who waited for it. */
  readonly latest?: {
    readonly operation: 'status' | 'result'
    readonly status: number
    readonly body: object
    readonly retryAfter?: number | undefined
  }
  /** The outcome: never asked for again. */
  readonly outcome?: KeptAnswer
}

/** One attempt to charge an order: a number at an amount. */
export interface OrderAttempt {
  readonly attempt: number
  readonly amount?: number | undefined
  readonly currency?: string | undefined
  /** Its `IntentIds.key`. */
  readonly intentKey: string
  /** When its latest POST left, in epoch milliseconds. */
  readonly postedAt: number
  /** What the gateway's list of transactions proved, where it was in doubt. */
  readonly verdict?: 'none' | undefined
}

/** An order: a type and a tracking id. */
export interface OrderRecord extends Fenced {
  /** The amount that may be charged: that of the token issued last. */
  readonly amount?: number | undefined
  readonly currency?: string | undefined
  /** The number to begin with: one more than the tries that the gateway listed. None if it was not asked. */
  readonly first?: number | undefined
  readonly attempts: readonly OrderAttempt[]
  /** When different submissions left, in epoch milliseconds. */
  readonly submissions: readonly number[]
  /** Its tasks, the latest first, for webhooks, which name neither the task nor the attempt. */
  readonly requestIds: readonly string[]
}

const HOUR_MS = 60 * 60_000
/** A task is known, and its outcome replayed, for as long as the gateway keeps a result. */
export const TASK_TTL_MS: number = 24 * HOUR_MS
/**
 * Much longer than the gateway remembers a `RequestID`: a late token of the same intent must not charge again. After 90
 * days without a POST the intent is forgotten, and a token that is made for it then charges.
 */
export const INTENT_TTL_MS: number = 90 * 24 * HOUR_MS

export const keyOf = (kind: 'intent' | 'task' | 'order' | 'told' | 'card', id: string): string => `${kind}/${id}`
