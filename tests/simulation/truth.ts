/** What the gateway will make of a payment, and how it shows it. */

/** A status that comes so long after the gateway took the payment, or after it was done. */
interface Later {
  readonly status: string
  readonly afterMs: number
}

/** What the gateway will make of a payment, decided before it begins. */
export interface Truth {
  /** `refused`: the gateway does not take it, and says so in its own shape. */
  readonly kind: 'successful' | 'failed' | 'incomplete' | 'error' | 'refused'
  /** How long it works on it. */
  readonly latencyMs: number
  /** Of an `error`: whether the card was charged all the same. */
  readonly charged: boolean
  /** Of an `error`: its HTTP status. With 429 it says to try again, and still says it once. */
  readonly errorStatus: number
  /** Of an `error`: with complaints by field, as for a mistyped card. @default a message alone */
  readonly errorShape?: 'fields'
  /** Another attempt at the same order, made by somebody else a moment later, and listed beside ours. */
  readonly rival?: string
  /** Another attempt at the same order, made so long after ours was taken, and listed at once. */
  readonly laterTry?: Later
  /** When the gateway loses the task, after it was taken. */
  readonly forgottenAfterMs?: number
  /** The result says `processing` for this long after `completed` was said. */
  readonly resultLagMs: number
  readonly processingStatus: 200 | 202 | 425
  /** How a transaction is listed that the gateway works on. @default not at all */
  readonly middle?: 'incomplete' | 'no-status'
  /** Lookups show what was so long ago. */
  readonly listLagMs?: number
  /** The customer comes back from 3-D Secure so long after it was done. */
  readonly becomes?: Later
  /** Support corrects it by hand so long after it was done. */
  readonly corrected?: Later
}
