/** The token proxy as a server on Node. */

import process from 'node:process'
import { createTokenProxy } from '@async-transaction/proxy'
import { serve } from '@hono/node-server'

const {
  GATEWAY_URL = 'https://gw.horizonpay.kz',
  SHOP_ID = '',
  SECRET_KEY = '',
  // Both are made by `npm run secrets`.
  TOKEN_SECRET = '',
  CHECKOUT_KEY = '',
  SHOP_ORIGIN = 'https://shop.example',
  // Card numbers come in here: what ends TLS stands in front, on this machine.
  HOST = '127.0.0.1',
  PORT = '3000',
} = process.env

const proxy = createTokenProxy({
  gateway: { baseUrl: GATEWAY_URL, shopId: SHOP_ID, secretKey: SECRET_KEY },
  secret: TOKEN_SECRET,
  origins: [SHOP_ORIGIN],
  // In the memory of this process. With several, or to outlive a restart: redisOutcomes().
  onOutcome: ({ key, trackingId, transaction }) => {
    // At least once: deduplicate by key.
    console.log(JSON.stringify({ key, trackingId, status: transaction?.status ?? 'error' }))
  },
})

const server = serve({
  hostname: HOST,
  port: Number(PORT),
  // A request that trickles in is ended, so that it does not hold its connection for five minutes.
  serverOptions: { headersTimeout: 10_000, requestTimeout: 20_000, connectionsCheckingInterval: 5000 },
  /** The adapter's bindings tell the address of who asks. */
  fetch(request: Request, bindings): Promise<Response> {
    const { pathname } = new URL(request.url)
    return request.method === 'POST' && pathname === '/checkout' ? checkout(request) : proxy.fetch(request, bindings)
  },
})
server.on('listening', () => console.log(`Listening on ${HOST}, port ${PORT}`))

// Checks the payments whose pages have left.
const sweeps = setInterval(() => proxy.sweep().catch(console.error), 5000)

/** A deployment ends the process in the middle of payments: it answers them, stores what it reads, and lets others go on. */
process.once('SIGTERM', async () => {
  clearInterval(sweeps)
  const closed = new Promise((resolve) => server.close(resolve))
  await proxy.close()
  await closed
})

/**
 * Your checkout, in small: it decides on the order and the amount, then lets the page charge that once. It is for your shop's
 * server alone, which has checked the session of whose order it is: a token for anybody is what card testers lack.
 */
async function checkout(request: Request): Promise<Response> {
  if (!(await isShop(request))) return new Response(null, { status: 401 })
  const order = {
    amount: 3245, // in minor units
    currency: 'KZT',
    description: 'A book',
    trackingId: `order-${crypto.randomUUID()}`,
  }
  return Response.json({ order, token: await proxy.issue({ type: 'payments', ...order }) })
}

/** Digests are compared, so that the time it takes tells nothing of the key. */
async function isShop(request: Request): Promise<boolean> {
  const digest = async (text: string): Promise<string> =>
    `${new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))}`
  const given = await digest(request.headers.get('authorization') ?? '')
  return CHECKOUT_KEY.length >= 32 && given === (await digest(`Bearer ${CHECKOUT_KEY}`))
}
