/** Who is calling: HTTP Basic, user = shop id, password = secret key (protocol section 3). */
import { textFromBase64, textToBase64 } from './base64.ts'

export interface Shop {
  readonly shopId: string
  readonly secretKey: string
}

/** As they are given in options: ids of shops are numbers. */
export interface Credentials {
  readonly shopId: string | number
  readonly secretKey: string
}

/**
 * The shop behind an `Authorization` header, or `undefined` if the header is missing, of another scheme, or malformed,
 * or if it does not match the only credentials taken.
 */
export function readShop(header: string | null, only: Credentials | undefined): Shop | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+=*) *$/i.exec(header ?? '')?.[1]
  const text = encoded && textFromBase64(encoded)
  if (!text) return undefined
  const colon = text.indexOf(':')
  const shop: Shop = { shopId: text.slice(0, Math.max(0, colon)), secretKey: text.slice(colon + 1) }
  if (shop.shopId === '' || shop.secretKey === '') return undefined
  if (only && (`${only.shopId}` !== shop.shopId || only.secretKey !== shop.secretKey)) return undefined
  return shop
}

/** The header with which the gateway shows itself to the shop in a webhook (protocol section 6). */
export function basicHeader(shop: Shop): string {
  return `Basic ${textToBase64(`${shop.shopId}:${shop.secretKey}`)}`
}
