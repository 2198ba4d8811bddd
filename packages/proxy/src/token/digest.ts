/** Fingerprints, on WebCrypto: of intents (plain) and of what must not be guessed from them (keyed). */
import { base64url } from 'jose'

type Bytes = Uint8Array<ArrayBuffer>

const encode = (text: string): Bytes => new TextEncoder().encode(text)

export const sha256 = async (text: string): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', encode(text)))

export const hmacKey = (bytes: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])

export const hmac = async (key: CryptoKey, text: string): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.sign('HMAC', key, encode(text)))

export const base64 = (bytes: Bytes): string => base64url.encode(bytes)

/** JSON with its keys in order, so that the same content is the same text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
