import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { publicKeyDer } from './public-key.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const text = (key: KeyObject, type: 'spki' | 'pkcs1' | 'pkcs8'): string =>
  `${key.export({ type, format: 'pem' } as never)}`
const der = publicKey.export({ type: 'spki', format: 'der' })
const bare = der.toString('base64')
const pem = text(publicKey, 'spki')
const pkcs1 = text(publicKey, 'pkcs1')

describe('publicKeyDer', () => {
  it.each([
    ['bare base64', bare],
    ['bare base64 in lines', bare.replace(/.{64}/g, '$&\n')],
    ['bare base64 without its padding', bare.replace(/=+$/, '')],
    ['PEM', pem],
    ['PEM with CRLF', pem.replaceAll('\n', '\r\n')],
    ['PEM on one line', pem.replaceAll('\n', ' ')],
    ['PEM with a literal \\n', pem.replaceAll('\n', '\\n')],
    ['PEM with a literal \\r\\n', pem.replaceAll('\n', '\\r\\n')],
    ['PEM in double quotes', `"${pem}"`],
    ['PEM in single quotes', `'${pem}'`],
    ['PEM as a text of JSON', JSON.stringify(pem)],
    ['PEM as a text of JSON that escapes slashes', JSON.stringify(pem).replaceAll('/', '\\/')],
    ['PEM after a byte order mark', `\ufeff${pem}`],
    ['bare base64 in quotes', ` "${bare}" `],
    ['PEM in base64', btoa(pem)],
    ['PEM in base64, in lines and quotes', `"${btoa(pem).replace(/.{76}/g, '$&\r\n')}"`],
    ['bare base64 in base64', btoa(bare)],
    ['PKCS#1 in PEM', pkcs1],
    ['PKCS#1 in base64', pkcs1.replace(/-----.*-----/g, '')],
  ])('reads %s', (_, key) => {
    const read = publicKeyDer(key)
    expect(read && Buffer.from(read).equals(der)).toBe(true)
  })

  it.each([2048, 3072, 4096, 8192])('wraps a PKCS#1 key of %i bits as Node does', (bits) => {
    const n = Buffer.alloc(bits / 8, 0xff).toString('base64url')
    const key = createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' })
    expect(Buffer.from(publicKeyDer(text(key, 'pkcs1')) ?? [])).toEqual(key.export({ type: 'spki', format: 'der' }))
  })

  it.each([
    ['nothing', ''],
    ['undefined', undefined],
    ['null', null],
    ['a number', 7],
    ['a key that was read', der],
    ['a text', 'not a key'],
    ['a text in base64', btoa('not a key')],
    ['white space', ' \n '],
    ['a PEM without its end', pem.replace(/-----END.*/, '')],
    ['a PEM with two kinds of marks', pem.replace('BEGIN PUBLIC', 'BEGIN RSA PUBLIC')],
    ['a private key in PEM', text(privateKey, 'pkcs8')],
    ['a PKCS#1 private key in PEM', text(privateKey, 'pkcs1')],
    ['a certificate', pem.replaceAll('PUBLIC KEY', 'CERTIFICATE')],
    ['a PEM in base64 twice', btoa(btoa(pem))],
    ['the path of a file', '/etc/keys/gateway.pem'],
    ['a name of a variable', 'PUBLIC_KEY'],
  ])('returns undefined for %s', (_, key) => {
    expect(publicKeyDer(key)).toBeUndefined()
  })
})
