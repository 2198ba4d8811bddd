/** How requests prove who sends them: a function that gives the `Authorization` header. */

/** The request that the header is for. */
export interface AuthContext {
  readonly operation: 'submit' | 'status' | 'result' | 'lookup'
  /** The payment's idempotency key; absent for a lookup outside of any payment. */
  readonly requestKey?: string | undefined
  readonly trackingId?: string | undefined
  /** The transaction that is looked up outside of any payment. */
  readonly uid?: string | undefined
  /** A POST of this payment may have been taken: other credentials could be of another attempt. */
  readonly inDoubt?: boolean | undefined
  /** The gateway refused the credentials that were given last: give others, if there are any. */
  readonly refused?: boolean | undefined
}

/** Called for every request, so that a token may be renewed. */
export interface Auth {
  (context: AuthContext): string | PromiseLike<string>
  /** The text without the credentials, should the gateway echo them. */
  readonly mask?: (text: string) => string
  /** Whose credentials they are, such as the shop's id: a journal keeps the payments of several apart. */
  readonly scope?: string
  /** Whether the header holds the shop's secret key, which no page may have. */
  readonly holdsSecret?: boolean
}
