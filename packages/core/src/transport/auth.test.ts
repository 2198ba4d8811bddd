import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { AuthContext } from './auth.ts'
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
  it('takes a token, and functions that give one at each request of no payment', async () => {
    let renewed = 0
    expect(await bearerAuth('abc')()).toBe('Bearer abc')
    const auth = bearerAuth(async () => {
      renewed += 1
      return `token-${renewed}`
    })
    expect([await auth(), await auth()]).toEqual(['Bearer token-1', 'Bearer token-2'])
  })

  describe('with a function', () => {
    const jwt = (claims: object): string => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`
    const inSeconds = (seconds: number): number => Date.now() / 1000 + seconds

    /** An auth that counts how many tokens it was given. */
    function counted(make: (nth: number) => string = (nth) => `token-${nth}`) {
      const contexts: AuthContext[] = []
      const auth = bearerAuth((context) => make(contexts.push(context)))
      return { auth, contexts, take: async (context: AuthContext) => (await auth(context)).replace('Bearer ', '') }
    }
    const payment = (requestKey: string) => ({ requestKey, trackingId: 'order-17' })

    it('holds a token per payment, for its POSTs, reads and lookups, and asks anew for the next payment', async () => {
      const { take, contexts } = counted()
      for (const operation of ['submit', 'submit', 'status', 'result', 'lookup'] as const)
        expect(await take({ operation, ...payment('a') })).toBe('token-1')
      expect(await take({ operation: 'submit', ...payment('b') })).toBe('token-2')
      expect(await take({ operation: 'status', ...payment('a') })).toBe('token-1')
      expect(await take({ operation: 'lookup', trackingId: 'order-17' })).toBe('token-2')
      expect(contexts).toEqual([
        { operation: 'submit', ...payment('a') },
        { operation: 'submit', ...payment('b') },
      ])
    })

    it('holds one for a transaction that is followed by its uid', async () => {
      const { take } = counted()
      for (let polls = 0; polls < 3; polls++) expect(await take({ operation: 'lookup', uid: 'u' })).toBe('token-1')
      expect(await take({ operation: 'lookup', uid: 'v' })).toBe('token-2')
    })

    it('asks anew when it was refused', async () => {
      const { take } = counted()
      await take({ operation: 'status', ...payment('a') })
      expect(await take({ operation: 'status', ...payment('a'), refused: true })).toBe('token-2')
      expect(await take({ operation: 'status', ...payment('a') })).toBe('token-2')
    })

    it('asks anew shortly before it ends; a POST, before it charges no longer, but not while one is in doubt', async () => {
      const { take, contexts } = counted((nth) => jwt({ nth, charge_exp: inSeconds(50), exp: inSeconds(3600) }))
      const first = await take({ operation: 'submit', ...payment('a') })
      expect(await take({ operation: 'status', ...payment('a') })).toBe(first)
      expect(await take({ operation: 'submit', ...payment('a'), inDoubt: true })).toBe(first)
      expect(await take({ operation: 'submit', ...payment('a') })).not.toBe(first)
      expect(contexts).toHaveLength(2)
      const ending = counted((nth) => jwt({ nth, exp: inSeconds(50) }))
      await ending.take({ operation: 'status', ...payment('a') })
      await ending.take({ operation: 'status', ...payment('a') })
      expect(ending.contexts).toHaveLength(2)
    })

    it('forgets the oldest of more than 100 payments', async () => {
      const { take, contexts } = counted()
      for (let nth = 0; nth <= 100; nth++)
        await take({ operation: 'submit', requestKey: `key-${nth}`, trackingId: `order-${nth}` })
      await take({ operation: 'status', requestKey: 'key-100' })
      expect(contexts).toHaveLength(101)
      await take({ operation: 'status', requestKey: 'key-0' })
      expect(contexts).toHaveLength(102)
    })

    it('shares no promise between two requests at once: on Workers one of another request never settles', async () => {
      const { take } = counted()
      const both = [take({ operation: 'status', ...payment('a') }), take({ operation: 'status', ...payment('a') })]
      expect(await Promise.all(both)).toEqual(['token-1', 'token-2'])
    })
  })

  it.each(['', 'two words', 'line\nbreak', undefined])('refuses %j as a token', async (token) => {
    await expect(bearerAuth(token as string)()).rejects.toMatchObject({
      code: 'config',
      effect: 'none',
      message: 'bearerAuth needs a token',
    })
  })
})
