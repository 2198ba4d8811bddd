/** Non-negative integers as bytes, the most significant one first: OS2IP and I2OSP of RFC 8017, section 4. */

export const integerOf = (bytes: Uint8Array): bigint =>
  BigInt(`0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`)

/** All `length` bytes, also where the first ones are zero. */
export const bytesOfInteger = (integer: bigint, length: number): Uint8Array => {
  const digits = integer.toString(16).padStart(2 * length, '0')
  return Uint8Array.from({ length }, (_, index) => Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16))
}
