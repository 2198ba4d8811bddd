/** The token proxy as a server on Deno: `deno serve`. */

import process from 'node:process'
import { createTokenProxy, type FetchContext } from '@async-transaction/proxy'

const {
  GATEWAY_URL = 'https://gw.horizonpay.kz',
  SHOP_ID = '',
  SECRET_KEY = '',
  TOKEN_SECRET = '', // openssl rand -base64 48
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
    const { pathname } = new URL(request.url)
    return request.method === 'POST' && pathname === '/checkout' ? checkout() : proxy.fetch(request, info)
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

/** Your checkout, in small: it decides on the order and the amount, then lets the page charge that once. */
async function checkout(): Promise<Response> {
  const order = {
    amount: 3245, // in minor units
    currency: 'KZT',
    description: 'A book',
    trackingId: `order-${crypto.randomUUID()}`,
  }
  return Response.json({ order, token: await proxy.issue({ type: 'payments', ...order }) })
}
