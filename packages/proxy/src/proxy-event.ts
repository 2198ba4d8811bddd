/** What `onEvent` is told: structured records for a log and for metrics. Listed fields only, never card data or tokens. */

export interface ProxySubject {
  readonly trackingId?: string | undefined
  /** The gateway's id of the task. */
  readonly requestId?: string | undefined
}

export type ProxyOperation = 'submit' | 'status' | 'result' | 'lookup' | 'webhook'

export type ProxyEvent = ProxySubject &
  (
    | {
        /** A request was answered. */
        readonly type: 'answered'
        readonly operation: ProxyOperation | 'none'
        readonly method: string
        readonly httpStatus: number
        readonly durationMs: number
      }
    | {
        /** The gateway was asked; `answer` is what its answer was read as. */
        readonly type: 'upstream'
        readonly operation: ProxyOperation
        readonly answer: string
        /** 0 when no answer was seen. */
        readonly httpStatus: number
        readonly durationMs: number
        readonly gatewayRequestId?: string | undefined
      }
    | {
        /** An outcome is kept, and from now on replayed. */
        readonly type: 'settled'
        readonly via: 'task' | 'webhook'
        readonly httpStatus: number
      }
    | {
        /** Somebody should look at this. */
        readonly type: 'warning'
        readonly warning: ProxyWarning
        /** Of `origin-refused`: the origin of the page. */
        readonly origin?: string
      }
  )

/**
 * `gateway-unauthorized`: the gateway refused the shop's credentials. `store-failed`: the outcome store did not answer,
 * so nothing was asked. `outcome-not-stored`: an outcome was heard and could not be stored; this process remembers it, and
 * tells no page before its next read could store it. `answer-lost`: a read was sent whose answer nobody saw.
 * `notify-failed`: `onOutcome` did not succeed and will be called again. `webhook-refused`: a webhook was not the
 * gateway's. `origin-refused`: a page of an origin that is not in `origins`. `internal`: a mistake of the proxy.
 */
export type ProxyWarning =
  | 'gateway-unauthorized'
  | 'store-failed'
  | 'outcome-not-stored'
  | 'answer-lost'
  | 'notify-failed'
  | 'webhook-refused'
  | 'origin-refused'
  | 'internal'
