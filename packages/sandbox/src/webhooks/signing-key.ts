/**
 * The key that signs webhooks (protocol section 6) and, by assumption, opens encrypted cards: RSA 2048, made at its first
 * use, for this sandbox alone.
 */
import { toBase64 } from '../base64.ts'

export interface SigningKey {
  /** Base64 of RSASSA-PKCS1-v1_5 with SHA-256 over these bytes. */
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<string>
  /** The public key as the gateway shows it: bare base64 of SPKI DER. */
  publicKey(): Promise<string>
  /** The private key, by which cards are opened; nothing where a pair was given that cannot be exported. */
  privateKey(): Promise<JsonWebKey | undefined>
}

const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }

/** @param given a pair to use instead of a new one */
export function createSigningKey(given: CryptoKeyPair | undefined): SigningKey {
  let pair: Promise<CryptoKeyPair> | undefined
  const keys = (): Promise<CryptoKeyPair> => {
    pair ??= given ? Promise.resolve(given) : generate()
    return pair
  }

  return {
    async sign(bytes) {
      const { privateKey } = await keys()
      return toBase64(new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, bytes)))
    },
    async publicKey() {
      const { publicKey } = await keys()
      return toBase64(new Uint8Array(await crypto.subtle.exportKey('spki', publicKey)))
    },
    async privateKey() {
      const { privateKey } = await keys()
      return privateKey.extractable ? crypto.subtle.exportKey('jwk', privateKey) : undefined
    },
  }
}

/** The same key as PEM, in lines of 64 characters. */
export function toPem(publicKey: string): string {
  const lines = publicKey.match(/.{1,64}/g) ?? []
  return `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`
}

function generate(): Promise<CryptoKeyPair> {
  const parameters = { ...algorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }
  return crypto.subtle.generateKey(parameters, true, ['sign', 'verify'])
}
