import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { assert, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rsaKeyOf } from './rsa-key.ts'

const spkiOf = (key: ReturnType<typeof createPublicKey>): Buffer => key.export({ type: 'spki', format: 'der' })

/** The SPKI of any pair of numbers, also of such as make no key. */
function spki(modulus: bigint, exponent: bigint): Buffer {
  const value = (tag: number, content: Buffer): Buffer => {
    const { length } = content
    const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
    return Buffer.concat([Buffer.from([tag, ...size]), content])
  }
  const number = (integer: bigint): Buffer => {
    const hex = integer.toString(16)
    const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')
    return value(2, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes)
  }
  const pair = value(0x30, Buffer.concat([number(modulus), number(exponent)]))
  const algorithm = Buffer.from('300d06092a864886f70d0101010500', 'hex')
  return value(0x30, Buffer.concat([algorithm, value(3, Buffer.concat([Buffer.alloc(1), pair]))]))
}

const modulus = (bits: number): bigint => 2n ** BigInt(bits - 1) + 12345n

describe('rsaKeyOf', () => {
  it.each([
    [1024, 65_537],
    [2048, 3],
    [2048, 65_537],
    [3072, 257],
  ])('reads a key of %i bits with the exponent %i', (modulusLength, publicExponent) => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength, publicExponent })
    const key = rsaKeyOf(spkiOf(publicKey))
    const n = BigInt(`0x${Buffer.from(publicKey.export({ format: 'jwk' }).n ?? '', 'base64url').toString('hex')}`)
    expect(key).toEqual({ modulus: n, exponent: BigInt(publicExponent), bits: modulusLength })
  })

  it.each([512, 1016, 1024, 2041, 2047, 2048, 2050, 4096, 4097, 16_384])('tells that a key has %i bits', (bits) => {
    expect(rsaKeyOf(spki(modulus(bits), 65_537n))).toEqual({ modulus: modulus(bits), exponent: 65_537n, bits })
  })

  it('reads an exponent as long as the modulus allows', () => {
    const exponent = modulus(2048) - 2n
    expect(rsaKeyOf(spki(modulus(2048), exponent))).toMatchObject({ exponent })
  })

  it.each([
    ['a modulus of zero', 0n, 65_537n],
    ['an even modulus', modulus(2048) + 1n, 65_537n],
    ['an exponent of zero', modulus(2048), 0n],
    ['an exponent of one, which would encrypt nothing', modulus(2048), 1n],
    ['an even exponent', modulus(2048), 65_536n],
    ['an exponent of the size of the modulus', modulus(2048), modulus(2048)],
  ])('refuses %s', (_, n, e) => {
    expect(rsaKeyOf(spki(n, e))).toBeUndefined()
  })

  const others = {
    'RSA-PSS': () => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
    'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    Ed25519: () => generateKeyPairSync('ed25519'),
    X25519: () => generateKeyPairSync('x25519'),
  }
  it.each(Object.entries(others))('refuses a key of %s', (_, generate) => {
    expect(rsaKeyOf(spkiOf(generate().publicKey))).toBeUndefined()
  })

  it('refuses a private key', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    for (const type of ['pkcs1', 'pkcs8'] as const)
      expect(rsaKeyOf(privateKey.export({ type, format: 'der' }))).toBeUndefined()
  })

  const whole = spki(modulus(2048), 65_537n)

  it('agrees with Node about what is tried here', () => {
    expect(spkiOf(createPublicKey({ key: whole, type: 'spki', format: 'der' }))).toEqual(whole)
  })

  it('refuses a key that is cut, at whichever byte', () => {
    for (let length = 0; length < whole.length; length++) expect(rsaKeyOf(whole.subarray(0, length))).toBeUndefined()
  })

  it('refuses what has another byte in any of its tags, lengths and identifiers', () => {
    assert(
      property(integer({ min: 0, max: 31 }), integer({ min: 1, max: 255 }), (index, change) => {
        const changed = Buffer.from(whole)
        changed[index] = (changed[index] ?? 0) ^ change
        expect(rsaKeyOf(changed)).toBeUndefined()
      }),
      { numRuns: 2000 },
    )
  })

  const hex = whole.toString('hex')
  it.each([
    ['a byte after the key', `${hex}00`],
    [
      'a byte after the pair of numbers',
      hex.replace('30820122', '30820123').replace('0382010f', '03820110').concat('00'),
    ],
    ['a length that is longer than it must be', hex.replace('300d', '30810d').replace('30820122', '30820123')],
    ['a length with a leading zero', hex.replace('30820122', '3083000122')],
    ['an indefinite length', hex.replace('30820122', '3080').concat('0000')],
    [
      'a superfluous zero in a number',
      hex
        .replace('0203010001', '020400010001')
        .replace('3082010a', '3082010b')
        .replace('0382010f', '03820110')
        .replace('30820122', '30820123'),
    ],
    ['a negative modulus', hex.replace('0282010100', '02820101ff')],
    [
      'an empty exponent',
      hex
        .replace('0203010001', '0200')
        .replace('3082010a', '30820107')
        .replace('0382010f', '0382010c')
        .replace('30820122', '3082011f'),
    ],
    ['a length of more bytes than there are', `30fe${'ff'.repeat(40)}`],
  ])('refuses %s', (_, changed) => {
    expect(changed).not.toBe(hex)
    expect(rsaKeyOf(Buffer.from(changed, 'hex'))).toBeUndefined()
  })
})
