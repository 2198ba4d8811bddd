/** Whatever is thrown at it: no upstream request without a valid token, and no 5xx. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BASE, createShop, newOrder, PAGE, requestFor } from './shop.ts'

const RUNS = 10_000

const shop = createShop()
const order = newOrder()

const paths = fc.oneof(
  fc.constantFrom(
    '/async/transactions/payments',
    '/async/status/10203040-5060-4070-8090-102030405060',
    '/async/result/10203040-5060-4070-8090-102030405060',
    '/transactions/10203040-5060-4070-8090-102030405060',
    `/v2/transactions/tracking_id/${order.trackingId}`,
    '/webhook',
    '/async/../async/status/x',
    '//evil.example/async/status/x',
    '/async/status/%2e%2e%2fadmin',
  ),
  fc.webPath(),
  fc.string().map((text) => `/async/status/${encodeURIComponent(text.replace(/[\ud800-\udfff]/g, ''))}`),
  fc.string().map((text) => `/${text.replace(/[\ud800-\udfff]/g, '')}`),
)

const headerText = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) })

it(`refuses ${RUNS} generated requests without a valid token, with 4xx, and asks the gateway nothing`, async () => {
  const genuine = await shop.token(order)
  const [head = '', payload = '', signature = ''] = genuine.split('.')
  const authorizations = fc.oneof(
    fc.constantFrom(
      undefined,
      'Bearer',
      'Bearer x.y.z',
      `Bearer ${head}.${payload}.`,
      `Bearer ${head}.${payload}.${signature.slice(1)}`,
      `bearer ${payload}.${head}.${signature}`,
      `Basic ${btoa('361:the-secret-key-of-the-shop')}`,
    ),
    headerText,
    headerText.map((text) => `Bearer ${text}`),
    fc.base64String().map((text) => `Bearer ${head}.${text.replace(/[+/=]/g, '')}.${signature}`),
  )
  const requests = fc.record({
    path: paths,
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'PURGE'),
    authorization: authorizations,
    origin: fc.option(fc.constantFrom(PAGE, 'null', 'https://evil.example', ''), { nil: undefined }),
    type: fc.constantFrom('application/json', 'text/plain', 'application/json; charset=utf-8', undefined),
    body: fc.oneof(fc.json(), fc.string(), fc.constant(JSON.stringify({ request: requestFor(order) }))),
    cookie: fc.option(fc.constant(`token=${genuine}`), { nil: undefined }),
  })
  await fc.assert(
    fc.asyncProperty(requests, async ({ path, method, authorization, origin, type, body, cookie }) => {
      const headers = Object.entries({ authorization, origin, 'content-type': type, cookie }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      )
      const url = `${BASE}${path}`
      if (!URL.canParse(url)) return
      const request = new Request(url, { method, headers, ...(/^(GET|HEAD)$/.test(method) ? {} : { body }) })
      const response = await shop.proxy.fetch(request)
      await response.text()
      expect(response.status === 204 ? method : response.status).toSatisfy(
        (seen: unknown) => seen === 'OPTIONS' || (Number(seen) >= 400 && Number(seen) < 500),
      )
      expect(response.headers.get('cache-control')).toBe('no-store')
    }),
    { numRuns: RUNS },
  )
  expect(shop.sandbox.requests()).toHaveLength(0)
}, 120_000)

it('answers 1000 generated bodies under a valid token with 4xx, and charges nothing but what the token says', async () => {
  const generous = createShop({ limits: { token: { max: 1e6, windowMs: 60_000 } } })
  const charge = await generous.token(order)
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())), async (request) => {
      const { status } = await generous.post(charge, request as object)
      expect(
        request !== null && typeof request === 'object' && Object.keys(request).length === 0 && !Array.isArray(request)
          ? 400
          : status,
      ).toSatisfy((seen: number) => seen >= 400 && seen < 500)
    }),
    { numRuns: 1000 },
  )
  expect(generous.sandbox.charges()).toBe(0)
}, 60_000)
