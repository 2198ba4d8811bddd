/** Requests that are none: paths, methods, bodies and origins. */
import { BASE, createShop, newOrder, requestFor, send } from '../shop.ts'
import { type Attack, expectNothingSent, expectRefused, openScene, refused, type Scene } from './attack.ts'

const ID = '10203040-5060-4070-8090-102030405060'
const json = { 'content-type': 'application/json' }

const path = (name: string, gain: string, target: string, status: number | readonly number[] = 404): Attack =>
  refused(`a path ${name}`, gain, status, ({ call, mine }) => call(target, { token: mine }))

const method = (name: string, target: string, gain: string): Attack => ({
  name: `${name} ${target}`,
  gain,
  async attempt() {
    const scene = await openScene()
    const answer = await scene.call(target, { method: name, token: scene.mine })
    if (answer.status !== 405) throw new Error(`${answer.status}`)
    expectNothingSent(scene)
  },
})

const body = (
  name: string,
  gain: string,
  status: number | readonly number[],
  bytes: (scene: Scene) => BodyInit,
): Attack =>
  refused(`a body ${name}`, gain, status, (scene) =>
    scene.call('/async/transactions/payments', {
      method: 'POST',
      token: scene.mine,
      headers: json,
      body: bytes(scene),
    }),
  )

const type = (name: string, contentType: string): Attack =>
  refused(`a body as ${name}`, 'needs no preflight, so another website may send it', 415, ({ mine, order, call }) =>
    call('/async/transactions/payments', {
      method: 'POST',
      token: mine,
      headers: { 'content-type': contentType },
      body: JSON.stringify({ request: requestFor(order) }),
    }),
  )

const origin = (value: string): Attack =>
  refused(
    `a page of ${JSON.stringify(value)}`,
    'uses a token that it got hold of in the browser of its visitor',
    403,
    ({ pay }) => pay({}, { headers: { origin: value } }),
  )

const deep = (levels: number): string => `{"request":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`

export const requestAttacks: readonly Attack[] = [
  path(
    'with another host in it',
    'has the shop’s credentials sent to a host of its own',
    '//evil.example/async/status/x',
  ),
  path(
    'with a whole URL',
    'has the shop’s credentials sent to a host of its own',
    `/async/status/https:%2f%2fevil.example%2f${ID}`,
  ),
  path('with an @ for a host', 'has the shop’s credentials sent to a host of its own', '/async/status/x@evil.example'),
  path('that climbs', 'reads other things of the shop at the gateway', '/async/status/..%2f..%2ftransactions%2fx'),
  path('that climbs, escaped twice', 'reads other things of the shop at the gateway', '/async/status/%252e%252e%252fx'),
  path('that climbs by backslashes', 'reads other things of the shop at the gateway', '/async/status/..%5c..%5cx'),
  path('with a query in its id', 'adds parameters to the shop’s own request', '/async/status/x%3fadmin=1'),
  path('with a fragment in its id', 'cuts the end off the shop’s own request', '/async/result/x%23'),
  path('with a line break', 'adds headers to the shop’s own request', '/async/result/x%0d%0aX-Evil:1'),
  path('with a zero byte', 'ends a text before its end', '/async/result/x%00'),
  path('with an id of 4 kB', 'fills keys of the store', `/async/result/${'x'.repeat(4096)}`),
  path('with an id of other letters', 'has two ids for one key', `/async/result/${encodeURIComponent('１２３４')}`),
  path('to balances', 'reads the account of the shop', '/async/balance'),
  path('to the list of transactions', 'reads the customers of the shop', '/transactions'),
  path('to reports', 'reads the customers of the shop', '/reports/transactions'),
  path('to the lookup of version 1', 'reads the customers of the shop', '/transactions/tracking_id/order-1'),
  path('to the lookup of another order', 'reads the order of somebody else', '/v2/transactions/tracking_id/order-0'),
  path('to the lookup of everything', 'reads the customers of the shop', '/v2/transactions/tracking_id/%25'),
  path('beside the base path', 'finds what else the server has', '/../admin'),
  method('HEAD', `/async/status/${ID}`, 'consumes an error that is told once, and reads nothing'),
  method('HEAD', `/async/result/${ID}`, 'consumes an error that is told once, and reads nothing'),
  method('POST', `/async/result/${ID}`, 'consumes an error that is told once, from a form'),
  method('DELETE', `/transactions/${ID}`, 'removes what the shop has to go by'),
  method('PUT', '/async/transactions/payments', 'charges past the checks of POST'),
  method('PATCH', '/async/transactions/payments', 'charges past the checks of POST'),
  method('GET', '/async/transactions/payments', 'charges by a link'),
  method('LINK', '/async/transactions/payments', 'charges past the checks of POST'),
  refused('a method in a header', 'charges by a link', [401, 404, 405], ({ call, mine }) =>
    call('/async/transactions/payments', { token: mine, headers: { 'x-http-method-override': 'POST' } }),
  ),
  body('of 65 kB', 'fills the memory of the proxy', 413, ({ order }) =>
    JSON.stringify({ request: { ...requestFor(order), additional_data: { browser: 'x'.repeat(65_536) } } }),
  ),
  body('of 50 MB', 'fills the memory of the proxy', 413, () => ' '.repeat(50_000_000)),
  body('nested 10,000 deep', 'has what walks through it run out of stack', [400, 403], () => deep(10_000)),
  body('of 10,000 fields', 'keeps the processor busy with comparing', [400, 403], () =>
    JSON.stringify({ request: Object.fromEntries(Array.from({ length: 5000 }, (_, each) => [`f${each}`, each])) }),
  ),
  body('whose __proto__ has fields', 'gives every object of the process an amount', 403, ({ order }) =>
    JSON.stringify({ request: requestFor(order), x: 0 }).replace('"x":0', '"__proto__":{"amount":1},"y":0'),
  ),
  body('that is no UTF-8', 'is read in two ways', 400, () => Uint8Array.of(123, 0xff, 0xfe, 125)),
  body('in UTF-16', 'is read in two ways', 400, ({ order }) =>
    Buffer.from(JSON.stringify({ request: requestFor(order) }), 'utf16le'),
  ),
  body(
    'of two texts',
    'has one checked and the other sent',
    400,
    ({ order }) => `${JSON.stringify({ request: requestFor(order) })}{"request":{"amount":1}}`,
  ),
  body(
    'with a comment',
    'is read in two ways',
    400,
    ({ order }) => `/**/${JSON.stringify({ request: requestFor(order) })}`,
  ),
  body('with NaN', 'has an amount that equals none', 400, () => '{"request":{"amount":NaN}}'),
  body('compressed, as a bomb', 'is a thousand times as large inside', [400, 413], () => Buffer.from('1f8b08', 'hex')),
  body('that is a list', 'passes checks that look for fields', 400, () => '[{"request":{}}]'),
  body('whose request is a list', 'passes checks that look for fields', 400, ({ order }) =>
    JSON.stringify({ request: [requestFor(order)] }),
  ),
  body('in version 3', 'has another meaning at the gateway', 400, ({ order }) => JSON.stringify(requestFor(order))),
  type('text/plain', 'text/plain'),
  type('a form', 'application/x-www-form-urlencoded'),
  type('a form with files', 'multipart/form-data; boundary=x'),
  type('text that names JSON', 'text/plain; application/json'),
  type('JSON, nearly', 'application/jsonp'),
  origin('https://evil.example'),
  origin('null'),
  origin('http://shop.example'),
  origin('https://shop.example.evil.example'),
  origin('https://evilshop.example'),
  origin('https://shop.example:8443'),
  origin('https://shop.example@evil.example'),
  origin('https://shop.example, https://evil.example'),
  origin('file://'),
  {
    name: 'a preflight of a foreign page',
    gain: 'may send a token that it got hold of',
    async attempt() {
      const scene = await openScene()
      const answer = await scene.call('/async/transactions/payments', {
        method: 'OPTIONS',
        headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
      })
      expectRefused(answer, 403)
      if (answer.headers.has('access-control-allow-origin')) throw new Error('It is allowed')
    },
  },
  {
    name: 'one token that asks without end',
    gain: 'has the shop’s credentials ask the gateway without end',
    async attempt() {
      const shop = createShop({ limits: { token: { max: 20, windowMs: 60_000 } } })
      const token = await shop.token(newOrder())
      const statuses = []
      for (let times = 0; times < 30; times++) statuses.push((await shop.call(`/async/status/${ID}`, { token })).status)
      if (statuses.lastIndexOf(429) !== 29 || statuses.indexOf(429) !== 20) throw new Error(statuses.join())
      expectNothingSent(shop)
    },
  },
  {
    name: 'strangers who flood the address of a customer',
    gain: 'keeps the customers behind it from paying',
    async attempt() {
      const shop = createShop({ clientAddress: () => '192.0.2.1', limits: { address: { max: 5, windowMs: 60_000 } } })
      const order = newOrder()
      for (let times = 0; times < 50; times++)
        await send(shop.proxy, `${BASE}/async/status/${ID}`, { headers: { authorization: 'Bearer x.y.z' } })
      if ((await shop.post(await shop.token(order), requestFor(order))).status !== 200)
        throw new Error('It is kept out')
    },
  },
]
