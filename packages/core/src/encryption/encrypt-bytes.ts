/** RSAES-PKCS1-v1_5, RFC 8017 section 7.2.1. WebCrypto does not have it: decisions/070-card-encryption.md. */
import { bytesOfInteger, integerOf } from './big-integer.ts'
import type { RsaKey } from './rsa-key.ts'

/** Two bytes of type, eight or more of padding, and a zero before the message. */
const OVERHEAD = 11

/** How many bytes the key can encrypt: 245 for 2048 bits. */
export const capacityOf = (key: RsaKey): number => sizeOf(key) - OVERHEAD

/** Encrypts up to `capacityOf(key)` bytes; each call gives another ciphertext, as long as the modulus. */
export function encryptBytes(message: Uint8Array, key: RsaKey): Uint8Array {
  const size = sizeOf(key)
  const block = new Uint8Array(size)
  block[1] = 2
  fillAtRandom(block.subarray(2, size - message.length - 1))
  block.set(message, size - message.length)
  return bytesOfInteger(power(integerOf(block), key), size)
}

const sizeOf = ({ bits }: RsaKey): number => Math.ceil(bits / 8)

/** Draws again for each zero, which would end the padding: so every other byte is equally likely. */
function fillAtRandom(padding: Uint8Array<ArrayBuffer>): void {
  crypto.getRandomValues(padding)
  for (let zero = padding.indexOf(0); zero >= 0; zero = padding.indexOf(0, zero))
    crypto.getRandomValues(padding.subarray(zero, zero + 1))
}

/** `base` to the power of the exponent, by squaring and multiplying. */
function power(base: bigint, { exponent, modulus }: RsaKey): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus
    if (bit === '1') result = (result * base) % modulus
  }
  return result
}
