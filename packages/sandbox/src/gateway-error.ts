/**
 * The three shapes in which the gateway words an error (protocol section 4). Which refusal takes which shape is our
 * assumption; clients have to read all of them.
 */
import { json, type Reply } from './reply.ts'
import type { Switches } from './switches.ts'

/** HTTP status of a refusal. The protocol leaves the number open: 400 was recorded, 422 is documented. */
export type RefusalStatus = Switches['refusalStatus']

/** Errors by field, nested by section. Fields at the top carry lists, fields of a section single strings. */
export interface FieldErrors {
  [field: string]: string | string[] | FieldErrors
}

/** First shape, for a request that breaks the rules of its fields: `{"response":{"message","errors"}}`. */
export function invalidRequest(status: RefusalStatus, errors: FieldErrors): Reply {
  return json(status, { response: { message: sentences(errors).join(' '), errors } })
}

/** Second shape, for a request that cannot be taken at all: `{"message","errors"}`. */
export function plainError(
  status: number,
  message: string,
  errors?: FieldErrors,
  headers?: Record<string, string>,
): Reply {
  return json(status, { message, ...(errors && { errors }) }, headers)
}

/** Third shape, for a transaction that is refused before the acquirer sees it. */
export function refusal(status: number, code: string, friendlyMessage: string, errors: FieldErrors): Reply {
  return json(status, { code, friendly_message: friendlyMessage, message: sentences(errors).join(' '), errors })
}

/** `{ credit_card: { number: 'is invalid' } }` → `Credit card number is invalid.` */
function sentences(errors: FieldErrors, section = ''): string[] {
  return Object.entries(errors).flatMap(([field, leaf]) => {
    const name = `${section} ${field.replaceAll('_', ' ')}`.trim()
    if (typeof leaf === 'object' && !Array.isArray(leaf)) return sentences(leaf, name)
    return [leaf].flat().map((text) => `${name.charAt(0).toUpperCase()}${name.slice(1)} ${text}.`)
  })
}
