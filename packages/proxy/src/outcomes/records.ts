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
  /** Keyed digest of the request that was sent last. */
  readonly digest: string
  /**
   * When the first POST was sent that the gateway may have taken, in epoch milliseconds. None, if it certainly took none:
   * each was answered 429, 401, 403 or with a refusal.
   */
  readonly sentAt?: number
  /** The acknowledgement, or the gateway's refusal. */
  readonly answer?: KeptAnswer
}

/** One task at the gateway. */
export interface TaskRecord extends Fenced {
  readonly requestId: string
  /** Whose task it is: `IntentIds.key`. */
  readonly intentKey: string
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

/** The tasks of an order, the latest first, for webhooks, which name neither the task nor the attempt. */
export interface OrderRecord extends Fenced {
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
