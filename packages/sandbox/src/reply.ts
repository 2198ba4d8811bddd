/**
 * An HTTP answer as a plain value, and what becomes of it on its way: most arrive whole, a fault cuts some short.
 */

/** A whole answer. Header names are lower case. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The text of the body; `null` for an answer that has none. */
  readonly body: string | null
  /** The body of the same answer in version 3 of the API, if that differs. */
  readonly version3?: unknown
}

/** What the client is to see. Servers get it from `sandbox.exchange` and put it on their wire. */
export type WireReply =
  /** The answer, whole. */
  | { readonly kind: 'answer'; readonly reply: Reply }
  /** A reset connection, and not a byte. */
  | { readonly kind: 'drop' }
  /** The head and the first `sent` bytes of the body; then the connection is cut, or falls silent for ever. */
  | { readonly kind: 'truncate' | 'stall'; readonly reply: Reply; readonly sent: number }

/** An answer in JSON. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  }
}

/** The same answer in version 3 of the API, for a request that asks for it by `X-API-Version` (protocol section 4). */
export function inVersion3({ version3, ...reply }: Reply): Reply {
  return version3 === undefined ? reply : { ...reply, body: JSON.stringify(version3) }
}

/** The same answer with more headers, which win over its own. */
export function withHeaders(reply: Reply, headers: Record<string, string>): Reply {
  return { ...reply, headers: { ...reply.headers, ...headers } }
}
