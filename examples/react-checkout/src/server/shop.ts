/** The whole shop in one process: the sandbox for a gateway, the token proxy, the shop's own API, and the page. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basicAuth, type Client, type Clock, createClient, hasCharged } from '@async-transaction/core'
import { createTokenProxy, type TokenProxy } from '@async-transaction/proxy'
import { createSandbox, type Sandbox } from '@async-transaction/sandbox'
import { serveSandbox } from '@async-transaction/sandbox/node'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { type Context, Hono } from 'hono'
import { Orders, type Payments } from './orders.ts'
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
    client: createClient({ baseUrl, auth: basicAuth(credentials), clock }),
    proxy: createTokenProxy({
      gateway: { baseUrl, ...credentials },
      secret: crypto.getRandomValues(new Uint8Array(32)),
      origins,
      clock,
      cards: 'encrypted',
      onOutcome: ({ trackingId, transaction }) => {
        const payments = orders.find(trackingId)
        if (payments && /^(failed|expired)$/.test(transaction?.status ?? '')) payments.failed = true
      },
      onEvent(event) {
        if (event.type !== 'upstream' || event.operation !== 'submit' || !event.trackingId) return
        if (event.answer === 'accepted') scenarios.begin(event.trackingId)
        const payments = orders.find(event.trackingId)
        // Refused in the answer to the POST: there is no transaction, and there will be none.
        if (payments && event.answer === 'failed' && /^4(?!01|03)/.test(`${event.httpStatus}`)) payments.failed = true
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
  readonly client: Client
  readonly proxy: TokenProxy
}

function createApp({ orders, scenarios, origins, pageFolder, client, proxy }: Parts): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.all('/pay/*', ({ req, env }) => proxy.fetch(req.raw, env as object))

  app.get('/', (call) => call.redirect(`/orders/${orders.create().id}`, 303))
  app.get('/api/orders/:order', (call) => withOrder(call, async ({ order }) => call.json(order)))
  app.post('/api/orders/:order/token', (call) =>
    withOrder(call, async (payments) => {
      const { after } = await call.req.json<{ after?: number }>()
      if (after === payments.attempt && !(await allowNextTry(client, payments)))
        return call.json({ message: 'Nobody can tell yet what came of the last try.' }, 409)
      return call.json({ token: await tokenFor(call, payments), attempt: payments.attempt })
    }),
  )

  app.get('/api/orders/:order/gateway', (call) =>
    withOrder(call, async ({ order }) => call.json(scenarios.view(order.id))),
  )
  app.post('/api/orders/:order/scenario', (call) =>
    withOrder(call, async ({ order }) => {
      const { name } = await call.req.json<{ name?: string }>()
      return scenarios.choose(order.id, `${name}`) ? call.body(null, 204) : call.json({ message: 'No such' }, 400)
    }),
  )

  app.get('/orders/:order', serveStatic({ root: pageFolder, rewriteRequestPath: () => '/index.html' }))
  app.get('/assets/*', serveStatic({ root: pageFolder }))
  return app

  function withOrder(call: Call, answer: (payments: Payments) => Promise<Response>): Response | Promise<Response> {
    const payments = orders.find(call.req.param('order'))
    call.header('Cache-Control', 'no-store')
    return payments ? answer(payments) : call.json({ message: 'There is no such order' }, 404)
  }

  function tokenFor({ req }: Call, { order, attempt }: Payments): Promise<string> {
    const { id: trackingId, amount, currency, description } = order
    const { origin } = new URL(req.url)
    const shop = origins.includes(origin) ? origin : origins[0]
    // The gateway refuses the same amount on the same card within 30 seconds, which a visitor tries at once.
    const request = { return_url: `${shop}/orders/${trackingId}`, test: true, duplicate_check: false }
    return proxy.issue({ type: 'payments', amount, currency, trackingId, description, attempt, request })
  }
}

/** A new try is a new charge: only when the last one has failed, and the gateway knows of none that may still succeed. */
async function allowNextTry(client: Client, payments: Payments): Promise<boolean> {
  const { order, attempt } = payments
  const found = await client.find({ trackingId: order.id })
  const noneCharged = found.every((transaction) => hasCharged(resultOf(transaction)) === false)
  const ended = payments.failed || found.length > payments.before
  // Meanwhile another tab may have asked.
  if (attempt === payments.attempt && noneCharged && ended)
    Object.assign(payments, { attempt: attempt + 1, failed: false, before: found.length })
  return attempt !== payments.attempt
}

const resultOf = (transaction: Awaited<ReturnType<Client['find']>>[number]) =>
  ({ status: 'result', transaction, body: { transaction }, via: 'lookup' }) as const

/** Listens on the loopback interface alone; on any free port where the wanted one is taken. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' && port ? resolve(listen(server, 0)) : reject(error),
    )
    server.listen(port, 'localhost', () => resolve((server.address() as AddressInfo).port))
  })
}
