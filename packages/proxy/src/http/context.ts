/** What servers and edge runtimes hand to a `fetch` handler beside the request. All of it is optional. */

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

/** Who asks, as far as the runtime itself knows. Headers are believed on Workers alone, which set that one. */
export function addressOf(request: Request, context: FetchContext | undefined): string | undefined {
  const { remoteAddr, incoming } = context ?? {}
  const address =
    'cf' in request && request.cf
      ? request.headers.get('cf-connecting-ip')
      : ((remoteAddr as { hostname?: unknown } | undefined)?.hostname ??
        incoming?.socket?.remoteAddress ??
        requestIp(context, request))
  return typeof address === 'string' && address ? address : undefined
}

/** An IPv4 address as it is written, also where a socket of both families puts it into one of IPv6. */
export const plainAddress = (address: string | undefined): string | undefined =>
  address?.replace(/^::ffff:(?=\d+(\.\d+){3}$)/i, '')

const requestIp = (server: FetchContext | undefined, request: Request): unknown =>
  typeof server?.requestIP === 'function' ? server.requestIP(request)?.address : undefined

/** Lets `work` end, though whoever asked may be gone. */
export function keepAlive(context: FetchContext | undefined, work: Promise<unknown>): void {
  const quiet = work.catch(() => {})
  if (typeof context?.waitUntil === 'function') context.waitUntil(quiet)
}
