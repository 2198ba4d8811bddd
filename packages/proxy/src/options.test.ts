import { generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createTokenProxy, type TokenProxyOptions } from './index.ts'

const SECRET = 'nV7zq4PSLr0mXeKc1TgJwBfYh8uDa2iO'

const options: TokenProxyOptions = {
  gateway: { baseUrl: 'https://gw.example', shopId: 361, secretKey: 'the-shop-secret' },
  secret: SECRET,
  origins: ['https://shop.example'],
}

const publicKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .publicKey.export({ type: 'spki', format: 'der' })
  .toString('base64')

describe('it refuses to start', () => {
  it.each([undefined, null, [], 'options'])('with %j for options', (given) => {
    expect(() => createTokenProxy(given as never)).toThrow(expect.objectContaining({ code: 'config' }))
  })

  it.each<[string, object]>([
    ['secret', { secret: SECRET.slice(1) }],
    ['secret', { secret: '' }],
    ['secret', { secret: [] }],
    ['secret', { secret: [SECRET, 'short'] }],
    ['secret', { secret: crypto.getRandomValues(new Uint8Array(31)) }],
    ['secret must have no white space', { secret: 'at least 32 bytes, as made by: openssl rand -base64 48' }],
    ['secret must have no white space', { secret: `${SECRET}\n` }],
    ['secret is a known text', { secret: 'change-me-change-me-please-change-me' }],
    ['secret is a known text', { secret: '0123456789abcdefghijklmnopqrstuv' }],
    ['secret is a known text', { secret: new TextEncoder().encode('the-secret-of-this-example-server') }],
    ['secret repeats itself', { secret: 'x'.repeat(64) }],
    ['secret repeats itself', { secret: new Uint8Array(32) }],
    ['secret repeats itself', { secret: SECRET.slice(0, 16).repeat(2) }],
    ['secret repeats itself', { secret: [SECRET, 'secret-secret-secret-secret-secret'] }],
    ['secret', { secret: undefined }],
    ['origins', { origins: [] }],
    ['origins', { origins: undefined }],
    ['origins', { origins: ['*'] }],
    ['origins', { origins: ['null'] }],
    ['origins', { origins: 'https://shop.example' }],
    ['origins', { origins: ['https://shop.example', 'https://shop.example/'] }],
    ['origins', { origins: ['https://shop.example/pay'] }],
    ['origins', { origins: ['https://*.example'] }],
    ['origins', { origins: ['shop.example'] }],
    ['origins', { origins: ['file://'] }],
    ['gateway', { gateway: undefined }],
    ['gateway', { gateway: { ...options.gateway, shopId: '' } }],
    ['gateway', { gateway: { ...options.gateway, secretKey: '' } }],
    ['gateway.baseUrl', { gateway: { ...options.gateway, baseUrl: '' } }],
    ['gateway.baseUrl', { gateway: { ...options.gateway, baseUrl: '/pay' } }],
    ['gateway.baseUrl', { gateway: { ...options.gateway, baseUrl: 'http://gw.example' } }],
    ['gateway.baseUrl', { gateway: { ...options.gateway, baseUrl: 'http://localhost.evil.example' } }],
    ['gateway.baseUrl', { gateway: { ...options.gateway, baseUrl: 'http://10.0.0.1' } }],
    ['gateway.baseUrl', { gateway: { ...options.gateway, baseUrl: 'ftp://localhost' } }],
    ['gateway.baseUrl', { gateway: { ...options.gateway, baseUrl: 'https://a:b@gw.example' } }],
    ['gateway.baseUrl', { gateway: { ...options.gateway, baseUrl: 'https://gw.example/?x=1' } }],
    ['basePath', { basePath: 'pay' }],
    ['basePath', { basePath: '//evil' }],
    ['basePath', { basePath: '/:id' }],
    ['basePath', { basePath: '/../x' }],
    ['outcomes', { outcomes: { get() {}, set() {} } }],
    ['submitTimeoutMs', { submitTimeoutMs: 10_000 }],
    ['pollTimeoutMs', { pollTimeoutMs: 0 }],
    ['webhook.publicKey', { webhook: { publicKey: '' } }],
    ['webhook.publicKey', { webhook: { publicKey: 'not a key' } }],
    ['webhook.publicKey', { webhook: { publicKey: [] } }],
    ['webhook.publicKey', { webhook: { publicKey: [publicKey, ''] } }],
    ['webhook.publicKey', { webhook: { publicKey: 5 } }],
    ['webhook.checkCredential', { webhook: { publicKey, checkCredential: false } }],
    ['webhook', { webhook: null }],
    ['orgins', { orgins: ['https://other.example'] }],
    ['gateway.secretkey', { gateway: { ...options.gateway, secretkey: 'x' } }],
    ['gateway.secretKey', { gateway: { ...options.gateway, secretKey: 5 } }],
    ['gateway', { gateway: 'https://gw.example' }],
    ['secret', { secret: 5 }],
    ['secret', { secret: null }],
    ['secret', { secret: [5] }],
    ['origins', { origins: [5] }],
    ['origins', { origins: ['javascript://shop.example'] }],
    ['origins', { origins: ['capacitor://'] }],
    ['basePath', { basePath: 5 }],
    ['basePath', { basePath: null }],
    ['outcomes', { outcomes: 'redis' }],
    ['onOutcome', { onOutcome: 'x' }],
    ['onEvent', { onEvent: {} }],
    ['exposeCardToken', { exposeCardToken: 'no' }],
    ['clientAddress', { clientAddress: '192.0.2.1' }],
    ['limits.adress', { limits: { adress: { max: 1, windowMs: 1 } } }],
    ['limits.card.window', { limits: { card: { max: 1, window: 1 } } }],
    ['limits.card.max', { limits: { card: { max: '5', windowMs: 1 } } }],
    ['submitTimeoutMs', { submitTimeoutMs: '75000' }],
    ['submitTimeoutMs', { submitTimeoutMs: Number.NaN }],
    ['fetch', { fetch: 'fetch' }],
    ['clock', { clock: 0 }],
    ['random', { random: 0.5 }],
    ['limit', { limits: { card: { max: 0, windowMs: 1 } } }],
  ])('and names %s for %j', (name, change) => {
    let thrown: unknown
    try {
      createTokenProxy({ ...options, ...change } as TokenProxyOptions)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ name: 'TransactionError', code: 'config', effect: 'none' })
    expect((thrown as Error).message).toContain(name)
    expect(inspect(thrown)).not.toContain('the-shop-secret')
  })
})

it.each<object>([
  {},
  { gateway: { ...options.gateway, baseUrl: 'https://gw.example/sub/' } },
  { gateway: { ...options.gateway, baseUrl: 'http://127.0.0.1:4010' } },
  { gateway: { ...options.gateway, baseUrl: 'http://localhost:4010' } },
  { gateway: { ...options.gateway, baseUrl: 'http://[::1]:4010' } },
  { secret: crypto.getRandomValues(new Uint8Array(32)) },
  { secret: Buffer.from(crypto.getRandomValues(new Uint8Array(48))).toString('base64') },
  { secret: Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex') },
  { secret: `ключ-от-кассы-92${SECRET.slice(0, 9)}` },
  { origins: ['http://localhost:5173', 'https://shop.example:8443'] },
  { origins: ['capacitor://localhost', 'ionic://localhost', 'tauri://localhost', 'http://tauri.localhost'] },
  { webhook: { publicKey: [publicKey, `"${publicKey}"`] } },
  { onOutcome: undefined, limits: { card: undefined } },
  { basePath: '' },
  { basePath: '/' },
  { basePath: '/shop/pay/' },
])('starts with %j', (change) => {
  expect(() => createTokenProxy({ ...options, ...change })).not.toThrow()
})

it('does not show a secret when it is printed', () => {
  expect(inspect(createTokenProxy(options), { depth: 9, showHidden: true })).not.toMatch(/the-shop-secret|nV7zq4/)
})
