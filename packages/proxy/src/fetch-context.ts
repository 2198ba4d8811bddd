/** What servers and edge runtimes pass to a `fetch` handler beside the request. All of it is optional. */

/** A Worker's execution context, Deno's info, Bun's server or the bindings of @hono/node-server. */
export interface FetchContext {
  /** Keeps the handler alive when the browser has left. */
  waitUntil?(promise: Promise<unknown>): void
  /** Deno: who asks. */
  readonly remoteAddr?: unknown
  /** Bun: who asks. */
  requestIP?(request: Request): { readonly address?: unknown } | null
  /** Node: the request, and by its socket who asks. */
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: unknown } | null }
}
