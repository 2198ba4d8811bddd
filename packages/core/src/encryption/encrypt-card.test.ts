import { execFileSync, spawnSync } from 'node:child_process'
import { constants, createPublicKey, generateKeyPair, type KeyObject, privateDecrypt } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { assert, asyncProperty, integer, record, stringMatching } from 'fast-check'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { type EncryptedCard, encryptCard } from './encrypt-card.ts'

const card = {
  number: '4200 0000 0000 0000',
  verification_value: '012',
  holder: 'ӘЛИЯ НҰРЛАНҚЫЗЫ',
  exp_month: 5,
  exp_year: '30',
}
const plain = {
  number: '4200000000000000',
  verification_value: '012',
  holder: 'ӘЛИЯ НҰРЛАНҚЫЗЫ',
  exp_month: '05',
  exp_year: '2030',
}

interface Pair {
  readonly publicKey: string
  readonly privateKey: string
}

async function pairOf(modulusLength: number, publicExponent: number): Promise<Pair> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength,
    publicExponent,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return { publicKey, privateKey }
}

const sizes = [2048, 3072, 4096].flatMap((bits) => [3, 65_537].map((exponent) => [bits, exponent] as const))
const pairs = new Map(await Promise.all(sizes.map(async (size) => [`${size}`, await pairOf(...size)] as const)))
const pair = (bits: number, exponent: number): Pair => pairs.get(`${[bits, exponent]}`) as Pair
const small = pair(2048, 3)

/** The bytes of a ciphertext as the gateway takes it. */
function ciphertext(field: unknown): Buffer {
  expect(field).toMatch(/^\$begatewaycsejs_1_0_0\$[A-Za-z0-9+/]+={0,2}$/)
  return Buffer.from(String(field).slice('$begatewaycsejs_1_0_0$'.length), 'base64')
}

type Decrypt = (bytes: Buffer, privateKey: string) => string

const byNode: Decrypt = (bytes, key) =>
  privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, bytes).toString('utf8')

const folder = mkdtempSync(join(tmpdir(), 'async-transaction-encryption-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Another program, in case Node and this library are wrong in the same way. */
const byOpenssl: Decrypt = (bytes, key) => {
  const file = join(folder, 'key.pem')
  writeFileSync(file, key)
  const options = ['pkeyutl', '-decrypt', '-inkey', file, '-pkeyopt', 'rsa_padding_mode:pkcs1']
  return execFileSync('openssl', options, { input: bytes, encoding: 'utf8' })
}

const decrypted = (encrypted: EncryptedCard, privateKey: string, decrypt: Decrypt): object =>
  Object.fromEntries(Object.entries(encrypted).map(([name, field]) => [name, decrypt(ciphertext(field), privateKey)]))

describe('encryptCard', () => {
  it.each(sizes)('is read by Node with a key of %i bits and the exponent %i', async (bits, exponent) => {
    const { publicKey, privateKey } = pair(bits, exponent)
    const encrypted = await encryptCard(card, publicKey)
    expect(decrypted(encrypted, privateKey, byNode)).toEqual(plain)
    for (const field of Object.values(encrypted)) expect(ciphertext(field)).toHaveLength(bits / 8)
  })

  const hasOpenssl = spawnSync('openssl', ['version']).status === 0
  it.skipIf(!hasOpenssl).each(sizes)(
    'is read by openssl with a key of %i bits and the exponent %i (needs openssl)',
    async (bits, exponent) => {
      const { publicKey, privateKey } = pair(bits, exponent)
      expect(decrypted(await encryptCard(card, publicKey), privateKey, byOpenssl)).toEqual(plain)
    },
  )

  it('encrypts every card that is one, as long as the modulus', async () => {
    const cards = record(
      {
        number: stringMatching(/^0{0,4}\d{12,15}$/),
        verification_value: stringMatching(/^\d{3,4}$/),
        holder: stringMatching(/^\p{Letter}[^\s]{0,50}$/u),
        exp_month: integer({ min: 1, max: 12 }),
        exp_year: integer({ min: 2000, max: 2099 }),
      },
      { requiredKeys: ['number'] },
    )
    await assert(
      asyncProperty(cards, async (each) => {
        const encrypted = await encryptCard(each, small.publicKey)
        const { exp_month, exp_year, ...texts } = each
        expect(decrypted(encrypted, small.privateKey, byNode)).toEqual({
          ...texts,
          ...(exp_month && { exp_month: `${exp_month}`.padStart(2, '0') }),
          ...(exp_year && { exp_year: `${exp_year}` }),
        })
        for (const field of Object.values(encrypted)) expect(ciphertext(field)).toHaveLength(256)
      }),
    )
  })

  it('gives other ciphertexts at each call', async () => {
    const [one, other] = await Promise.all([encryptCard(card, small.publicKey), encryptCard(card, small.publicKey)])
    expect(new Set([...Object.values(one), ...Object.values(other)]).size).toBe(10)
  })

  it('leaves the card as it was, and flags beside what it encrypts', async () => {
    const given = Object.freeze({ ...card, save_card: true, skip_three_d_secure_verification: false })
    const { save_card, skip_three_d_secure_verification, ...encrypted } = await encryptCard(given, small.publicKey)
    expect([save_card, skip_three_d_secure_verification]).toEqual([true, false])
    expect(decrypted(encrypted, small.privateKey, byNode)).toEqual(plain)
  })

  it('encrypts the security code of a saved card alone', async () => {
    const encrypted = await encryptCard({ verification_value: '012' }, small.publicKey)
    expect(decrypted(encrypted, small.privateKey, byNode)).toEqual({ verification_value: '012' })
  })

  it.each([
    ['bare base64', (pem: string) => pem.replace(/-----.*-----|\s/g, '')],
    ['PEM with a literal \\n in quotes', (pem: string) => JSON.stringify(pem)],
    ['PEM in base64', btoa],
    ['PKCS#1', (pem: string) => createPublicKey(pem).export({ type: 'pkcs1', format: 'pem' }).toString()],
  ])('takes the key as %s', async (_, form) => {
    const encrypted = await encryptCard(card, form(small.publicKey))
    expect(decrypted(encrypted, small.privateKey, byNode)).toEqual(plain)
  })

  const keyOf = (bits: number): string => {
    const n = (2n ** BigInt(bits - 1) + 12345n).toString(16)
    const key = { kty: 'RSA', n: Buffer.from(n.length % 2 ? `0${n}` : n, 'hex').toString('base64url'), e: 'AQAB' }
    return createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString()
  }

  it.each([2048, 2049, 4095, 4096])('takes a key of %i bits', async (bits) => {
    const { number } = await encryptCard(card, keyOf(bits))
    expect(ciphertext(number)).toHaveLength(Math.ceil(bits / 8))
  })

  it.each([1024, 2047, 4097, 8192])('refuses a key of %i bits, and says which it takes', async (bits) => {
    await expect(encryptCard(card, keyOf(bits))).rejects.toMatchObject({
      code: 'config',
      effect: 'none',
      message: `publicKey has ${bits} bits: give an RSA key of 2048 to 4096 bits`,
    })
  })

  const curve = async (): Promise<string> => {
    const { publicKey }: { publicKey: KeyObject } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
    return publicKey.export({ type: 'spki', format: 'pem' }).toString()
  }
  it.each([
    ['no key', () => undefined, 'publicKey is missing'],
    ['an empty text', () => '', 'publicKey is missing'],
    ['a text that is no key', () => 'not a key', 'publicKey is not an RSA public key'],
    ['a key of another kind', curve, 'publicKey is not an RSA public key'],
    ['a private key', () => small.privateKey, 'publicKey is not an RSA public key'],
  ])('refuses %s, says what to give, and shows nothing of it', async (_, given, message) => {
    const publicKey = (await given()) as string
    const error = await encryptCard(card, publicKey).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'config', effect: 'none' })
    const { message: shown } = error as Error
    expect(shown).toBe(`${message}: give the one in the gateway's back office, as base64 or PEM`)
  })

  it.each([
    [2048, 245],
    [4096, 501],
  ])('with a key of %i bits refuses a field of more than %i bytes', async (bits, capacity) => {
    const { publicKey, privateKey } = pair(bits, 3)
    const holder = `Ә${'A'.repeat(capacity - 2)}`
    expect(decrypted(await encryptCard({ holder }, publicKey), privateKey, byNode)).toEqual({ holder })
    const error = await encryptCard({ ...card, holder: `${holder}A` }, publicKey).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'config',
      effect: 'none',
      message: `holder is longer than the ${capacity} bytes that this key can encrypt: shorten it`,
    })
    expect(JSON.stringify(error)).not.toContain('AAA')
  })

  it('works where there is no `crypto.subtle`, as on a page without https', async () => {
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
    const encrypted = await encryptCard(card, small.publicKey).finally(() => vi.unstubAllGlobals())
    expect(decrypted(encrypted, small.privateKey, byNode)).toEqual(plain)
  })

  it('refuses a field that the gateway would not take', async () => {
    await expect(encryptCard({ ...card, number: '42' }, small.publicKey)).rejects.toMatchObject({
      code: 'request-invalid',
      effect: 'none',
      message: 'number must be the 12 to 19 digits of a card number',
    })
  })
})
