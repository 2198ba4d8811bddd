/** One intent, one charge: everything that makes a charge the same charge, as ids. Protocol section 2. */
import { base64, sha256 } from './digest.ts'
import type { GrantedCharge } from './grant.ts'

export interface Intent extends Pick<GrantedCharge, 'type' | 'amount' | 'currency' | 'trackingId' | 'attempt'> {
  /** Whether the shop fixed it to be a test: another order than the live one of the same id. */
  readonly test: boolean
}

/** Whose payments they are: of a shop at a gateway. */
export interface Shop {
  readonly baseUrl: string
  readonly shopId: string
}

export interface IntentIds {
  /** Names the intent in the store. */
  readonly key: string
  /** The upstream `RequestID`, a UUID. */
  readonly requestKey: string
}

export const intentOf = ({ type, amount, currency, trackingId, attempt, fixed }: GrantedCharge): Intent => ({
  type,
  amount,
  currency: currency?.toUpperCase(),
  trackingId,
  attempt,
  test: fixed.test === true,
})

/**
 * From the intent and the shop alone, not from the proxy's secret: the id must be the same after the secret was rotated,
 * or the same intent would be charged again.
 */
export async function intentIds(intent: Intent, shop: Shop): Promise<IntentIds> {
  const { type, amount, currency, trackingId, attempt, test } = intent
  const parts = ['async-transaction intent 1', shop.shopId, type, trackingId, amount, currency?.toUpperCase(), attempt]
  const request = await digestOf(parts)
  // A store may serve several shops, gateways and modes; the gateway keeps its own `RequestID`s of each apart.
  const key = await digestOf(['async-transaction intent key 2', shop.baseUrl, test, ...parts])
  return { key: base64(key), requestKey: uuidOf(request) }
}

/** Names the order in the store: a type and a tracking id. It may have several attempts, and amounts. */
export async function orderKey(
  { type, trackingId, test }: Pick<Intent, 'type' | 'trackingId' | 'test'>,
  { baseUrl, shopId }: Shop,
): Promise<string> {
  const parts = ['async-transaction order 2', baseUrl, shopId, test, type.replace(/s$/, ''), trackingId]
  return base64(await digestOf(parts))
}

const digestOf = (parts: readonly unknown[]): ReturnType<typeof sha256> =>
  sha256(JSON.stringify(parts.map((part) => part ?? null)))

/** A UUID of version 8, which is for ids that are made by a rule of one's own. RFC 9562, section 5.8. */
function uuidOf(bytes: Uint8Array): string {
  const hex = [...bytes.subarray(0, 16)]
    .map((byte, index) => (index === 6 ? (byte & 0x0f) | 0x80 : index === 8 ? (byte & 0x3f) | 0x80 : byte))
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
