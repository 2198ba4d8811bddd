/** One assumption about the gateway, and whether a test shop of it bore that out. */
export interface Finding {
  /** Stays the same from version to version: results of several shops can be compared by it. */
  readonly id: FindingId
  /** Absent where it could not be seen: the task ended too soon, or an earlier step failed. */
  readonly held?: boolean
  /** Statuses and words of the answer; never a text of the gateway, which may echo what it was sent. */
  readonly observed: string
}

/** The assumptions, in the order of the table, with the grade that each has in the protocol. */
export const assumptions = {
  'raw-cards': ['A', 'a card number in the clear is taken'],
  acknowledgement: ['D', 'a POST is acknowledged with 200, processing and the URLs of the task'],
  'result-processing': ['D', 'a result that is still processing is 425'],
  'status-processing': ['S', 'a status that is still processing is 200'],
  'repeat-processing': ['A', 'a repeat of a RequestID meanwhile is acknowledged as the same task'],
  'listed-processing': ['A', 'a transaction is not listed while it is processed'],
  'result-kept': ['S', 'a result can be read again'],
  'repeat-completed': ['A', 'a repeat of a RequestID afterwards is the same task'],
  'listed-at-once': ['A', 'a transaction is listed as soon as its result is there'],
  decline: ['A', 'a decline is 200 and failed'],
  'three-d-secure': ['D', 'a card enrolled in 3-D Secure is incomplete, with a redirect_url'],
  duplicate: ['A', 'a duplicate is refused, and the refusal says so'],
  'refused-at-submit': ['A', 'an invalid field is refused in the answer to the POST'],
  'refusal-status': ['D', 'an invalid field is refused with 422'],
  'numeric-tracking-id': ['A', 'a tracking_id that is a number is refused'],
  'lower-case-currency': ['A', 'a currency in lower case is refused'],
  'amount-as-text': ['A', 'an amount as text is refused'],
  'unknown-parent': ['R', 'an unknown parent is 400, in response, with errors of parent_uid'],
  'error-once': ['S', 'an error in a task is delivered once, and then unknown'],
  'child-listed': ['A', 'a refund is listed under a tracking_id of its own'],
  'unknown-task': ['A', 'a task that was never issued is 404 and unknown'],
  'unknown-uid': ['R', 'an unknown uid is 404, in response'],
  'unknown-tracking-id': ['D', 'an unknown tracking id is 200 and an empty list'],
  'bad-credentials': ['A', 'bad credentials are 401 as JSON'],
} as const

export type FindingId = keyof typeof assumptions
