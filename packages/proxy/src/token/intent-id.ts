/** One intent, one charge: everything that makes a charge the same charge, as ids. Protocol section 2. */
import { base64, sha256 } from './digest.ts'
import type { Grant } from './grant.ts'

export type Intent = Pick<Grant, 'type' | 'amount' | 'currency' | 'trackingId' | 'attempt'>

export interface IntentIds {
  /** Names the intent in the store. */
  readonly key: string
  /** The upstream `RequestID`, a UUID. */
  readonly requestKey: string
}

/**
 * From the intent and the shop alone, not from the proxy's secret: the id must be the same after the secret was rotated,
 * or the same intent would be charged again.
 */
export async function intentIds(intent: Intent, shopId: string): Promise<IntentIds> {
  const { type, amount, currency, trackingId, attempt } = intent
  const parts = ['async-transaction intent 1', shopId, type, trackingId, amount, currency?.toUpperCase(), attempt]
  const bytes = await sha256(JSON.stringify(parts.map((part) => part ?? null)))
  return { key: base64(bytes), requestKey: uuidOf(bytes) }
}

/** Names the order in the store, which may have several attempts; a webhook says no more of a transaction than this. */
export async function orderKey(order: Omit<Intent, 'attempt'>, shopId: string): Promise<string> {
  const { type, amount, currency, trackingId } = order
  const parts = [
    'async-transaction order 1',
    shopId,
    type.replace(/s$/, ''),
    trackingId,
    amount,
    currency?.toUpperCase(),
  ]
  return base64(await sha256(JSON.stringify(parts.map((part) => part ?? null))))
}

/** A UUID of version 8, which is for ids that are made by a rule of one's own. RFC 9562, section 5.8. */
function uuidOf(bytes: Uint8Array): string {
  const hex = [...bytes.subarray(0, 16)]
    .map((byte, index) => (index === 6 ? (byte & 0x0f) | 0x80 : index === 8 ? (byte & 0x3f) | 0x80 : byte))
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
