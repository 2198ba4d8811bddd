import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto'
import { assert, bigInt, property, uint8Array } from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { bytesOfInteger, integerOf } from './big-integer.ts'
import { capacityOf, encryptBytes } from './encrypt-bytes.ts'
import { type RsaKey, rsaKeyOf } from './rsa-key.ts'

afterEach(() => vi.restoreAllMocks())

/** To the power of one every number is itself: shows the block that is encrypted. */
const transparent = (bits: number): RsaKey => ({ modulus: 2n ** BigInt(bits) - 1n, exponent: 1n, bits })
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const message = new TextEncoder().encode('4200000000000000')

/** A small exponent, to be fast; Node reads what was encrypted. */
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 })
const key = rsaKeyOf(publicKey.export({ type: 'spki', format: 'der' })) as RsaKey
const decrypt = (ciphertext: Uint8Array): Buffer =>
  privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, ciphertext)

describe('encryptBytes', () => {
  it('lays out the block as RFC 8017 has it', () => {
    const block = encryptBytes(message, transparent(2048))
    expect(block).toHaveLength(256)
    expect([...block.subarray(0, 2)]).toEqual([0, 2])
    expect(block.indexOf(0, 2)).toBe(256 - message.length - 1)
    expect(text(block.subarray(-message.length))).toBe('4200000000000000')
  })

  it('pads 10,000 times differently, without a zero, and with every other byte equally often', () => {
    const counts = new Array<number>(256).fill(0)
    const seen = new Set<string>()
    for (let count = 0; count < 10_000; count++) {
      const padding = encryptBytes(message, transparent(2048)).subarray(2, -message.length - 1)
      for (const byte of padding) counts[byte] = (counts[byte] ?? 0) + 1
      seen.add(`${padding}`)
    }
    expect(seen.size).toBe(10_000)
    expect(counts[0]).toBe(0)
    const expected = counts.reduce((sum, count) => sum + count) / 255
    const chiSquare = counts.slice(1).reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // 254 degrees of freedom: above 450 once in 10¹² runs.
    expect(chiSquare).toBeLessThan(450)
  })

  it('draws again for each zero, and for nothing else', () => {
    const draws: number[][] = [[0, 7, 0, 9, 9, 9, 9, 0], [0], [0], [5], [6], [0], [8]]
    const drawn: number[] = []
    vi.spyOn(crypto, 'getRandomValues').mockImplementation((bytes) => {
      const next = draws.shift() ?? []
      drawn.push(next.length)
      ;(bytes as unknown as Uint8Array).set(next)
      return bytes
    })
    const block = encryptBytes(new Uint8Array(245), transparent(2048))
    expect([...block.subarray(0, 11)]).toEqual([0, 2, 5, 7, 6, 9, 9, 9, 9, 8, 0])
    expect(drawn).toEqual([8, 1, 1, 1, 1, 1, 1])
  })

  it.each([
    [2048, 245],
    [2049, 246],
    [2055, 246],
    [2056, 246],
    [3072, 373],
    [4096, 501],
  ])('a key of %i bits encrypts up to %i bytes', (bits, capacity) => {
    expect(capacityOf(transparent(bits))).toBe(capacity)
    const block = encryptBytes(new Uint8Array(capacity).fill(65), transparent(bits))
    expect(block).toHaveLength(Math.ceil(bits / 8))
    expect(block.indexOf(0, 2)).toBe(10)
  })

  it('encrypts what Node decrypts, always as long as the modulus', () => {
    assert(
      property(uint8Array({ maxLength: 245 }), (bytes) => {
        const ciphertext = encryptBytes(bytes, key)
        expect(ciphertext).toHaveLength(256)
        expect(decrypt(ciphertext).equals(bytes)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('keeps the zeros that a ciphertext begins with', () => {
    const ciphertexts = Array.from({ length: 5000 }, () => encryptBytes(message, key))
    const short = ciphertexts.filter(([first]) => first === 0)
    expect(short.length).toBeGreaterThan(0)
    for (const ciphertext of short) expect(text(decrypt(ciphertext))).toBe('4200000000000000')
    for (const ciphertext of ciphertexts) expect(ciphertext).toHaveLength(256)
  })
})

it('integers and bytes are each other, with as many leading zeros as asked for', () => {
  assert(
    property(uint8Array({ minLength: 1, maxLength: 512 }), (bytes) => {
      expect(bytesOfInteger(integerOf(bytes), bytes.length)).toEqual(bytes)
    }),
  )
  assert(
    property(bigInt({ min: 0n, max: 2n ** 4096n - 1n }), (integer) => {
      expect(integerOf(bytesOfInteger(integer, 512))).toBe(integer)
    }),
  )
})
