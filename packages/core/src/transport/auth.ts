/** How requests prove who sends them: a function that gives the `Authorization` header. */

/** Called for every request, so that a token may be renewed. */
export interface Auth {
  (): string | PromiseLike<string>
  /** Whether the header holds the shop's secret key, which no page may have. */
  readonly holdsSecret?: boolean
}
