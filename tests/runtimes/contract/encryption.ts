/** Encrypted cards, read again with the private exponent: no runtime has a function for that everywhere. */
import type { Cases } from './cases.ts'
import { expect, expectSame, rejection } from './expect.ts'
import type { Shop } from './shop.ts'

const PREFIX = '$begatewaycsejs_1_0_0$'
const BYTES = 256

const card = { number: '4200 0000 0000 0000', verification_value: '012', holder: 'ӘЛИЯ', exp_month: 5, exp_year: '30' }
const plain = {
  number: '4200000000000000',
  verification_value: '012',
  holder: 'ӘЛИЯ',
  exp_month: '05',
  exp_year: '2030',
}

const binary = (base64: string): string => atob(base64.replaceAll('-', '+').replaceAll('_', '/'))
const hexOf = (text: string): string =>
  Array.from(text, (character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('')
const integerOf = (base64: string): bigint => BigInt(`0x${hexOf(binary(base64))}`)

/** A key of this runtime, as the gateway would show it, and the padded blocks that were encrypted with it. */
async function gatewayKey() {
  const pair = await crypto.subtle.generateKey(
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 8 * BYTES, publicExponent: Uint8Array.of(1, 0, 1) },
    true,
    ['sign', 'verify'],
  )
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))
  const { n = '', d = '' } = await crypto.subtle.exportKey('jwk', pair.privateKey)
  const [modulus, exponent] = [integerOf(n), integerOf(d)]
  const blockOf = (ciphertext: string): Uint8Array => {
    expect(ciphertext.startsWith(PREFIX), `it begins with ${PREFIX}`)
    const bytes = ciphertext.slice(PREFIX.length)
    expectSame(binary(bytes).length, BYTES)
    let [power, result] = [integerOf(bytes), 1n]
    for (let rest = exponent; rest > 0n; rest >>= 1n) {
      if (rest & 1n) result = (result * power) % modulus
      power = (power * power) % modulus
    }
    const digits = result.toString(16).padStart(2 * BYTES, '0')
    return Uint8Array.from({ length: BYTES }, (_, index) => Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16))
  }
  return { publicKey: btoa(String.fromCharCode(...spki)), blockOf }
}

const withEncryptedCard = async (shop: Shop, fields: object) => ({
  ...shop.order(),
  credit_card: undefined,
  encrypted_credit_card: await shop.encryption.encryptCard({ ...card, ...fields }, await shop.webhook.publicKey()),
})

export const encryption: Cases = {
  async 'a card is encrypted field by field, as RSAES-PKCS1-v1_5'(shop) {
    const { publicKey, blockOf } = await gatewayKey()
    const encrypted = await shop.encryption.encryptCard(card, publicKey)
    const texts = Object.entries(encrypted).map(([name, ciphertext]) => {
      const block = blockOf(String(ciphertext))
      expectSame([...block.subarray(0, 2)], [0, 2])
      const end = block.indexOf(0, 2)
      expect(end >= 10, 'there are eight bytes of padding or more')
      return [name, new TextDecoder().decode(block.subarray(end + 1))]
    })
    expectSame(Object.fromEntries(texts), plain)
    const again = await shop.encryption.encryptCard(card, publicKey)
    expect(again.number !== encrypted.number, 'the padding is drawn anew')
  },

  async 'an encrypted card pays, and can be saved'(shop) {
    const outcome = await shop
      .client()
      .submit('payments', await withEncryptedCard(shop, { save_card: true }))
      .outcome()
    const transaction = 'transaction' in outcome ? outcome.transaction : undefined
    expectSame([outcome.status, transaction?.status], ['result', 'successful'])
    expect(transaction?.credit_card?.token, 'there is a token')
  },

  async 'what cannot be encrypted is an error of the library, without the card in it'(shop) {
    const publicKey = await shop.webhook.publicKey()
    const errors = await Promise.all(
      [
        shop.encryption.encryptCard(card, 'bm8ga2V5'),
        shop.encryption.encryptCard({ ...card, holder: 'Ә'.repeat(123) }, publicKey),
        shop.encryption.encryptCard({ ...card, number: '42000000' }, publicKey),
      ].map(rejection),
    )
    const codes = errors.map((error) => {
      expect(error instanceof Error && shop.core.isTransactionError(error), `it is a TransactionError: ${error}`)
      expect(!/ӘӘ|4200/.test(`${error.stack} ${JSON.stringify(error)}`), 'it holds no value of the card')
      return [error.code, error.effect]
    })
    expectSame(codes, [
      ['config', 'none'],
      ['config', 'none'],
      ['request-invalid', 'none'],
    ])
  },
}
