/** Every refusal is a fixed text in JSON, and nothing is sent to the gateway. */
import { SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { BASE, createShop, credentials, newOrder, PAGE, type Raw, requestFor, secret, send } from './shop.ts'

const order = newOrder()
const json = { 'content-type': 'application/json' }
const ID = '10203040-5060-4070-8090-102030405060'

const LISTED =
  /^(cache-control|content-type|content-length|x-content-type-options|vary|allow|date|retry-after|www-authenticate|access-control-(allow|expose|max)-[\w-]+)$/

function expectRefusal(answer: Raw, status: number): void {
  expect(answer.status).toBe(status)
  expect(answer.body).toEqual({
    message: expect.any(String),
    type: `urn:async-transaction:${answer.body.code}`,
    title: answer.body.message,
    code: expect.stringMatching(/^[a-z-]+$/),
  })
  expectHygiene(answer)
}

function expectHygiene({ headers }: Raw): void {
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('vary')).toContain('Origin')
  for (const name of headers.keys()) expect(name).toMatch(LISTED)
}

describe('a request that is refused', () => {
  it.each([
    [404, 'GET', '/'],
    [404, 'GET', ''],
    [404, 'POST', '/async/transactions'],
    [404, 'POST', '/async/transactions/payments/'],
    [404, 'POST', '/async/transactions/payments/x'],
    [404, 'POST', '/transactions/payments/x'],
    [404, 'GET', '/webhook'],
    [404, 'GET', '/async/status/'],
    [404, 'GET', '/async/status/a%2Fb'],
    [404, 'GET', '/async/status/..%2f..%2fx'],
    [404, 'GET', '/async/result/%00'],
    [404, 'GET', `/async/result/${'x'.repeat(129)}`],
    [404, 'GET', '/transactions/a.b'],
    [404, 'GET', '/v2/transactions/tracking_id/%E0%A4%A'],
    [405, 'GET', '/async/transactions/payments'],
    [405, 'PUT', '/async/transactions/payments'],
    [405, 'DELETE', `/async/result/${ID}`],
    [405, 'POST', `/async/status/${ID}`],
    [405, 'HEAD', `/async/status/${ID}`],
    [405, 'HEAD', `/async/result/${ID}`],
    [405, 'HEAD', '/async/transactions/payments'],
    [405, 'PATCH', '/transactions/x'],
    [405, 'PROPFIND', `/async/status/${ID}`],
  ])('%i: %s %s', async (status, method, path) => {
    const { call, sandbox, token } = createShop()
    const answer = await call(path, { method, token: await token(order) })
    if (method === 'HEAD') expect(answer).toMatchObject({ status, text: '' })
    else expectRefusal(answer, status)
    expect(sandbox.requests()).toHaveLength(0)
  })

  it('415: another content type, or none', async () => {
    const { post, sandbox, token } = createShop()
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/jsonx',
      'multipart/form-data',
      '',
    ])
      expectRefusal(await post(await token(order), requestFor(order), { headers: { 'content-type': type } }), 415)
    expect(sandbox.requests()).toHaveLength(0)
  })

  it.each(['', '{', 'null', '[]', '"x"', '{}', '{"request":null}', '{"request":[]}', '<xml/>', '{"request":"x"}'])(
    '400: the body %j',
    async (body) => {
      const { call, sandbox, token } = createShop()
      const answer = await call('/async/transactions/payments', {
        method: 'POST',
        token: await token(order),
        headers: json,
        body,
      })
      expectRefusal(answer, 400)
      expect(sandbox.requests()).toHaveLength(0)
    },
  )

  it('400: bytes that are no UTF-8', async () => {
    const { call, token } = createShop()
    const body = Uint8Array.of(123, 0xff, 0xfe, 125)
    expectRefusal(
      await call('/async/transactions/payments', { method: 'POST', token: await token(order), headers: json, body }),
      400,
    )
  })

  it('403: anything beside the request, or another type in the path', async () => {
    const { call, sandbox, token } = createShop()
    const charge = { method: 'POST', token: await token(order), headers: json }
    expectRefusal(
      await call('/async/transactions/payments', {
        ...charge,
        body: JSON.stringify({ request: requestFor(order), x: 1 }),
      }),
      403,
    )
    expectRefusal(
      await call('/async/transactions/refunds', { ...charge, body: JSON.stringify({ request: requestFor(order) }) }),
      403,
    )
    expect(sandbox.requests()).toHaveLength(0)
  })

  it('413: a body over 64 KiB, which is not read to its end, whatever its length is said to be', async () => {
    const { proxy, sandbox, token } = createShop()
    let chunks = 0
    const endless = new ReadableStream({
      pull(controller) {
        chunks += 1
        controller.enqueue(new TextEncoder().encode(' '.repeat(16_384)))
      },
    })
    const answer = await send(proxy, `${BASE}/async/transactions/payments`, {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${await token(order)}`, 'content-length': '2' },
      body: endless,
      duplex: 'half',
    } as RequestInit)
    expectRefusal(answer, 413)
    expect(chunks).toBeLessThan(9)
    expect(sandbox.requests()).toHaveLength(0)
  })

  it('429: too many of one token, with a time to come back', async () => {
    const { call, sandbox, token } = createShop({ limits: { token: { max: 3, windowMs: 60_000 } } })
    const charge = await token(order)
    const answers = []
    for (let times = 0; times < 5; times++) answers.push(await call(`/async/status/${ID}`, { token: charge }))
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 429, 429])
    expect(Number(answers[4]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await call(`/async/status/${ID}`, { token: await token(order) })).status).toBe(404)
    expect(sandbox.requests()).toHaveLength(0)
  })
})

describe('401: a token', () => {
  const shop = createShop()
  const claims = {
    type: 'payments',
    amount: 1,
    currency: 'KZT',
    trackingId: 'x',
    attempt: 1,
    fixed: {},
    charge_exp: 9e9,
  }
  const forged = (key: string, header: object, change: Record<string, unknown> = {}): Promise<string> =>
    new SignJWT({ ...claims, jti: 'x', iss: 'async-transaction', aud: 'x', iat: 1, exp: 9e9, ...change })
      .setProtectedHeader({ alg: 'HS256', typ: 'charge+jwt', ...header })
      .sign(new TextEncoder().encode(key))
  const altered = async (part: number, change: (json: Record<string, unknown>) => object): Promise<string> => {
    const parts = (await shop.token(order)).split('.')
    const old = JSON.parse(Buffer.from(parts[part] ?? '', 'base64url').toString())
    parts[part] = Buffer.from(JSON.stringify(change(old))).toString('base64url')
    return parts.join('.')
  }

  it('of the future does not count: it would charge for longer than 15 minutes', async () => {
    const { call, clock, token } = createShop()
    clock.move(10 * 60_000)
    const early = await token(order)
    clock.move(-10 * 60_000)
    expectRefusal(await call(`/async/status/${ID}`, { token: early }), 401)
    clock.move(9 * 60_000 + 5000)
    expect((await call(`/async/status/${ID}`, { token: early })).status).toBe(404)
  })

  it.each<[string, () => Promise<string | undefined> | string | undefined]>([
    ['that is missing', () => undefined],
    ['that is empty', () => 'Bearer '],
    ['that is no JWT', () => 'Bearer x'],
    ['that is the shop’s own Basic', () => `Basic ${btoa(`${credentials.shopId}:${credentials.secretKey}`)}`],
    ['in another scheme', async () => `Token ${await shop.token(order)}`],
    ['followed by another', async () => `Bearer ${await shop.token(order)}, Bearer x`],
    ['unsigned', () => `Bearer ${new UnsecuredJWT({ ...claims }).encode()}`],
    [
      'signed with another secret',
      async () => `Bearer ${await forged('another secret that has thirty-two bytes', {})}`,
    ],
    ['signed with the secret itself, not the key derived from it', async () => `Bearer ${await forged(secret, {})}`],
    ['with a kid that nobody knows', async () => `Bearer ${await altered(0, (header) => ({ ...header, kid: 'x' }))}`],
    ['with alg none', async () => `Bearer ${await altered(0, (header) => ({ ...header, alg: 'none' }))}`],
    ['with alg HS512', async () => `Bearer ${await altered(0, (header) => ({ ...header, alg: 'HS512' }))}`],
    ['with another amount', async () => `Bearer ${await altered(1, (payload) => ({ ...payload, amount: 1 }))}`],
    ['with a later end', async () => `Bearer ${await altered(1, (payload) => ({ ...payload, charge_exp: 9e9 }))}`],
    [
      'of another shop with the same secret',
      async () =>
        `Bearer ${await shop
          .another({ gateway: { baseUrl: 'https://gateway.test', shopId: '362', secretKey: 'x' } })
          .issue({ type: 'payments', ...order })}`,
    ],
    [
      'of the same shop at another gateway',
      async () =>
        `Bearer ${await shop
          .another({ gateway: { baseUrl: 'https://other.test', ...credentials } })
          .issue({ type: 'payments', ...order })}`,
    ],
  ])('%s', async (_, authorization) => {
    const value = await authorization()
    for (const [method, path] of [
      ['GET', `/async/status/${ID}`],
      ['POST', '/async/transactions/payments'],
      ['GET', '/transactions/x'],
    ])
      expectRefusal(
        await shop.call(path ?? '', {
          ...(method && { method }),
          headers: { ...json, ...(value && { authorization: value }) },
          ...(method === 'POST' && { body: JSON.stringify({ request: requestFor(order) }) }),
        }),
        401,
      )
    expect(shop.sandbox.requests()).toHaveLength(0)
  })

  it('counts after the secret was rotated, until the old one is dropped', async () => {
    const old = await shop.token(order)
    const next = 'the-next-secret-of-the-proxy-32-bytes-or-more'
    const path = `${BASE}/async/status/${ID}`
    const ask = (proxy: typeof shop.proxy, token: string) =>
      send(proxy, path, { headers: { authorization: `Bearer ${token}` } })
    const rotated = shop.another({ secret: [next, secret] })
    expect((await ask(rotated, old)).status).toBe(404)
    const fresh = await rotated.issue({ type: 'payments', ...order })
    expect((await ask(shop.proxy, fresh)).status).toBe(401)
    const dropped = shop.another({ secret: next })
    expect([(await ask(dropped, fresh)).status, (await ask(dropped, old)).status]).toEqual([404, 401])
  })
})

describe('origins', () => {
  it.each([
    'https://evil.example',
    'null',
    'http://shop.example',
    'https://shop.example:8443',
    'https://shop.example.evil.example',
    'https://SHOP.example',
    '',
  ])('refuses %j, with its preflight, before it looks at the token', async (origin) => {
    const { call, post, sandbox, token } = createShop()
    const answers = [
      await post(await token(order), requestFor(order), { headers: { origin } }),
      await call('/async/transactions/payments', {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      }),
    ]
    for (const answer of answers) {
      expectRefusal(answer, 403)
      expect(answer.headers.has('access-control-allow-origin')).toBe(false)
    }
    expect(sandbox.requests()).toHaveLength(0)
  })

  it('lets its own pages in, by preflight and by answer, refusals too', async () => {
    const { call } = createShop()
    const preflight = await call('/async/transactions/payments', {
      method: 'OPTIONS',
      headers: {
        origin: PAGE,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,requestid',
      },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(PAGE)
    expect(preflight.headers.get('access-control-allow-headers')?.split(',')).toEqual([
      'authorization',
      'content-type',
      'requestid',
    ])
    expect(preflight.headers.get('access-control-allow-methods')?.split(',')).toEqual(['GET', 'POST'])
    expect(preflight.headers.has('access-control-allow-credentials')).toBe(false)
    expectHygiene(preflight)
    const answer = await call(`/async/status/${ID}`, { headers: { origin: PAGE } })
    expectRefusal(answer, 401)
    expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE)
    expect(answer.headers.get('access-control-expose-headers')).toBe('Date,Retry-After,Idempotency-Replayed')
    expect(Math.abs(Date.now() - Date.parse(answer.headers.get('date') ?? ''))).toBeLessThan(5000)
  })

  it('names the origin that it refuses in the log, and nothing else that stands there', async () => {
    const { call, events } = createShop()
    for (const origin of ['https://evil.example', 'null', 'Basic c2VjcmV0', `https://${'x'.repeat(300)}`])
      await call(`/async/status/${ID}`, { headers: { origin } })
    const origins = events.flatMap((event) => (event.type === 'warning' ? [[event.warning, event.origin]] : []))
    expect(origins).toEqual(
      ['https://evil.example', 'null', 'no origin', 'no origin'].map((origin) => ['origin-refused', origin]),
    )
  })

  it.each([
    ['capacitor://localhost', 'capacitor://localhost'],
    ['https://магазин.example', 'https://xn--80aairftm.example'],
    ['https://SHOP.example:443', 'https://shop.example'],
  ])('lets in what the option %s means, as browsers send it', async (given, origin) => {
    const { call } = createShop({ origins: [given] })
    const answer = await call(`/async/status/${ID}`, { headers: { origin } })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
  })

  it('takes a server, which sends none', async () => {
    const { post, token } = createShop()
    const own = newOrder()
    expect((await post(await token(own), requestFor(own))).status).toBe(200)
  })
})
