/** An RSA public key out of its SPKI, by a strict reader of DER: RFC 5280 section 4.1, RFC 8017 appendix A.1.1. */
import { RSA_ENCRYPTION } from '../lib/public-key.ts'
import { integerOf } from './big-integer.ts'

export interface RsaKey {
  readonly modulus: bigint
  readonly exponent: bigint
  /** Length of the modulus in bits. */
  readonly bits: number
}

const SEQUENCE = 0x30
const INTEGER = 0x02
const BIT_STRING = 0x03

/** Returns `undefined` for anything but exactly one RSA public key. Its size is for the caller to judge. */
export function rsaKeyOf(spki: Uint8Array): RsaKey | undefined {
  try {
    const [algorithm, wrapped] = read(only(spki, SEQUENCE), SEQUENCE)
    const bitString = only(wrapped, BIT_STRING)
    if (algorithm.join() !== RSA_ENCRYPTION.join() || bitString[0] !== 0) return undefined
    const [modulus, rest] = read(only(bitString.subarray(1), SEQUENCE), INTEGER)
    const key = { modulus: positive(modulus), exponent: positive(only(rest, INTEGER)) }
    // Both are odd in every RSA key; with an exponent of 1 the ciphertext would be the text.
    if (!(key.modulus & key.exponent & 1n) || key.exponent === 1n || key.exponent >= key.modulus) return undefined
    return { ...key, bits: key.modulus.toString(2).length }
  } catch {
    return undefined
  }
}

/** The content of the first value of `der`, and what follows it. Throws unless the value has this tag and is strict DER. */
function read(der: Uint8Array, tag: number): [content: Uint8Array, rest: Uint8Array] {
  const [actual, size = 0x80] = der
  const start = size < 0x80 ? 2 : 2 + (size - 0x80)
  const length = size < 0x80 ? size : der.subarray(2, start).reduce((sum, byte) => sum * 256 + byte, 0)
  const isShortest = size < 0x80 || (length >= 0x80 && der[2] !== 0)
  if (actual !== tag || !isShortest || start + length > der.length) throw new RangeError('Not the DER that is expected')
  return [der.subarray(start, start + length), der.subarray(start + length)]
}

/** The content of the one value that `der` is. */
function only(der: Uint8Array, tag: number): Uint8Array {
  const [content, rest] = read(der, tag)
  if (rest.length > 0) throw new RangeError('Something follows the value')
  return content
}

/** An INTEGER above zero: its first bit is its sign, and no byte is superfluous. */
function positive(content: Uint8Array): bigint {
  const [first = 0x80, second = 0] = content
  if (first >= 0x80 || (first === 0 && second < 0x80)) throw new RangeError('Not a positive integer in DER')
  return integerOf(content)
}
