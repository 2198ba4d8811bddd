import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose'
import { expect, it } from 'vitest'
import { settingsOf } from '../options.ts'
import { Keyring } from './keyring.ts'
import { createTokens } from './tokens.ts'

const settings = settingsOf({
  gateway: { baseUrl: 'https://gw.example', shopId: 361, secretKey: 'the-shop-secret' },
  secret: crypto.getRandomValues(new Uint8Array(32)),
  origins: ['https://shop.example'],
})
const keyring = new Keyring(settings.secrets)
const tokens = createTokens(settings, keyring)

/** A token of ours with other claims or another header, signed with the genuine key. */
async function altered(claims: object, header: object = {}): Promise<string> {
  const genuine = await tokens.sign({ type: 'payments', amount: 1, trackingId: 'order-1', attempt: 1, fixed: {} })
  const { signing } = await keyring.newest()
  return new SignJWT({ ...decodeJwt(genuine), ...claims })
    .setProtectedHeader({ ...decodeProtectedHeader(genuine), alg: 'HS256', ...header })
    .sign(signing)
}

it('takes a token of its own', async () => {
  expect(await tokens.verify(`Bearer ${await altered({})}`)).toMatchObject({ trackingId: 'order-1', attempt: 1 })
})

it.each<[string, object, object?]>([
  ['whose charge_exp is a text, after which no time comes', { charge_exp: 'never' }],
  ['whose charge_exp is null', { charge_exp: null }],
  ['whose charge_exp is a list', { charge_exp: [9e9] }],
  ['without charge_exp', { charge_exp: undefined }],
  ['of another kind, made with the same key', {}, { typ: 'JWT' }],
  ['without a kind', {}, { typ: undefined }],
  ['of another issuer', { iss: 'somebody' }],
  ['for another audience', { aud: 'somebody' }],
  ['without an audience', { aud: undefined }],
  ['without an end', { exp: undefined }],
  ['without an id', { jti: undefined }],
])('refuses a token %s', async (_, claims, header) => {
  expect(await tokens.verify(`Bearer ${await altered(claims, header)}`)).toBeUndefined()
})
