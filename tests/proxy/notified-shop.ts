/** A shop with webhooks, which are held back until a test delivers them, and any that the gateway might sign. */
import type { ChargeOutcome, TokenProxy, TokenProxyOptions } from '@async-transaction/proxy'
import { createSandbox } from '@async-transaction/sandbox'
import { expect } from 'vitest'
import { BASE, cards, createShop, credentials, newOrder, requestFor, type Shop, send } from './shop.ts'

const keys = await crypto.subtle.generateKey(
  { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
  true,
  ['sign', 'verify'],
)
const publicKey = await createSandbox({ webhookKeys: keys }).publicKey()
export const HOOK = `${BASE}/webhook`

/** A notification as the gateway signs it; resolves to the status of the answer. */
export async function notify(proxy: TokenProxy, transaction: object): Promise<number> {
  const body = JSON.stringify({ transaction })
  const signed = await crypto.subtle.sign(keys.privateKey.algorithm, keys.privateKey, new TextEncoder().encode(body))
  const headers = {
    authorization: `Basic ${btoa(`${credentials.shopId}:${credentials.secretKey}`)}`,
    'content-signature': Buffer.from(signed).toString('base64'),
  }
  return (await send(proxy, HOOK, { method: 'POST', headers, body })).status
}

export function createNotifiedShop(options: Partial<TokenProxyOptions> = {}, latencyMs = 40) {
  const sent: { readonly order: string; readonly request: Request }[] = []
  const told: ChargeOutcome[] = []
  const shop: Shop = createShop(
    { webhook: { publicKey }, onOutcome: (outcome) => void told.push(outcome), ...options },
    {
      latencyMs,
      webhookKeys: keys,
      fetch: async (request) => {
        const { transaction } = (await request.clone().json()) as { transaction: { tracking_id: string } }
        sent.push({ order: transaction.tracking_id, request })
        return new Response()
      },
    },
  )
  const charge = async (order = newOrder(), number = cards.succeeds, attempt = 1) => {
    const token = await shop.token(order, { attempt, request: { notification_url: HOOK } })
    const { body } = await shop.post(token, requestFor(order, number))
    /** The notification, once it was sent: the so-manieth of this order. */
    const webhook = async (nth = attempt): Promise<Request> => {
      const ours = (): Request | undefined =>
        sent.filter(({ order: about }) => about === order.trackingId)[nth - 1]?.request
      await expect.poll(ours).toBeDefined()
      return (ours() as Request).clone()
    }
    const deliver = async (): Promise<number> => (await shop.proxy.fetch(await webhook())).status
    const transaction = async (): Promise<Record<string, unknown>> =>
      ((await (await webhook()).json()) as { transaction: Record<string, unknown> }).transaction
    return { order, token, id: body.request_id as string, webhook, deliver, transaction }
  }
  return { ...shop, told, charge }
}
