/**
 * The faults that can be planned: what networks, proxies and a gateway under strain do to a request. Each is aimed at
 * an operation, and optionally at a tracking id and at the n-th request that matches.
 */

/**
 * Where a fault strikes: the POST, a read of the status or of the result, a lookup (by uid, by tracking id, or both);
 * `any` is each of these, and the synchronous `POST /transactions/{type}`.
 */
export type FaultOn = 'submit' | 'status' | 'result' | 'lookup' | 'lookup-by-uid' | 'lookup-by-tracking-id' | 'any'

/** Which requests a fault strikes. A request meets one fault at most: the first planned wins, the others wait. */
export interface FaultAim<On extends FaultOn = FaultOn> {
  on: On
  /** Only requests about this tracking id. @default all */
  trackingId?: string | undefined
  /** The first matching request that it strikes, counted from 1 since it was planned. @default 1, the next one */
  nth?: number | undefined
  /** How many matching requests it strikes in a row; `Infinity` for all. @default 1, without `forMs` */
  times?: number | undefined
  /**
   * For how long it strikes every matching request, in milliseconds of the sandbox's clock from when it is planned; in
   * place of `times`. @default no end
   */
  forMs?: number | undefined
}

interface Taken {
  /**
   * Whether the gateway got the request and did its work before the answer went wrong: a POST is taken, a once-only
   * answer is consumed. The default stands at each kind.
   */
  taken?: boolean | undefined
}

/** The connection is reset before anything is done. */
export interface DropBefore extends FaultAim {
  kind: 'drop-before'
}

/** Everything is done, a once-only answer is consumed, and then the connection is reset. */
export interface DropAfter extends FaultAim {
  kind: 'drop-after'
}

/** Everything is done; the body is cut in the middle and the connection is closed. */
export interface Truncate extends FaultAim {
  kind: 'truncate'
}

/** Everything is done; the head and a part of the body arrive, and then nothing more, for ever. */
export interface Stall extends FaultAim {
  kind: 'stall'
}

/** The answer comes late. Taken at once by default; otherwise the request itself arrives that late. */
export interface Delay extends FaultAim, Taken {
  kind: 'delay'
  /** By how much, in milliseconds. */
  ms: number
}

/** This answer instead. Not taken by default. */
export interface Http extends FaultAim, Taken {
  kind: 'http'
  /** 200 to 599. */
  status: number
  /** A text as it is, anything else as JSON. @default an empty body */
  body?: unknown
  /** Over `Content-Type: application/json; charset=utf-8`, `Date` and `X-Request-Id`. @default none */
  headers?: Record<string, string> | undefined
}

/** A proxy's HTML page instead, without the gateway's `X-Request-Id`. Not taken by default. */
export interface Html extends FaultAim, Taken {
  kind: 'html'
  /** @default 502 */
  status?: number | undefined
}

/**
 * A JSON response of an intermediary (a balancer, an API gateway, a firewall) instead, without the gateway's
 * `X-Request-Id`. Not taken by default.
 */
export interface ProxyJson extends FaultAim, Taken {
  kind: 'proxy-json'
  /** 200 to 599. @default 502 */
  status?: number | undefined
  /** A text as it is, anything else as JSON. @default the words of the status: {"message":"Bad gateway"} */
  body?: unknown
  /** Over `Content-Type: application/json; charset=utf-8` and `Date`. @default none */
  headers?: Record<string, string> | undefined
}

/** An order to come back later. Not taken by default. */
export interface Throttle extends FaultAim, Taken {
  kind: 'throttle'
  /** The `Retry-After` header: seconds, or any text, such as an HTTP date or nonsense. @default no header */
  retryAfter?: number | string | undefined
  /** @default 429 */
  status?: number | undefined
  /** The `message` in the body. @default none, the body is `{}` */
  message?: string | undefined
}

/** A redirect. Not taken by default. */
export interface Redirect extends FaultAim, Taken {
  kind: 'redirect'
  location: string
  /** 301, 302, 303, 307 or 308. @default 307 */
  status?: number | undefined
}

/** An answer without a body. Taken by default. */
export interface Empty extends FaultAim, Taken {
  kind: 'empty'
  /** @default 200 */
  status?: number | undefined
}

/** A 200 that says JSON and is none. Taken by default. */
export interface Garbage extends FaultAim, Taken {
  kind: 'garbage'
}

/**
 * A transport re-sends the request by itself. The first copy is taken, and its connection is reset, which the client
 * does not see; the response to the second copy is the one that arrives. Both are in `sandbox.requests()`.
 */
export interface Resend extends FaultAim {
  kind: 'resend'
  /** The status of the response to the second copy, which is then not taken. @default the gateway's own response */
  status?: number | undefined
  /** The body of that response, with a `status` only; a text as it is, anything else as JSON. @default none */
  body?: unknown
  /** The headers of that response, with a `status` only; as those of `http`. @default none */
  headers?: Record<string, string> | undefined
}

/** The real answer, in valid JSON, blown up by a `padding` field. Always taken. */
export interface Oversize extends FaultAim {
  kind: 'oversize'
  /** The size of the body. @default 307200, which is 300 KiB */
  bytes?: number | undefined
}

/**
 * An answer with another task's `request_id`; where the real answer has none, `processing` under that id. Taken by
 * default.
 */
export interface Foreign extends FaultAim<'submit' | 'status' | 'result'>, Taken {
  kind: 'foreign'
}

/** The task is accepted and blows up in processing: a once-only answer that is an error. */
export interface TaskError extends FaultAim<'submit'> {
  kind: 'error'
  /** Anything but 200. @default 500 */
  status?: number | undefined
  /** A text as it is, anything else as JSON. @default {"message":"We're sorry, but something went wrong"} */
  body?: unknown
  /** Whether the transaction exists and the card is charged all the same. @default false */
  charged?: boolean | undefined
}

/** The gateway loses the task: 404 `unknown` from this request on; of a POST, from the first read on. */
export interface Forget extends FaultAim<'submit' | 'status' | 'result'> {
  kind: 'forget'
  /** Whether a task that is not processed yet is processed all the same. @default false */
  charged?: boolean | undefined
}

/** An unknown word for the status of the task. A POST is taken; of a read nothing is consumed. */
export interface ProcessingWord extends FaultAim<'submit' | 'status' | 'result'> {
  kind: 'processing-word'
  word: string
}

/** The status says `completed` while the result still says `processing`. */
export interface EarlyCompleted extends FaultAim<'submit' | 'status'> {
  kind: 'early-completed'
  /** For how long from this request on, in milliseconds. */
  ms: number
}

/** The task's URLs in the answer are on another origin. Always taken. */
export interface UntrustedUrls extends FaultAim<'submit' | 'status'> {
  kind: 'untrusted-urls'
  /** Such as `https://evil.example`. */
  origin: string
}

/** The answer lacks the task's URLs. Always taken. */
export interface MissingUrls extends FaultAim<'submit' | 'status'> {
  kind: 'missing-urls'
}

export type Fault =
  | DropBefore
  | DropAfter
  | Truncate
  | Stall
  | Delay
  | Http
  | Html
  | ProxyJson
  | Throttle
  | Redirect
  | Empty
  | Garbage
  | Resend
  | Oversize
  | Foreign
  | TaskError
  | Forget
  | ProcessingWord
  | EarlyCompleted
  | UntrustedUrls
  | MissingUrls

export type FaultKind = Fault['kind']
