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

const REFUSALS: Readonly<Record<RefusalStatus, readonly [code: string, text: string]>> = {
  400: ['body-invalid', 'The body is not a JSON request'],
  401: ['token-refused', 'A token is needed: it is missing, wrong or expired'],
  403: ['not-allowed', 'The token does not allow this'],
  404: ['not-found', 'There is nothing here'],
  405: ['method-not-allowed', 'The method is not allowed here'],
  413: ['body-too-large', 'The body is too large'],
  415: ['content-type', 'The body must be application/json'],
}

/** Nothing was sent to the gateway, and nothing will be. */
export const refusal = (status: RefusalStatus, headers?: Readonly<Record<string, string>>): Answer => ({
  status,
  body: problem(...REFUSALS[status]),
  ...(headers && { headers }),
})

export const tooMany = (retryAfter: number): Answer => ({
  status: 429,
  body: problem('too-many-requests', 'Too many requests: try again later'),
  retryAfter,
})

/** The order may be paid by another attempt: nothing was sent. To a client the payment is in doubt, so it looks it up. */
export const orderTaken = (): Answer => ({
  status: 409,
  body: problem('order-taken', 'This order is paid, being paid or not known to be unpaid: nothing was sent'),
})

/** This attempt took no money, and its number is used up: nothing was sent. To a client it is a refusal. */
export const attemptUsed = (): Answer => ({
  status: 422,
  body: problem('attempt-used', 'This attempt was declined: ask the shop for a token of a new attempt'),
})

/** A body of RFC 9457, and the `message` of before. */
const problem = (code: string, message: string): object => ({
  message,
  type: `urn:async-transaction:${code}`,
  title: message,
  code,
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
  body: { status: 'unknown', request_id: requestId, cause, message: REFUSALS[404][1] },
})
