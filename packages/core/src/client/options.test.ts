import { afterEach, describe, expect, it, vi } from 'vitest'
import { TransactionError } from '../errors/transaction-error.ts'
import { basicAuth } from '../transport/basic-auth.ts'
import { bearerAuth } from '../transport/bearer-auth.ts'
import { createClient } from './create-client.ts'
import { settingsOf } from './options.ts'

const good = { baseUrl: 'https://gateway.test', auth: bearerAuth('token') }
const thrown = (options: object | undefined): TransactionError => {
  try {
    createClient(options as never)
  } catch (error) {
    return error as TransactionError
  }
  throw new Error('nothing was thrown')
}

afterEach(() => vi.unstubAllGlobals())

describe('a client', () => {
  it.each([
    [{ ...good, baseURL: 'https://x.test' }, 'baseURL is not an option'],
    [undefined, 'baseUrl must be'],
    [{ ...good, retry: 3 }, 'retry is not an option'],
    [{ auth: good.auth }, 'baseUrl must be'],
    [{ ...good, baseUrl: '' }, 'baseUrl must be'],
    [{ ...good, baseUrl: 'gateway.test' }, 'baseUrl must be'],
    [{ ...good, baseUrl: 'ftp://gateway.test' }, 'baseUrl must be'],
    [{ ...good, baseUrl: '//gateway.test' }, 'baseUrl must be'],
    [{ ...good, baseUrl: '/\\gateway.test' }, 'baseUrl must be'],
    [{ ...good, baseUrl: 'https://user:pw@gateway.test' }, 'baseUrl must be'],
    [{ ...good, baseUrl: 'https://gateway.test?key=1' }, 'baseUrl must be'],
    [{ ...good, baseUrl: 'https://gateway.test#x' }, 'baseUrl must be'],
    [{ ...good, baseUrl: 'javascript:alert(1)' }, 'baseUrl must be'],
    [{ baseUrl: good.baseUrl }, 'auth is missing'],
    [{ ...good, auth: 'Bearer x' }, 'auth must be a function'],
    [{ ...good, strategy: 'both' }, 'strategy must be'],
    [{ ...good, deadlineMs: Number.NaN }, 'deadlineMs must be a positive number'],
    [{ ...good, pollTimeoutMs: -1 }, 'pollTimeoutMs must be a positive number'],
    [{ ...good, submitTimeoutMs: '60' }, 'submitTimeoutMs must be a positive number'],
    [{ ...good, journal: null }, 'journal must be a object'],
    [{ ...good, journal: {} }, 'journal has no getItem()'],
    [{ ...good, journal: { getItem() {}, setItem() {}, removeItem() {} } }, 'journal has no getKeys()'],
    [{ ...good, baseUrl: 'http://gateway.test' }, 'baseUrl must be https'],
    [{ ...good, baseUrl: 'http://localhost.gateway.test' }, 'baseUrl must be https'],
    [{ ...good, baseUrl: 'http://127.0.0.1.gateway.test/pay' }, 'baseUrl must be https'],
  ])('is not made from %j', (options, message) => {
    const error = thrown(options)
    expect(error).toBeInstanceOf(TransactionError)
    expect(error).toMatchObject({ code: 'config', effect: 'none', message: expect.stringContaining(message) })
  })

  it('names the option that is wrong, and not what was in it', () => {
    expect(thrown({ ...good, baseUrl: 'https://shop:hunter2@gateway.test' }).message).not.toContain('hunter2')
    expect(thrown({ ...good, auth: 'Basic aHVudGVyMg==' }).message).not.toContain('aHVudGVyMg')
  })

  it.each(['https://gateway.test', 'https://gateway.test/', 'http://127.0.0.1:4010', '/pay', '/shop/pay/'])(
    'is made for %s',
    (baseUrl) => {
      expect(() => createClient({ ...good, baseUrl })).not.toThrow()
    },
  )

  it.each(['http://localhost:4010', 'http://shop.localhost', 'http://[::1]/pay'])(
    'is made for loopback: %s',
    (baseUrl) => {
      expect(() => createClient({ ...good, baseUrl })).not.toThrow()
    },
  )

  it('is made for http: on another host only where that is allowed', () => {
    expect(() => createClient({ ...good, baseUrl: 'http://gateway.test', allowHttp: true })).not.toThrow()
  })

  it('takes an option that is undefined as one that was not given', () => {
    expect(() => createClient({ ...good, schedule: undefined, deadlineMs: undefined } as never)).not.toThrow()
  })

  it('calls a fetch without a receiver, as browsers and workerd demand of theirs', () => {
    const receivers: unknown[] = []
    function given(this: unknown): Response {
      receivers.push(this)
      return new Response()
    }
    vi.stubGlobal('fetch', given)
    settingsOf({ ...good, fetch: given }).fetch(undefined)
    settingsOf(good).fetch(undefined)
    expect(receivers).toEqual([undefined, undefined])
  })

  it('asks for no cache mode where the runtime refuses one, as workerd does at old compatibility dates', () => {
    expect(settingsOf(good).cache).toEqual({ cache: 'no-store' })
    vi.stubGlobal(
      'Request',
      class {
        constructor() {
          throw new TypeError("The 'cache' field on 'RequestInitializerDict' is not implemented.")
        }
      },
    )
    expect(settingsOf(good).cache).toEqual({})
  })

  it('does not show the secret key to every visitor of a page', () => {
    vi.stubGlobal('document', {})
    const auth = basicAuth({ shopId: '1', secretKey: 'hunter2' })
    const error = thrown({ ...good, auth })
    expect(error).toMatchObject({ code: 'config', message: expect.stringContaining('token proxy') })
    expect(() => createClient({ ...good, auth, allowSecretInBrowser: true })).not.toThrow()
    expect(() => createClient(good)).not.toThrow()
  })
})
