import { expect, it } from 'vitest'
import { basicAuth } from '../transport/basic-auth.ts'

const { mask } = basicAuth({ shopId: '361', secretKey: 'b1f7c0ffee' })

it.each([
  ['plain', 'The key b1f7c0ffee is blocked', 'The key *** is blocked'],
  ['in base64', `Key ${btoa('b1f7c0ffee')}`, 'Key ***'],
  ['as a header', `Basic ${btoa('361:b1f7c0ffee')}`, 'Basic ***'],
])('hides the secret key, echoed %s', (_, text, shown) => {
  expect(mask?.(text)).toBe(shown)
})

it('leaves a text alone that only looks like a key of three letters', () => {
  expect(basicAuth({ shopId: '1', secretKey: 'key' }).mask?.('the key of a monkey')).toBe('the key of a monkey')
})
