/**
 * The permission of a shop to send card numbers in the clear (protocol section 7). A shop without it sends encrypted
 * fields or tokens; its raw numbers are refused, in version 3 with `E.1065`, before any other field is checked.
 */
import { type RefusalStatus, refusal } from '../gateway-error.ts'
import type { Reply } from '../reply.ts'
import { isBlank, isObject } from './field-check.ts'

/** The refusal of a request with a raw card number, or `undefined` for a request without one. */
export function refuseRawCard(request: Readonly<Record<string, unknown>>, status: RefusalStatus): Reply | undefined {
  const raw = ['credit_card', 'recipient_credit_card'].find((name) => hasNumber(request[name]))
  if (raw === undefined) return undefined
  return refusal(status, 'E.1065', 'The shop has no permission to send card numbers in the clear.', {
    [raw]: { number: ['is not permitted in the clear: encrypt it, or send a token'] },
  })
}

/** A token goes before a number, as in the order that is read from the request. */
function hasNumber(card: unknown): boolean {
  return isObject(card) && isBlank(card.token) && !isBlank(card.number)
}
