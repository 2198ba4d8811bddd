/** What strangers, thieves of a token, and whoever is on the way to the gateway may have of a payment that was made. */
import { type ChargeOutcome, memoryOutcomes, type OutcomeStore } from '@async-transaction/proxy'
import { expect } from 'vitest'
import { createNotifiedShop, HOOK, notify } from '../notified-shop.ts'
import { cards, createShop, credentials, newOrder, requestFor, send } from '../shop.ts'
import type { Attack } from './attack.ts'

/** A paid order, and the token of another customer. */
async function paid(options: Parameters<typeof createShop>[0] = {}) {
  const shop = createShop(options)
  const [theirs, mine] = [newOrder(), newOrder()]
  const owner = await shop.token(theirs)
  const { body } = await shop.post(owner, requestFor(theirs))
  const { uid = '' } = await shop.browser(owner).submit('payments', requestFor(theirs)).result()
  return { ...shop, theirs, owner, id: body.request_id as string, uid, stranger: await shop.token(mine), mine }
}

const reads = (name: string, target: (known: Awaited<ReturnType<typeof paid>>) => string): Attack => ({
  name: `the ${name} of another customer’s payment`,
  gain: 'knows what somebody else bought, and with which card',
  async attempt() {
    const known = await paid()
    const asked = known.sandbox.requests().length
    const answer = await known.call(target(known), { token: known.stranger })
    expect(answer.status).toBe(404)
    expect(answer.text).not.toMatch(/visa|0000|successful/)
    if (name !== 'transaction') expect(known.sandbox.requests()).toHaveLength(asked)
  },
})

/** A token of the same order that differs in what keeps orders apart. */
const crosses = (name: string, gain: string, other: object): Attack => ({
  name: `the same order’s token of ${name}`,
  gain,
  async attempt() {
    const { call, id, token, theirs } = await paid()
    for (const operation of ['status', 'result'])
      expect((await call(`/async/${operation}/${id}`, { token: await token(theirs, other) })).status).toBe(404)
  },
})

const webhook = (
  name: string,
  gain: string,
  forge: (shop: ReturnType<typeof createNotifiedShop>, told: ChargeOutcome[]) => Promise<void>,
): Attack => ({
  name: `a webhook ${name}`,
  gain,
  async attempt() {
    const told: ChargeOutcome[] = []
    await forge(createNotifiedShop({ onOutcome: (outcome) => void told.push(outcome) }), told)
  },
})

const PAID = 'has its order delivered without having paid'

/** The genuine one, changed before it arrives; it must be refused, and the shop told nothing. */
const altered = (name: string, gain: string, change: (genuine: Request, text: string) => RequestInit): Attack =>
  webhook(name, gain, async ({ charge, proxy }, told) => {
    const { webhook } = await charge(newOrder(), cards.declined)
    const genuine = await webhook()
    const answer = await send(proxy, HOOK, { method: 'POST', ...change(genuine, await genuine.clone().text()) })
    expect(answer.status).toBe(401)
    expect(told).toEqual([])
  })

const headersBut = (genuine: Request, name: string, value?: string): Headers => {
  const headers = new Headers(genuine.headers)
  headers.delete(name)
  if (value !== undefined) headers.set(name, value)
  return headers
}

export const otherAttacks: readonly Attack[] = [
  reads('status', ({ id }) => `/async/status/${id}`),
  reads('result', ({ id }) => `/async/result/${id}`),
  reads('transaction', ({ uid }) => `/transactions/${uid}`),
  reads('order', ({ theirs }) => `/v2/transactions/tracking_id/${theirs.trackingId}`),
  crosses('staging', 'pays a live order with a test card', { request: { test: true } }),
  crosses('another type', 'reads an authorization with the right to a payment', { type: 'authorizations' }),
  {
    name: 'the charge of somebody else’s intent, with a card of one’s own',
    gain: 'has the card of the first one charged again',
    async attempt() {
      const { post, owner, theirs, sandbox } = await paid()
      const { status, headers } = await post(owner, requestFor(theirs, cards.declined))
      expect([status === 409 || headers.get('idempotency-replayed') === 'true', status]).toEqual([true, status])
      expect(sandbox.charges(theirs.trackingId)).toBe(1)
    },
  },
  {
    name: 'ten submissions in one moment',
    gain: 'is charged ten times, or has ten orders for one payment',
    async attempt() {
      const { post, sandbox, token } = createShop()
      const order = newOrder()
      const tokens = await Promise.all(Array.from({ length: 10 }, () => token(order)))
      await Promise.all(tokens.map((each) => post(each, requestFor(order))))
      expect(sandbox.charges(order.trackingId)).toBe(1)
    },
  },
  {
    name: 'a second attempt while the first one is paid',
    gain: 'is charged twice, and has somebody to sue',
    async attempt() {
      const { post, sandbox, theirs, token } = await paid()
      expect((await post(await token(theirs, { attempt: 2 }), requestFor(theirs))).status).toBe(409)
      expect(sandbox.charges(theirs.trackingId)).toBe(1)
    },
  },
  {
    name: 'another RequestID than the proxy’s',
    gain: 'makes one intent two charges',
    async attempt() {
      const { post, sandbox, token } = createShop()
      const order = newOrder()
      for (const RequestID of [crypto.randomUUID(), crypto.randomUUID()])
        await post(await token(order), requestFor(order), { headers: { RequestID } })
      expect(sandbox.charges(order.trackingId)).toBe(1)
      const keys = new Set(sandbox.requests().map(({ requestIdHeader }) => requestIdHeader))
      expect(keys.size).toBe(1)
    },
  },
  altered('without a signature', PAID, (genuine, body) => ({
    headers: headersBut(genuine, 'content-signature'),
    body,
  })),
  altered('with the signature of another', PAID, (genuine, body) => ({
    headers: headersBut(genuine, 'content-signature', btoa('x'.repeat(256))),
    body,
  })),
  altered('with an empty signature', PAID, (genuine, body) => ({
    headers: headersBut(genuine, 'content-signature', ''),
    body,
  })),
  altered('without the shop’s credentials', PAID, (genuine, body) => ({
    headers: headersBut(genuine, 'authorization'),
    body,
  })),
  altered('with the credentials of another shop', PAID, (genuine, body) => ({
    headers: headersBut(genuine, 'authorization', `Basic ${btoa('362:x')}`),
    body,
  })),
  altered('of a decline that says successful', PAID, ({ headers }, body) => ({
    headers,
    body: body.replace('"failed"', '"successful"'),
  })),
  altered('of another amount', 'has more delivered than was paid for', ({ headers }, body) => ({
    headers,
    body: body.replace(/"amount":\d+/, '"amount":9999999'),
  })),
  altered('of another order', PAID, ({ headers }, body) => ({ headers, body: body.replace(/order-\d+/, 'order-1') })),
  altered('with one more space', 'shows that something else than the bytes is signed', ({ headers }, body) => ({
    headers,
    body: `${body} `,
  })),
  altered('with a second body behind the first', PAID, ({ headers }, body) => ({ headers, body: body + body })),
  webhook(
    'of an earlier attempt',
    'has a declined payment taken for a paid one',
    async ({ call, charge, proxy }, told) => {
      const order = newOrder()
      const first = await charge(order, cards.declined)
      const transaction = await first.transaction()
      await call(`/async/result/${first.id}`, { token: first.token })
      const second = await charge(order, cards.succeeds, 2)
      await second.webhook()
      await call(`/async/result/${second.id}`, { token: second.token })
      const before = told.length
      expect(await notify(proxy, { ...transaction, friendly_message: 'Late' })).toBe(204)
      const { body } = await call(`/async/result/${second.id}`, { token: second.token })
      expect(body.transaction).toMatchObject({ status: 'successful', tracking_id: order.trackingId })
      expect(told.slice(before).every(({ requestId }) => requestId !== second.id)).toBe(true)
    },
  ),
  webhook('of a payment from before ours', 'pays with what was paid long ago', async ({ call, charge, proxy }) => {
    const { id, token, transaction } = await charge()
    const old = { ...(await transaction()), uid: 'an-old-one', created_at: '2020-01-01T00:00:00Z', status: 'failed' }
    expect(await notify(proxy, old)).toBe(204)
    expect((await call(`/async/result/${id}`, { token })).body.transaction).toMatchObject({ status: 'successful' })
  }),
  webhook(
    'that takes a success back',
    'leaves the shop with goods gone and an order unpaid',
    async ({ call, charge, proxy }) => {
      const { id, token, deliver, transaction } = await charge()
      expect(await deliver()).toBe(204)
      expect(await notify(proxy, { ...(await transaction()), status: 'failed' })).toBe(204)
      expect((await call(`/async/result/${id}`, { token })).body.transaction.status).toBe('successful')
    },
  ),
  webhook('of a test card, for a live order', 'pays with a test card', async ({ call, charge, proxy }) => {
    const { id, token, transaction } = await charge(newOrder(), cards.declined)
    expect(await notify(proxy, { ...(await transaction()), status: 'successful', test: true, uid: 'x' })).toBe(204)
    expect((await call(`/async/result/${id}`, { token })).body.transaction.status).toBe('failed')
  }),
  webhook(
    'of another transaction of the same order',
    'has a declined attempt say that it was paid',
    async ({ call, charge, proxy }) => {
      const { id, token, transaction, order } = await charge(newOrder(), cards.declined)
      await expect
        .poll(async () => (await call(`/async/result/${id}`, { token })).body.transaction?.status)
        .toBe('failed')
      const other = {
        ...(await transaction()),
        uid: crypto.randomUUID(),
        status: 'successful',
        tracking_id: order.trackingId,
      }
      expect(await notify(proxy, other)).toBe(204)
      expect((await call(`/async/result/${id}`, { token })).body.transaction.status).toBe('failed')
    },
  ),
  {
    name: 'a gateway’s answer that names the shop’s secret',
    gain: 'reads it in the page',
    async attempt() {
      const { call, post, sandbox, token } = createShop()
      const order = newOrder()
      const mine = await token(order)
      const basic = btoa(`${credentials.shopId}:${credentials.secretKey}`)
      const message = `Bad key ${credentials.secretKey}, ${basic}, Basic ${basic}`
      sandbox.fault({ on: 'submit', kind: 'error', status: 422, body: { message, errors: { base: message } } })
      const { body, text } = await post(mine, requestFor(order))
      const seen = [text, (await call(`/async/result/${body.request_id}`, { token: mine })).text].join()
      expect(seen).not.toContain(credentials.secretKey)
      expect(seen).not.toContain(basic)
    },
  },
  {
    name: 'a gateway that names other addresses for the task',
    gain: 'is sent the credentials of the shop',
    async attempt() {
      const hosts = new Set<string>()
      const { post, sandbox, token, call } = createShop({
        fetch: async (request, init) => {
          hosts.add(new URL(request.url).host)
          return shop.sandbox.fetch(request, init)
        },
      })
      const shop = { sandbox }
      const order = newOrder()
      const mine = await token(order)
      sandbox.fault({ on: 'submit', kind: 'untrusted-urls', origin: 'https://evil.example' })
      const { body, text } = await post(mine, requestFor(order))
      expect(text).not.toContain('evil.example')
      await call(`/async/status/${body.request_id}`, { token: mine })
      expect([...hosts]).toEqual(['gateway.test'])
    },
  },
  {
    name: 'the store, read by its operator',
    gain: 'finds out card numbers by trying all of them',
    async attempt() {
      const digests = async (secret: string): Promise<Set<string>> => {
        const seen: string[] = []
        const inner = memoryOutcomes()
        const outcomes: OutcomeStore = {
          get: (key) => inner.get(key),
          set(key, record, ttlMs) {
            seen.push(key, JSON.stringify(record))
            return inner.set(key, record, ttlMs)
          },
          claim(key, owner, ttlMs) {
            seen.push(key)
            return inner.claim(key, owner, ttlMs)
          },
        }
        const { post, token } = createShop({ outcomes, secret })
        const order = newOrder()
        await post(await token(order), requestFor(order))
        expect(seen.join()).not.toContain(cards.succeeds)
        return new Set(seen.join().match(/[\w-]{40,}/g))
      }
      const [one, again, other] = [
        await digests('a-secret-of-the-proxy-with-more-than-32-bytes'),
        await digests('a-secret-of-the-proxy-with-more-than-32-bytes'),
        await digests('another-secret-of-the-proxy-of-32-bytes-or-so'),
      ]
      // The card is the same each time, the order is not: what they have in common is the digest of the card.
      expect([...one].filter((digest) => again.has(digest))).not.toEqual([])
      expect([...one].filter((digest) => other.has(digest))).toEqual([])
    },
  },
]
