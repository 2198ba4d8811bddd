/** The shop's keys, and the gateway's webhooks, which they are checked with. */
import { createSign, generateKeyPairSync } from 'node:crypto'
import type { ProxyWorld } from './world.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const began = new WeakMap<ProxyWorld, number>()

export const shop = {
  id: '361',
  secretKey: 'shop-secret-5e1f0c9a7b3d4e21',
  tokenSecret: 'a-secret-of-thirty-two-bytes-or-more-for-tokens',
  publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  /** When the scenario began, in epoch milliseconds. */
  began(world: ProxyWorld): number {
    const known = began.get(world) ?? world.now()
    began.set(world, known)
    return known
  },
} as const

/** As the gateway sends it. */
export function webhookOf(transaction: object): Request {
  const body = JSON.stringify({ transaction })
  return new Request('https://shop.test/pay/webhook', {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${btoa(`${shop.id}:${shop.secretKey}`)}`,
      'content-signature': createSign('sha256').update(body).sign(privateKey).toString('base64'),
    },
  })
}
