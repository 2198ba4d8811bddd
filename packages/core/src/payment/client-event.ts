/** The events of a client: enough for a log, metrics and traces. Listed fields only, none of a request's body. */
import type { TransactionErrorCode } from '../errors/transaction-error.ts'
import type { LossReason } from '../transport/attempt.ts'
import type { Ending } from './record.ts'

/** The kind of an HTTP exchange. */
export type Operation = 'submit' | 'status' | 'result' | 'lookup'

/** The payment that an event is about; none, when the journal as a whole failed. */
export interface EventSubject {
  readonly requestKey?: string | undefined
  readonly trackingId?: string | undefined
  readonly requestId?: string | undefined
}

/**
 * `unexpected-answer`: a response that is nothing the protocol knows. `untrusted-url`: the gateway named task URLs that
 * are not under the base URL, and the task's own were used. `journal-failed`: the payment would not survive a crash.
 * `schedule-invalid`: the default schedule was used instead. `schedule-failed`: a schedule could not load, learn or keep
 * its estimates. `kept-response`: a service worker answered with a response that it had kept, so that an error which the
 * gateway returns once may be swallowed.
 */
export type Warning =
  | 'unexpected-answer'
  | 'untrusted-url'
  | 'journal-failed'
  | 'schedule-invalid'
  | 'schedule-failed'
  | 'kept-response'

/** One event. */
export type EventDetails =
  | {
      /** One HTTP exchange, and the meaning of its response. */
      readonly type: 'attempt'
      readonly operation: Operation
      /** Attempt number for this operation, starting at 1. */
      readonly attempt: number
      readonly answer: string
      readonly durationMs: number
      /** 0 when no response came. */
      readonly httpStatus: number
      readonly gatewayRequestId?: string | undefined
      /** A token proxy answered as it did an earlier POST of this attempt, perhaps with another card, and sent nothing. */
      readonly replayed?: boolean
    }
  | {
      /** An exchange whose response was lost, or is nothing the protocol knows. */
      readonly type: 'lost'
      readonly operation: Operation
      readonly reason: LossReason | 'unexpected'
      /** The fault beneath, where the runtime names it: `ECONNREFUSED`, say. */
      readonly cause?: string | undefined
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
      /** A fault that did not stop the payment, and that needs a look. */
      readonly type: 'warning'
      readonly warning: Warning
    }

export type ClientEvent = EventSubject & EventDetails

/** The event of an end. */
export const settlement = (ending: Ending): EventDetails => ({
  type: 'settled',
  status: ending.status,
  ...(ending.status === 'error' && { code: ending.code }),
  ...(ending.status === 'result' && { via: ending.via }),
})
