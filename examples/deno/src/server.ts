/** The token proxy as a server on Deno: `deno serve`. */

import process from 'node:process'
import { createTokenProxy, type FetchContext } from '@async-transaction/proxy'

const {
  GATEWAY_URL = 'https://gw.horizonpay.kz',
  SHOP_ID = '',
  SECRET_KEY = '',
  // Both are made by `npm run secrets`.
  TOKEN_SECRET = '',
  CHECKOUT_KEY = '',
  SHOP_ORIGIN = 'https://shop.example',
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

export default {
  /** Deno's info tells the address of who asks. */
  fetch(request: Request, info: FetchContext): Promise<Response> {
    // A request whose `Host` is no host name is refused.
    const pathname = URL.parse(request.url)?.pathname
    return request.method === 'POST' && pathname === '/checkout' ? checkout(request) : proxy.fetch(request, info)
  },
}

// Checks the payments whose pages have left.
const sweeps = setInterval(() => proxy.sweep().catch(console.error), 5000)

/** A deployment ends the process in the middle of payments: it answers them, stores what it reads, and lets others go on. */
process.once('SIGTERM', async () => {
  clearInterval(sweeps)
  await proxy.close()
  // Time for the last answer to leave.
  setTimeout(() => process.exit(), 100)
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
