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
    return request.method === 'POST' && pathname === '/checkout' ? checkout(request) : proxy.fetch(request, context)
  },
}

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
  return env.CHECKOUT_KEY.length >= 32 && given === (await digest(`Bearer ${env.CHECKOUT_KEY}`))
}

/** At least once for each `key`: whoever takes this deduplicates by it. A failure is tried again by the alarm. */
async function tellShop({ key, trackingId, transaction }: ChargeOutcome): Promise<void> {
  const outcome = JSON.stringify({ key, trackingId, status: transaction?.status ?? 'error' })
  if (!env.OUTCOME_URL) return console.log(outcome)
  const { ok } = await fetch(env.OUTCOME_URL, { method: 'POST', body: outcome })
  if (!ok) throw new Error('The shop did not take the outcome')
}
