import { expect, it } from 'vitest'
import { causeOf } from './cause-of.ts'

const caused = (message: string, cause: object): Error => new TypeError(message, { cause })
const code = (name: string): object => Object.assign(new Error('it failed'), { code: name })

it.each([
  ['Node', caused('fetch failed', code('ECONNREFUSED')), 'ECONNREFUSED'],
  ['Node, of a name', caused('fetch failed', code('ENOTFOUND')), 'ENOTFOUND'],
  [
    'Node, of a certificate',
    caused('fetch failed', code('DEPTH_ZERO_SELF_SIGNED_CERT')),
    'DEPTH_ZERO_SELF_SIGNED_CERT',
  ],
  ['Bun', code('ConnectionRefused'), 'ConnectionRefused'],
  [
    'Deno',
    new TypeError('client error (Connect): tcp connect error: Connection refused (os error 111)'),
    'ECONNREFUSED',
  ],
  ['Deno, of a certificate', new TypeError('invalid peer certificate: UnknownIssuer'), 'CERTIFICATE'],
  ['workerd', new Error('Network connection lost.'), 'ECONNRESET'],
  ['a page', new TypeError('Failed to fetch'), 'TypeError'],
  ['nothing', undefined, undefined],
  ['a text', 'down', undefined],
])('the fault of %s has a name', (_, error, name) => {
  expect(causeOf(error)).toBe(name)
})

it.each([
  new Error('POST {"number":"4200000000000000"} with Basic c2VjcmV0'),
  Object.assign(new Error(), { code: '4200000000000000' }),
  Object.assign(new Error(), { name: 'Basic c2VjcmV0' }),
])('takes nothing over that may be a card or a secret: %s', (error) => {
  expect(`${causeOf(error)}`).not.toMatch(/4200|c2VjcmV0/)
})

it('ends at causes that go round', () => {
  const error: { cause?: unknown; name: string } = { name: 'LoopError' }
  error.cause = error
  expect(causeOf(error)).toBe('LoopError')
})
