/** The gateway's error bodies, in all three shapes, read as one. Protocol section 4. */
import { custom, is, object, optional } from 'valibot'
import type { GatewayFault } from '../errors/transaction-error.ts'
import { maskCardNumbers } from '../lib/mask-card-numbers.ts'

const text = () => optional(custom<string | null>((value) => value === null || typeof value === 'string'))
const section = () => optional(custom<object | null>((value) => typeof value === 'object'))
const schema = () => object({ message: text(), friendly_message: text(), code: text(), errors: section() })
const wrapped = () => object({ response: schema() })

/** No gateway nests its complaints deeper; a hostile one must not exhaust the stack. */
const DEPTH = 8

/** What the gateway complains of, with card numbers masked, if `body` is one of its error bodies. */
export function gatewayFault(body: unknown): GatewayFault | undefined {
  const said = is(wrapped(), body) ? body.response : body
  if (!is(schema(), said) || !(said.message || said.errors)) return undefined
  const { message, friendly_message: friendly, code, errors } = said
  const complaints = new Map<string, string[]>()
  collect(errors, '', DEPTH, complaints)
  return {
    message: maskCardNumbers(message || friendly || 'The gateway found errors in the request'),
    fieldErrors: Object.fromEntries(complaints),
    ...(code && { gatewayCode: maskCardNumbers(code) }),
    ...(friendly && { friendlyMessage: maskCardNumbers(friendly) }),
  }
}

/** Leaves are strings or arrays of strings, nested by section of the request. */
function collect(node: unknown, field: string, depth: number, into: Map<string, string[]>): void {
  if (typeof node === 'string') into.set(field, [...(into.get(field) ?? []), maskCardNumbers(node)])
  else if (node && depth)
    for (const [key, child] of Object.entries(node))
      collect(child, Array.isArray(node) ? field : field ? `${field}.${key}` : key, depth - 1, into)
}
