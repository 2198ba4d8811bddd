import { constants, generateKeyPairSync, publicEncrypt } from 'node:crypto'
import { expect, it } from 'vitest'
import { openCard } from './open-card.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwk = privateKey.export({ format: 'jwk' }) as JsonWebKey
const sealed = (text: string): string =>
  `$begatewaycsejs_1_0_0$${publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(text)).toString('base64')}`

it("opens what Node's own RSA encrypted, whatever the length", () => {
  const card = { number: '4005550000000019', holder: 'ЁЖ '.repeat(20), exp_month: '05', verification_value: '' }
  const encrypted = Object.fromEntries(Object.entries(card).map(([name, text]) => [name, sealed(text)]))
  expect(openCard({ ...encrypted, save_card: true }, jwk)).toEqual({ ...card, save_card: true })
})

it.each([
  ['a made-up ciphertext', { number: '$begatewaycsejs_1_0_0$c2VjcmV0' }],
  ['a field for another key', { number: sealed('4200000000000000').replace(/.{8}$/, 'AAAAAA==') }],
  ['what is no base64', { number: '$begatewaycsejs_1_0_0$***' }],
  ['no card', undefined],
])('opens nothing of %s', (_, encrypted) => {
  expect(openCard(encrypted, jwk)).toBeUndefined()
})
