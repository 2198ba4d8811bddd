/** What the proxy answers: a status, a body, and nothing of the gateway's own headers. */

export interface Answer {
  readonly status: number
  readonly body: object
  /** Seconds, for `Retry-After`. */
  readonly retryAfter?: number | undefined
  /** The gateway's clock, so that lookups are dated by it. */
  readonly date?: number | undefined
  readonly headers?: Readonly<Record<string, string>>
}

export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 413 | 415

const TEXTS: Readonly<Record<RefusalStatus, string>> = {
  400: 'The body is not a JSON request',
  401: 'A token is needed: it is missing, wrong or expired',
  403: 'The token does not allow this',
  404: 'There is nothing here',
  405: 'The method is not allowed here',
  413: 'The body is too large',
  415: 'The body must be application/json',
}

/** Nothing was sent to the gateway, and nothing will be. */
export const refusal = (status: RefusalStatus, headers?: Readonly<Record<string, string>>): Answer => ({
  status,
  body: { message: TEXTS[status] },
  ...(headers && { headers }),
})

export const tooMany = (retryAfter: number): Answer => ({
  status: 429,
  body: { message: 'Too many requests: try again later' },
  retryAfter,
})

/**
 * A passing fault, of the gateway, the way to it or the store: come again. It is in none of the gateway's shapes, and says
 * nothing of whether the gateway took a submission: a client sends the same again, then looks the transaction up.
 */
export const unavailable = (retryAfter = 1): Answer => ({
  status: 503,
  body: { message: 'There is no answer yet: ask again' },
  retryAfter,
})

/**
 * 404 `unknown`, as the gateway says it. A cause is always told: the proxy keeps an error that came with a "try again
 * later" itself, so a client need not fall back on what it was told in the meantime.
 */
export const unknownTask = (requestId: string, cause: string): Answer => ({
  status: 404,
  body: { status: 'unknown', request_id: requestId, cause, message: TEXTS[404] },
})
