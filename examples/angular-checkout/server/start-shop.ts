/** The shop: a sandbox for its gateway, the token proxy, two routes about orders, and the built page. On loopback. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basicAuth, createClient } from '@async-transaction/core'
import { createTokenProxy, memoryOutcomes } from '@async-transaction/proxy'
import { createSandbox, type Sandbox } from '@async-transaction/sandbox'
import { serveSandbox } from '@async-transaction/sandbox/node'
import { getRequestListener } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { type Context, Hono, type Next } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { secureHeaders } from 'hono/secure-headers'
import { orderOf } from './orders.ts'

export interface ShopOptions {
  /** Where the page was built. */
  readonly page: string
  /** 0 for any free port. @default 0 */
  readonly port?: number
  /** How long the gateway works on a payment, in milliseconds. @default 5000 */
  readonly latencyMs?: number
}

export interface Shop {
  readonly url: string
  readonly gatewayUrl: string
  readonly sandbox: Sandbox
  close(): Promise<void>
}

export async function startShop({ page, port = 0, latencyMs = 5000 }: ShopOptions): Promise<Shop> {
  // In a shop of yours these come from the environment.
  const credentials = { shopId: '361', secretKey: crypto.randomUUID() }
  const secret = crypto.getRandomValues(new Uint8Array(32))

  const sandbox = createSandbox({ credentials, latencyMs })
  const gateway = await serveSandbox(sandbox)
  const client = createClient({ baseUrl: gateway.url, auth: basicAuth(credentials) })

  const app = new Hono()
  const server = createServer(getRequestListener((request, env) => app.fetch(request, env)))
  const url = await listen(server, port)
  const localUrl = url.replace('127.0.0.1', 'localhost')
  const cardKey = await sandbox.publicKey()
  const proxy = createTokenProxy({
    gateway: { baseUrl: gateway.url, ...credentials },
    secret,
    // By either name of this machine.
    origins: [url, localUrl],
    cards: 'encrypted',
    outcomes: memoryOutcomes(),
  })

  app.all('/pay/*', (context) => proxy.fetch(context.req.raw, context.env as object))
  app.use(
    secureHeaders({
      xFrameOptions: 'DENY',
      // WebKit does not come back from the bank to a page with an opener policy.
      crossOriginOpenerPolicy: false,
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    }),
  )
  /**
   * A shop of yours signs its customers in, and an order is of the session that made it. Here it is of the first browser
   * that opens it: without its cookie there is no token for it, and no word about it.
   */
  const sessions = new Map<string, string>()
  app.use('/api/orders/:id/*', async (context, next) => {
    const session = sessions.get(context.req.param('id'))
    if (session !== undefined && session === getCookie(context, SESSION)) return next()
    return context.json({ message: 'There is no such order' }, 404, NO_STORE)
  })
  app.get('/api/orders/:id{[0-9]{1,9}}', async (context) => {
    const id = context.req.param('id')
    // It is more than the page needs: a payment that is under way is shown without it.
    const transactions = await client.find({ trackingId: id }).catch(() => [])
    const paid = transactions.some(({ status }) => status === 'successful')
    return context.json({ ...orderOf(id), cardKey, paid }, 200, NO_STORE)
  })
  app.post('/api/orders/:id{[0-9]{1,9}}/token', async (context) => {
    const id = context.req.param('id')
    const { description, amount, currency } = orderOf(id)
    // Back to the name by which the page is open: its journal is there.
    const isLocal = new URL(context.req.url).hostname === 'localhost'
    const request = { return_url: `${isLocal ? localUrl : url}/orders/${id}`, test: true }
    const charge = { type: 'payments', trackingId: id, description, amount, currency, request }
    // The next attempt only once the last one certainly took no money.
    return context.json({ token: await proxy.issue({ ...charge, attempt: 'next' }) }, 200, NO_STORE)
  })
  app.get('/', (context) => context.redirect(`/orders/${Date.now() % 1_000_000_000}`))
  app.use('/orders/:id', async (context: Context, next: Next) => {
    const session = getCookie(context, SESSION) ?? crypto.randomUUID()
    const id = context.req.param('id') ?? ''
    if (!sessions.has(id)) sessions.set(id, session)
    setCookie(context, SESSION, session, { httpOnly: true, sameSite: 'Lax' })
    await next()
  })
  app.get('/orders/*', serveStatic({ root: page, path: 'index.html' }))
  app.get('*', serveStatic({ root: page }))

  return {
    url,
    gatewayUrl: gateway.url,
    sandbox,
    async close() {
      await close(server)
      await gateway.close()
      sandbox.close()
    },
  }
}

const SESSION = 'session'
const NO_STORE = { 'cache-control': 'no-store' }

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
