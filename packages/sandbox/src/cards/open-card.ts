/** Reads `encrypted_credit_card`: each field is RSAES-PKCS1-v1_5 for the key that this sandbox shows. Protocol section 3. */
import { isObject } from '../request/field-check.ts'

type Values = Readonly<Record<string, unknown>>

const PREFIX = '$begatewaycsejs_1_0_0$'

/** The texts of a card whose every ciphertext is for this key; nothing for one that is not, such as a made-up one. */
export function openCard(encrypted: unknown, key: JsonWebKey | undefined): Values | undefined {
  if (!isObject(encrypted) || !key) return undefined
  const opened: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(encrypted)) {
    const isCiphertext = typeof value === 'string' && value.startsWith(PREFIX)
    const text = isCiphertext ? decrypt(value.slice(PREFIX.length), key) : value
    if (text === undefined) return undefined
    opened[name] = text
  }
  return opened
}

function decrypt(base64: string, { n, p, q, dp, dq, qi }: JsonWebKey): string | undefined {
  const bytes = bytesOf(base64)
  const [modulus = 0n, first = 0n, second = 0n, ofFirst = 0n, ofSecond = 0n, inverse = 0n] = [n, p, q, dp, dq, qi].map(
    (part) => integerOf(bytesOf(part ?? '') ?? new Uint8Array()),
  )
  const cipher = bytes && integerOf(bytes)
  if (cipher === undefined || cipher >= modulus) return undefined
  // By the Chinese remainder theorem: four times as fast.
  const high = power(cipher, ofFirst, first)
  const low = power(cipher, ofSecond, second)
  const times = ((((high - low) * inverse) % first) + first) % first
  return unpadded((low + times * second).toString(16))
}

/** `00 02`, eight bytes or more that are not zero, `00`, and the text. The leading zeros are not written. */
function unpadded(hex: string): string | undefined {
  const [, text] = /^2(?:(?!00)..){8,}?00((?:..)*)$/.exec(hex) ?? []
  if (text === undefined) return undefined
  const bytes = Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
  return new TextDecoder().decode(bytes)
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base % modulus
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

const integerOf = (bytes: Uint8Array): bigint =>
  BigInt(`0x0${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`)

/** Of base64, also in the alphabet of URLs. */
function bytesOf(base64: string): Uint8Array | undefined {
  try {
    const text = base64.replaceAll('-', '+').replaceAll('_', '/')
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
