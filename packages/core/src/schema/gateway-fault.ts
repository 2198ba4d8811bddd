/** The gateway's error bodies, in all three shapes, read as one. Protocol section 4. */
import type { GatewayFault } from '../errors/transaction-error.ts'
import { maskCardData } from '../lib/mask-card-data.ts'

/** The fields of an error body. */
export const FAULT_FIELDS: readonly string[] = ['response', 'message', 'friendly_message', 'code', 'errors']

type Said = { readonly [field in 'response' | 'message' | 'friendly_message' | 'code' | 'errors']?: unknown }

/** No gateway nests its complaints deeper; a hostile one must not exhaust the stack. */
const DEPTH = 8

/**
 * The complaint of the gateway, with card numbers and the card's code masked, if `body` is an error body. It may be
 * delivered only once, so a field that is odd costs no more than itself.
 */
export function gatewayFault(body: unknown, cvc?: string): GatewayFault | undefined {
  const said = saidIn(body)
  const { errors } = said
  const textOf = (value: unknown): string => (typeof value === 'string' ? maskCardData(value, cvc) : '')
  const code = textOf(typeof said.code === 'number' ? `${said.code}` : said.code)
  const message = textOf(said.message)
  const friendly = textOf(said.friendly_message)
  if (!message && !(errors && (typeof errors === 'object' || typeof errors === 'string'))) return undefined
  const complaints = new Map<string, string[]>()
  collect(errors, '', DEPTH, textOf, complaints)
  return {
    message: message || friendly || 'The gateway found errors in the request',
    fieldErrors: Object.fromEntries(complaints),
    ...(code && { gatewayCode: code }),
    ...(friendly && { friendlyMessage: friendly }),
  }
}

/** Whether it is an error in a shape that servers on the way do not use: `{"message"}` alone may be anybody's. */
export function isGatewayShape(body: unknown): boolean {
  const { response, errors, code, friendly_message: friendly } = (body ?? {}) as Said
  const complaints = isObject(errors) || (typeof errors === 'string' && errors !== '')
  return isObject(response) || complaints || (code !== undefined && typeof friendly === 'string')
}

/** Whether the gateway refused it as a repeat of a request that it took. */
export const isDuplicate = (fault: object): boolean => /duplicat/i.test(JSON.stringify(fault))

const isObject = (value: unknown): boolean => !!value && typeof value === 'object'

function saidIn(body: unknown): Said {
  const outer = (body ?? {}) as Said
  return isObject(outer.response) ? (outer.response as Said) : outer
}

/** Leaves are strings or arrays of strings, nested by section of the request. */
function collect(
  node: unknown,
  field: string,
  depth: number,
  textOf: (value: unknown) => string,
  into: Map<string, string[]>,
): void {
  if (typeof node === 'string') into.set(field, [...(into.get(field) ?? []), textOf(node)])
  else if (node && depth)
    for (const [key, child] of Object.entries(node)) {
      const name = textOf(key)
      const path = Array.isArray(node) ? field : field ? `${field}.${name}` : name
      collect(child, path, depth - 1, textOf, into)
    }
}
