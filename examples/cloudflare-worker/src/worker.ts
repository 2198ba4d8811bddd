/** The token proxy as a Cloudflare Worker. Each task is a Durable Object, whose alarm asks when no browser does. */

import { env } from 'cloudflare:workers'
import { type ChargeOutcome, createTokenProxy, type FetchContext } from '@async-transaction/proxy'
import { createOutcomeObject, durableObjectOutcomes } from '@async-transaction/proxy/durable-object'

const proxy = createTokenProxy({
  gateway: { baseUrl: env.GATEWAY_URL, shopId: env.SHOP_ID, secretKey: env.SECRET_KEY },
  secret: env.TOKEN_SECRET,
  origins: [env.SHOP_ORIGIN],
  outcomes: durableObjectOutcomes(env.OUTCOMES),
  onOutcome: tellShop,
})

export class Outcomes extends createOutcomeObject(proxy) {}

export default {
  fetch(request: Request, _: unknown, context: FetchContext): Promise<Response> {
    const { pathname } = new URL(request.url)
    return request.method === 'POST' && pathname === '/checkout' ? checkout() : proxy.fetch(request, context)
  },
}

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

/** At least once for each `key`: whoever takes this deduplicates by it. A failure is tried again by the alarm. */
async function tellShop({ key, trackingId, transaction }: ChargeOutcome): Promise<void> {
  const outcome = JSON.stringify({ key, trackingId, status: transaction?.status ?? 'error' })
  if (!env.OUTCOME_URL) return console.log(outcome)
  const { ok } = await fetch(env.OUTCOME_URL, { method: 'POST', body: outcome })
  if (!ok) throw new Error('The shop did not take the outcome')
}
