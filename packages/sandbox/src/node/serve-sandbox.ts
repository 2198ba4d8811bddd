/**
 * The sandbox over real sockets: the same answers, and faults that reset, cut and silence real connections.
 */
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Sandbox } from '../sandbox.ts'
import { putOnWire } from './put-on-wire.ts'
import { refuseStranger } from './strangers.ts'

export interface ServeOptions {
  /** 0 for any free port. @default 0 */
  port?: number | undefined
  /** @default '127.0.0.1', since the sandbox is for this machine alone */
  hostname?: string | undefined
}

export interface SandboxServer {
  /** Where it listens, without a slash at the end: the `baseUrl` of a client. */
  readonly url: string
  readonly port: number
  /** Stops listening and ends every connection, also one that stalls. The sandbox itself stays open. */
  close(): Promise<void>
}

/**
 * Serves a sandbox. Rejects with the system's error, such as `EADDRINUSE`, if it cannot listen.
 *
 * @example
 * const server = await serveSandbox(createSandbox({ latencyMs: 2000 }))
 * const client = createClient({ baseUrl: server.url, auth })
 */
export async function serveSandbox(
  sandbox: Pick<Sandbox, 'exchange'>,
  options: ServeOptions = {},
): Promise<SandboxServer> {
  const { port = 0, hostname = '127.0.0.1' } = options
  const listener = getRequestListener(
    async (request, { outgoing }) => {
      const response = outgoing as ServerResponse
      try {
        const refusal = refuseStranger(request)
        if (refusal) return putOnWire({ kind: 'answer', reply: refusal }, response)
        return putOnWire(await sandbox.exchange(request), response)
      } catch (error) {
        // The client has left, or the sandbox was closed: either way nobody is to be answered.
        if (!request.signal.aborted && !isLostConnection(error)) console.error(error)
        return putOnWire({ kind: 'drop' }, response)
      }
    },
    // The globals are the application's own.
    { hostname, overrideGlobalObjects: false },
  )
  const server = createServer(listener)
  await listen(server, port, hostname)
  const address = server.address() as AddressInfo
  return { url: urlOf(address), port: address.port, close: () => close(server) }
}

function listen(server: Server, port: number, hostname: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, hostname, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** An address that stands for every interface is reached on this one. */
function urlOf({ address, family, port }: AddressInfo): string {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address
  return `http://${family === 'IPv6' ? `[${host}]` : host}:${port}`
}

function isLostConnection(error: unknown): boolean {
  return error instanceof TypeError && (error.cause as { code?: unknown } | undefined)?.code === 'ECONNRESET'
}
