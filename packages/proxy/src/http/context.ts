/** The address of a client, and work that outlives its request: by what the runtime passes along. */
import type { FetchContext } from '../fetch-context.ts'

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
