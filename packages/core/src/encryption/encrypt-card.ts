/** Client-side encryption of a card, so that no server of the shop ever sees it. Protocol section 3. */
import { TransactionError } from '../errors/transaction-error.ts'
import { base64Of } from '../lib/base64.ts'
import { publicKeyDer } from '../lib/public-key.ts'
import { capacityOf, encryptBytes } from './encrypt-bytes.ts'
import { type CardToEncrypt, readCard } from './read-card.ts'
import { type RsaKey, rsaKeyOf } from './rsa-key.ts'

/** The value of `encrypted_credit_card` in a request: each field of the card as a ciphertext, flags as they were. */
export type EncryptedCard = {
  number?: string
  verification_value?: string
  holder?: string
  exp_month?: string
  exp_year?: string
  save_card?: boolean
  skip_three_d_secure_verification?: boolean
}

/** Names the scheme to the gateway. */
const PREFIX = '$begatewaycsejs_1_0_0$'
const MIN_BITS = 2048
const MAX_BITS = 4096

/**
 * Encrypts a card in the page, to be sent as `encrypted_credit_card` in place of `credit_card`. Only the gateway can read
 * it: neither the shop's server nor the token proxy can. Protocol section 3.
 *
 * Encrypts the fields that are there, each apart, and passes flags such as `save_card` on as they are. Spaces and dashes
 * are removed from the number, months become two digits and years four. Each call gives other ciphertexts: call it once
 * for a payment, and let `submit()` send that one again.
 *
 * A saved card is not encrypted: send `credit_card: { token }`. Its security code can be, beside it:
 * `encrypted_credit_card: await encryptCard({ verification_value }, publicKey)`. Flags may stand there as well, and have to
 * behind the token proxy: `credit_card: { save_card: true }`.
 *
 * @param publicKey The shop's RSA public key of 2048 to 4096 bits, as the gateway's back office shows it: base64 or PEM.
 * It may be public, and so part of a page.
 * @throws TransactionError `request-invalid` if a field is not as the gateway takes it; `config` if the key cannot be
 * used, or if a field is longer than what it can encrypt, which is 245 bytes for 2048 bits. The effect is `none`, and no
 * value of the card is in the error.
 *
 * @example
 * ```ts
 * const encrypted_credit_card = await encryptCard(
 *   { number: '4200 0000 0000 0000', verification_value: '123', holder: 'JANE ROE', exp_month: 5, exp_year: 30 },
 *   publicKey,
 * )
 * const task = client.submit('payments', { ...order, encrypted_credit_card })
 * ```
 */
export async function encryptCard(card: CardToEncrypt, publicKey: string): Promise<EncryptedCard> {
  const key = usableKey(publicKey)
  const { texts, flags } = readCard(card)
  const encrypted = Object.entries(texts).map(([name, text]) => [name, encryptText(name, text, key)])
  return { ...flags, ...Object.fromEntries(encrypted) }
}

function usableKey(publicKey: unknown): RsaKey {
  const der = publicKeyDer(publicKey)
  const key = der && rsaKeyOf(der)
  if (!key)
    throw config(
      `publicKey ${publicKey ? 'is not an RSA public key' : 'is missing'}: give the one in the gateway's back office, as base64 or PEM`,
    )
  if (key.bits < MIN_BITS || key.bits > MAX_BITS)
    throw config(`publicKey has ${key.bits} bits: give an RSA key of ${MIN_BITS} to ${MAX_BITS} bits`)
  return key
}

function encryptText(name: string, text: string, key: RsaKey): string {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length > capacityOf(key))
    throw config(`${name} is longer than the ${capacityOf(key)} bytes that this key can encrypt: shorten it`)
  return PREFIX + base64Of(encryptBytes(bytes, key))
}

const config = (message: string): TransactionError => new TransactionError({ code: 'config', effect: 'none', message })
