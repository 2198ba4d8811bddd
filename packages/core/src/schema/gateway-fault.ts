/** The gateway's error bodies, in all three shapes, read as one. Protocol section 4. */
import type { GatewayFault } from '../errors/transaction-error.ts'
import { maskCardNumbers } from '../lib/mask-card-numbers.ts'

type Said = { readonly [field in 'response' | 'message' | 'friendly_message' | 'code' | 'errors']?: unknown }

/** No gateway nests its complaints deeper; a hostile one must not exhaust the stack. */
const DEPTH = 8

/**
 * What the gateway complains of, with card numbers masked, if `body` is one of its error bodies. It may be told only once,
 * so a field that is odd costs no more than itself.
 */
export function gatewayFault(body: unknown): GatewayFault | undefined {
  const outer = (body ?? {}) as Said
  const said = outer.response && typeof outer.response === 'object' ? (outer.response as Said) : outer
  const { errors } = said
  const code = textOf(typeof said.code === 'number' ? `${said.code}` : said.code)
  const message = textOf(said.message)
  const friendly = textOf(said.friendly_message)
  if (!message && !(errors && /object|string/.test(typeof errors))) return undefined
  const complaints = new Map<string, string[]>()
  collect(errors, '', DEPTH, complaints)
  return {
    message: message || friendly || 'The gateway found errors in the request',
    fieldErrors: Object.fromEntries(complaints),
    ...(code && { gatewayCode: code }),
    ...(friendly && { friendlyMessage: friendly }),
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? maskCardNumbers(value) : '')

/** Leaves are strings or arrays of strings, nested by section of the request. */
function collect(node: unknown, field: string, depth: number, into: Map<string, string[]>): void {
  if (typeof node === 'string') into.set(field, [...(into.get(field) ?? []), textOf(node)])
  else if (node && depth)
    for (const [key, child] of Object.entries(node)) {
      const name = textOf(key)
      collect(child, Array.isArray(node) ? field : field ? `${field}.${name}` : name, depth - 1, into)
    }
}
