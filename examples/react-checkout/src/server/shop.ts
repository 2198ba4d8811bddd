/** The whole shop in one process: the sandbox for a gateway, the token proxy, the shop's own API, and the page. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '@async-transaction/core'
import { createTokenProxy, type TokenProxy } from '@async-transaction/proxy'
import { createSandbox, type Sandbox } from '@async-transaction/sandbox'
import { serveSandbox } from '@async-transaction/sandbox/node'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { type Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { secureHeaders } from 'hono/secure-headers'
import { type Order, Orders } from './orders.ts'
import { Scenarios } from './scenarios.ts'

export interface ShopOptions {
  /** The page, as `vite build` made it. */
  readonly pageFolder: string
  /** 0 for any free port. @default 0 */
  readonly port?: number
  /** How long the gateway works on a payment, in milliseconds. @default 2500 */
  readonly latencyMs?: number
  /** Of the gateway and the proxy. @default the real time */
  readonly clock?: Clock
}

export interface Shop {
  readonly url: string
  readonly sandbox: Sandbox
  readonly scenarios: Scenarios
  close(): Promise<void>
}

type Call = Context<{ Bindings: HttpBindings }>

const credentials = { shopId: '361', secretKey: 'sandbox' }
const realTime: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs).unref(),
  clearTimeout: (timer) => clearTimeout(timer as never),
}

export async function startShop(options: ShopOptions): Promise<Shop> {
  const { clock = realTime, latencyMs = 2500 } = options
  const sandbox = createSandbox({ credentials, latencyMs, clock })
  const gateway = await serveSandbox(sandbox)
  // By the name under which the page is open: its 3-D Secure page is a neighbour, not another site.
  const baseUrl = `http://localhost:${gateway.port}`
  let app = new Hono<{ Bindings: HttpBindings }>()
  const server = createAdaptorServer({ fetch: (request, env) => app.fetch(request, env) }) as Server
  const port = await listen(server, options.port ?? 0)
  const origins = ['localhost', '127.0.0.1'].map((host) => `http://${host}:${port}`)
  const scenarios = new Scenarios(sandbox, clock)
  const orders = new Orders(await sandbox.publicKey())
  app = createApp({
    orders,
    scenarios,
    origins,
    pageFolder: options.pageFolder,
    proxy: createTokenProxy({
      gateway: { baseUrl, ...credentials },
      secret: crypto.getRandomValues(new Uint8Array(32)),
      origins,
      clock,
      cards: 'encrypted',
      onEvent(event) {
        const accepted = event.type === 'upstream' && event.operation === 'submit' && event.answer === 'accepted'
        if (accepted && event.trackingId) scenarios.begin(event.trackingId)
      },
    }),
  })
  return {
    url: `http://localhost:${port}`,
    sandbox,
    scenarios,
    async close() {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      sandbox.close()
      await gateway.close()
    },
  }
}

interface Parts {
  readonly orders: Orders
  readonly scenarios: Scenarios
  readonly origins: readonly string[]
  readonly pageFolder: string
  readonly proxy: TokenProxy
}

function createApp({ orders, scenarios, origins, pageFolder, proxy }: Parts): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.all('/pay/*', ({ req, env }) => proxy.fetch(req.raw, env as object))
  // WebKit does not come back from the bank to a page with an opener policy.
  app.use(secureHeaders({ contentSecurityPolicy, crossOriginOpenerPolicy: false }))

  app.get('/', (call) => call.redirect(`/orders/${orders.create().id}`, 303))
  app.get('/api/orders/:order', (call) => withOrder(call, async (order) => call.json(order)))
  app.post('/api/orders/:order/token', (call) =>
    withOrder(call, async (order) => call.json({ token: await tokenFor(call, order) })),
  )

  app.get('/api/orders/:order/gateway', (call) => withOrder(call, async (order) => call.json(scenarios.view(order.id))))
  app.post('/api/orders/:order/scenario', (call) =>
    withOrder(call, async (order) => {
      const { name } = await call.req.json<{ name?: string }>()
      return scenarios.choose(order.id, `${name}`) ? call.body(null, 204) : call.json({ message: 'No such' }, 400)
    }),
  )

  app.use('/orders/:order', admit)
  app.get('/orders/:order', serveStatic({ root: pageFolder, rewriteRequestPath: () => '/index.html' }))
  app.get('/assets/*', serveStatic({ root: pageFolder }))
  return app

  function withOrder(call: Call, answer: (order: Order) => Promise<Response>): Response | Promise<Response> {
    const order = orders.find(call.req.param('order'), getCookie(call, SESSION))
    call.header('Cache-Control', 'no-store')
    return order ? answer(order) : call.json({ message: 'There is no such order' }, 404)
  }

  /**
   * A shop of yours signs its customers in, and an order is of the session that made it. Here it is of the first browser
   * that opens it: without its cookie there is no token for it, and no word about it.
   */
  async function admit(call: Call, next: () => Promise<void>): Promise<void> {
    const session = getCookie(call, SESSION) ?? crypto.randomUUID()
    orders.open(call.req.param('order'), session)
    setCookie(call, SESSION, session, { httpOnly: true, sameSite: 'Lax' })
    await next()
  }

  function tokenFor({ req }: Call, { id: trackingId, amount, currency, description }: Order): Promise<string> {
    const { origin } = new URL(req.url)
    const shop = origins.includes(origin) ? origin : origins[0]
    // The gateway refuses the same amount on the same card within 30 seconds, which a visitor tries at once.
    const request = { return_url: `${shop}/orders/${trackingId}`, test: true, duplicate_check: false }
    // The next attempt only once the last one certainly took no money.
    return proxy.issue({ type: 'payments', amount, currency, trackingId, description, attempt: 'next', request })
  }
}

const SESSION = 'session'

/** Of the page: nothing is loaded from elsewhere, no form of a stranger is sent, and it stands in no foreign frame. */
const contentSecurityPolicy = {
  defaultSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'self'"],
}

/** Listens on the loopback interface alone; on any free port where the wanted one is taken. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' && port ? resolve(listen(server, 0)) : reject(error),
    )
    server.listen(port, 'localhost', () => resolve((server.address() as AddressInfo).port))
  })
}
