import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { basicAuth } from './basic-auth.ts'
import { bearerAuth } from './bearer-auth.ts'

describe('basicAuth', () => {
  it('encodes shop id and secret key as UTF-8', () => {
    expect(basicAuth({ shopId: 361, secretKey: 'kлюч' })()).toBe(`Basic ${Buffer.from('361:kлюч').toString('base64')}`)
  })

  it.each([[{ shopId: '', secretKey: 'x' }], [{ shopId: '361', secretKey: '' }], [{ shopId: '3:61', secretKey: 'x' }]])(
    'refuses %j, and tells what it needs',
    (credentials) => {
      expect(() => basicAuth(credentials)).toThrow(
        expect.objectContaining({
          code: 'config',
          effect: 'none',
          message: expect.stringContaining('basicAuth needs'),
        }),
      )
    },
  )

  it('does not show the secret when it is printed', () => {
    const auth = basicAuth({ shopId: '361', secretKey: 'top-secret' })
    expect(inspect({ auth }, { depth: 9, showHidden: true }) + JSON.stringify({ auth })).not.toMatch(
      /top-secret|dG9wLXNlY3JldA/,
    )
  })
})

describe('bearerAuth', () => {
  it('takes a token, and functions that give one at each request', async () => {
    let renewed = 0
    expect(await bearerAuth('abc')()).toBe('Bearer abc')
    const auth = bearerAuth(async () => {
      renewed += 1
      return `token-${renewed}`
    })
    expect([await auth(), await auth()]).toEqual(['Bearer token-1', 'Bearer token-2'])
  })

  it.each(['', 'two words', 'line\nbreak', undefined])('refuses %j as a token', async (token) => {
    await expect(bearerAuth(token as string)()).rejects.toMatchObject({
      code: 'config',
      effect: 'none',
      message: 'bearerAuth needs a token',
    })
  })
})
