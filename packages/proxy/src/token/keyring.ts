/** The secrets of the proxy, and what is derived from them: one key per purpose, so that none can stand in for another. */
import { base64, hmac, hmacKey } from './digest.ts'

interface Keys {
  /** Names the secret in a token's header, and tells nothing of it. */
  readonly kid: string
  readonly signing: CryptoKey
  readonly digests: CryptoKey
}

export class Keyring {
  readonly #secrets: readonly Uint8Array<ArrayBuffer>[]
  /** Imported once. A value, not a promise: on Workers a promise of one request never settles in another. */
  #keys: readonly Keys[] | undefined

  constructor(secrets: readonly Uint8Array<ArrayBuffer>[]) {
    this.#secrets = secrets
  }

  /** The keys to sign with. */
  async newest(): Promise<Keys> {
    return (await this.#derived())[0] as Keys
  }

  /** The signing key a token names. */
  async signing(kid: string | undefined): Promise<CryptoKey | undefined> {
    return (await this.#derived()).find((keys) => keys.kid === kid)?.signing
  }

  /** A keyed digest under each secret, that of the newest first: what was stored before a rotation is known again. */
  async digests(purpose: string, text: string): Promise<[newest: string, ...older: string[]]> {
    const keys = await this.#derived()
    const digests = await Promise.all(
      keys.map(async ({ digests }) => base64(await hmac(digests, `${purpose}\n${text}`))),
    )
    return digests as [string, ...string[]]
  }

  async #derived(): Promise<readonly Keys[]> {
    this.#keys ??= await Promise.all(
      this.#secrets.map(async (bytes) => {
        const secret = await hmacKey(bytes)
        return {
          kid: base64(await hmac(secret, 'kid')).slice(0, 12),
          signing: await hmacKey(await hmac(secret, 'token signing')),
          digests: await hmacKey(await hmac(secret, 'digests')),
        }
      }),
    )
    return this.#keys
  }
}
