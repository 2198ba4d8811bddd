/** What `onEvent` is told: enough for a log, metrics and traces. Allow-listed fields only, none of a request's body. */
import type { TransactionErrorCode } from '../errors/transaction-error.ts'
import type { LossReason } from '../transport/attempt.ts'

/** Which exchange a record is about. */
export type Operation = 'submit' | 'status' | 'result' | 'lookup'

/** Which payment a record is about; none, when the journal as a whole failed. */
export interface EventSubject {
  readonly requestKey?: string | undefined
  readonly trackingId?: string | undefined
  readonly requestId?: string | undefined
}

/**
 * `unexpected-answer`: an answer that is nothing the protocol knows. `untrusted-url`: the gateway named task URLs that
 * are not under the base URL, and the task's own were used. `journal-failed`: the payment would not survive a crash.
 * `schedule-invalid`: the default schedule was used instead. `schedule-failed`: a schedule could not load, learn or keep
 * what it learned.
 */
export type Warning = 'unexpected-answer' | 'untrusted-url' | 'journal-failed' | 'schedule-invalid' | 'schedule-failed'

/** One thing that happened. */
export type EventDetails =
  | {
      /** One HTTP exchange, and what its answer was read as. */
      readonly type: 'attempt'
      readonly operation: Operation
      /** The how-manieth of this payment and operation, from 1. */
      readonly attempt: number
      readonly answer: string
      readonly durationMs: number
      /** 0 when no answer was seen. */
      readonly httpStatus: number
      readonly gatewayRequestId?: string | undefined
    }
  | {
      /** An exchange whose answer was not seen, or was nothing the protocol knows. */
      readonly type: 'lost'
      readonly operation: Operation
      readonly reason: LossReason | 'unexpected'
    }
  | {
      /** The same POST will be sent again, under the same `RequestID`. */
      readonly type: 'retry'
      readonly operation: 'submit'
      readonly delayMs: number
    }
  | {
      /** The outcome is known, or known to be unknown. */
      readonly type: 'settled'
      readonly status: 'result' | 'unknown' | 'error'
      readonly code?: TransactionErrorCode
      readonly via?: 'task' | 'webhook' | 'lookup'
    }
  | {
      /** Something that did not stop the payment, and that somebody should look at. */
      readonly type: 'warning'
      readonly warning: Warning
    }

export type ClientEvent = EventSubject & EventDetails
