/**
 * The shapes in which the gateway words an error (protocol section 4). Version 2 of its API wraps what is wrong with a
 * request in `response`, as recorded; version 3 has a `code` and a text for the customer instead.
 */
import { json, type Reply } from './reply.ts'
import type { Switches } from './switches.ts'

/** HTTP status of a refusal. The protocol leaves the number open: 400 was recorded, 422 is documented. */
export type RefusalStatus = Switches['refusalStatus']

/** Errors by field, nested by section. Leaves are lists; only that of `base`, the request as a whole, is a string. */
export interface FieldErrors {
  [field: string]: string | string[] | FieldErrors
}

/** A request that breaks the rules of its fields. Its code in version 3 is our assumption. */
export function invalidRequest(status: RefusalStatus, errors: FieldErrors): Reply {
  return refusal(status, 'F.0904', 'Some fields are not valid.', errors)
}

/** A refusal: `{"response":{"message","errors"}}`; in version 3 `{"code","friendly_message","message","errors"}`. */
export function refusal(status: number, code: string, friendlyMessage: string, errors: FieldErrors): Reply {
  const message = sentences(errors).join(' ')
  return {
    ...json(status, { response: { message, errors } }),
    version3: { code, friendly_message: friendlyMessage, message, errors },
  }
}

/** A lookup that finds nothing: `{"response":{"message"}}`, as recorded. */
export function recordNotFound(): Reply {
  const message = 'Record not found'
  return {
    ...json(404, { response: { message } }),
    version3: { code: 'F.0914', friendly_message: 'There is no such transaction.', message, errors: {} },
  }
}

/** A request that cannot be taken at all: `{"message","errors"}`. */
export function plainError(
  status: number,
  message: string,
  errors?: FieldErrors,
  headers?: Record<string, string>,
): Reply {
  return json(status, { message, ...(errors && { errors }) }, headers)
}

/** `{ credit_card: { token: ['does not exist'] } }` → `Token does not exist.`: the section goes unnamed, as recorded. */
function sentences(errors: FieldErrors): string[] {
  return Object.entries(errors).flatMap(([field, leaf]) => {
    if (typeof leaf === 'object' && !Array.isArray(leaf)) return sentences(leaf)
    const name = field === 'base' ? '' : `${field.charAt(0).toUpperCase()}${field.slice(1).replaceAll('_', ' ')} `
    return [leaf].flat().map((text) => `${name}${text}.`)
  })
}
