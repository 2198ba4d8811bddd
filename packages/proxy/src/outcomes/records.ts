/** What the proxy keeps, and under which keys. Plain JSON: no card data, no token, no secret. */
import type { Intent } from '../token/intent-id.ts'
import type { Fenced } from './fenced.ts'

/** An answer that is kept: replayed as it is. */
export interface KeptAnswer {
  readonly httpStatus: number
  readonly body: object
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
  /** A POST of the charge was in doubt before this task was accepted. */
  readonly inDoubt?: boolean
  /** The lease under which a read was sent. If that stays so, its holder died, and the answer with it. */
  readonly reading?: string
  /** A read was sent whose answer was not seen. */
  readonly lost?: boolean
  readonly completed?: boolean
  /** The fencing number of the latest read that found the task in progress or completed. */
  readonly alive?: number
  readonly lastWords?: LastWords
  /** The gateway no longer knows the task. */
  readonly gone?: boolean
  /** Lookups in a row that were answered, since the gateway forgot the task or repeats an error. */
  readonly lookups?: { readonly answered: number; readonly empty: number; readonly since: number }
  /** What the latest read brought, for those who waited for it. */
  readonly latest?: {
    readonly operation: 'status' | 'result'
    readonly status: number
    readonly body: object
    readonly retryAfter?: number | undefined
  }
  /** The outcome: the gateway is never asked for it again. */
  readonly outcome?: KeptAnswer
  /** When the task is to be checked, if no page asks for it until then, in epoch milliseconds. */
  readonly dueAt?: number
}

/** An error that is not confirmed: it may be of another server on the way. Protocol section 1. */
export interface LastWords {
  readonly httpStatus: number
  readonly body: object
  /** The fencing number of the read that brought them: a later one that finds the task in progress refutes them. */
  readonly read: number
  /** How many times in a row. */
  readonly times: number
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
