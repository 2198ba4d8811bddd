/** One order, one charge: whatever tokens, cards, amounts and stores there are. */
import type { ClientEvent } from '@async-transaction/core'
import { memoryOutcomes, type OutcomeStore } from '@async-transaction/proxy'
import { describe, expect, it } from 'vitest'
import { cards, createShop, newOrder, type Order, type Raw, requestFor, type Shop } from './shop.ts'

const HOUR_MS = 60 * 60_000

const next = (shop: Shop, order: Order): Promise<string> => shop.token(order, { attempt: 'next' })

/** The content of a token, which a page can read. */
const claims = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

const attemptOf = async (shop: Shop, order: Order): Promise<unknown> => claims(await next(shop, order)).attempt

/** A shop whose store loses everything at once. */
function createForgetfulShop(): { readonly shop: Shop; forget(): void } {
  let inner = memoryOutcomes()
  const shop = createShop({
    outcomes: {
      get: (key) => inner.get(key),
      set: (key, record, ttlMs) => inner.set(key, record, ttlMs),
      claim: (key, owner, ttlMs) => inner.claim(key, owner, ttlMs),
    },
  })
  return {
    shop,
    forget() {
      inner = memoryOutcomes(shop.clock)
    },
  }
}

/** Pays with the card, and waits for the outcome. */
const pay = (shop: Shop, order: Order, token: string, number?: string) =>
  shop.browser(token).submit('payments', requestFor(order, number)).outcome()

const posts = (shop: Shop): number => shop.upstream().filter((operation) => operation === 'submit').length

function expectTaken(answer: Raw): void {
  expect(answer).toMatchObject({ status: 409, body: { code: 'order-taken', message: expect.any(String) } })
}

describe('attempt "next"', () => {
  it('is the first of a new order, and the same until it is used', async () => {
    const shop = createShop()
    const order = newOrder()
    expect([await attemptOf(shop, order), await attemptOf(shop, order)]).toEqual([1, 1])
    expect(shop.upstream()).toEqual(['lookup'])
  })

  it('is a new one after a decline, so that a second card pays', async () => {
    const shop = createShop()
    const order = newOrder()
    expect(await pay(shop, order, await next(shop, order), cards.declined)).toMatchObject({
      transaction: { status: 'failed' },
    })
    expect(await attemptOf(shop, order)).toBe(2)
    expect(await pay(shop, order, await next(shop, order))).toMatchObject({ transaction: { status: 'successful' } })
  })

  it('is a new one after a mistyped card, which the gateway refused', async () => {
    const shop = createShop()
    const order = newOrder()
    const typo = await shop.post(await next(shop, order), requestFor(order, '4200000000000001'))
    expect(typo.status).toBe(422)
    expect(await pay(shop, order, await next(shop, order))).toMatchObject({ transaction: { status: 'successful' } })
    expect(shop.sandbox.charges(order.trackingId)).toBe(1)
  })

  it.each(['succeeds', 'threeDSecure'] as const)('is the same after a payment that %s', async (card) => {
    const shop = createShop()
    const order = newOrder()
    await pay(shop, order, await next(shop, order), cards[card])
    expect(await attemptOf(shop, order)).toBe(1)
  })

  it('is the same while 3-D Secure waits, and another page that submits is shown that payment', async () => {
    const shop = createShop()
    const order = newOrder()
    const first = await pay(shop, order, await next(shop, order), cards.threeDSecure)
    const second = await pay(shop, order, await next(shop, order), cards.threeDSecure)
    expect(second).toMatchObject({ transaction: { status: 'incomplete', redirect_url: expect.any(String) } })
    expect(second).toMatchObject({ requestId: (first as { requestId: string }).requestId })
    expect(posts(shop)).toBe(1)
  })

  it('is the same while the first is under way, or nobody knows what came of it', async () => {
    const shop = createShop()
    const [running, lost] = [newOrder(), newOrder()]
    await shop.post(await next(shop, running), requestFor(running))
    expect(await attemptOf(shop, running)).toBe(1)
    shop.sandbox.fault({ on: 'submit', kind: 'drop-before' })
    await shop.post(await next(shop, lost), requestFor(lost))
    expect(await attemptOf(shop, lost)).toBe(1)
  })

  it('in doubt is a new one once the gateway lists the decline of this very attempt', async () => {
    const shop = createShop({}, { lookupLagMs: 300 })
    const order = newOrder()
    await pay(shop, order, await next(shop, order), cards.declined)
    shop.clock.move(60_000)
    shop.sandbox.fault({ on: 'submit', kind: 'drop-after' })
    await shop.post(await next(shop, order), requestFor(order, cards.declined))
    // Until then the decline that is listed is the one of the attempt before.
    expect(await attemptOf(shop, order)).toBe(2)
    await expect.poll(() => attemptOf(shop, order)).toBe(3)
    expect(await pay(shop, order, await next(shop, order))).toMatchObject({ transaction: { status: 'successful' } })
  })

  it('in doubt is the same while only a decline is listed that is older, of an attempt that the store forgot', async () => {
    const { shop, forget } = createForgetfulShop()
    const order = newOrder()
    await pay(shop, order, await next(shop, order), cards.declined)
    shop.clock.move(60_000)
    forget()
    shop.sandbox.fault({ on: 'submit', kind: 'drop-before' })
    await shop.post(await next(shop, order), requestFor(order))
    expect(await attemptOf(shop, order)).toBe(2)
  })

  it('in doubt is a new one after a day in which nothing was listed', async () => {
    const shop = createShop()
    const order = newOrder()
    shop.sandbox.fault({ on: 'submit', kind: 'drop-before' })
    await shop.post(await next(shop, order), requestFor(order))
    shop.clock.move(23 * HOUR_MS)
    expect(await attemptOf(shop, order)).toBe(1)
    shop.clock.move(1.1 * HOUR_MS)
    expect(await attemptOf(shop, order)).toBe(2)
    expect(await pay(shop, order, await next(shop, order))).toMatchObject({ transaction: { status: 'successful' } })
  })

  it('in doubt is none once the gateway lists a charge: its token reads, and finds that', async () => {
    const shop = createShop()
    const order = newOrder()
    shop.sandbox.fault({ on: 'submit', kind: 'drop-after' })
    await shop.post(await next(shop, order), requestFor(order))
    await expect.poll(() => shop.sandbox.charges(order.trackingId)).toBe(1)
    shop.clock.move(25 * HOUR_MS)
    const token = await next(shop, order)
    expectTaken(await shop.post(token, requestFor(order)))
    expect(await shop.browser(token).find({ trackingId: order.trackingId })).toMatchObject([{ status: 'successful' }])
    expect(posts(shop)).toBe(1)
  })

  it.each([
    ['declined', cards.declined, 2, 200],
    ['charged', cards.succeeds, 1, 409],
    ['left at 3-D Secure', cards.threeDSecure, 1, 409],
  ])(
    'of an order that was %s and that the store forgot is what the gateway lists',
    async (_, card, attempt, status) => {
      const { shop, forget } = createForgetfulShop()
      const order = newOrder()
      await pay(shop, order, await next(shop, order), card)
      shop.clock.move(30 * HOUR_MS)
      forget()
      const token = await next(shop, order)
      expect(claims(token).attempt).toBe(attempt)
      expect((await shop.post(token, requestFor(order))).status).toBe(status)
    },
  )

  it('is not decided while the gateway does not answer: there is no token', async () => {
    const shop = createShop()
    const order = newOrder()
    for (const body of [{ message: 'Not found' }, { transactions: 'none' }]) {
      shop.sandbox.fault({ on: 'lookup', kind: 'http', status: 404, body })
      await expect(next(shop, order)).rejects.toMatchObject({ code: 'unknown-outcome', trackingId: order.trackingId })
    }
    expect(await attemptOf(shop, order)).toBe(1)
  })
})

describe('a POST', () => {
  it('of an order that is paid does not leave, whatever token, amount or number it comes with', async () => {
    const shop = createShop()
    const order = newOrder()
    const stale = await next(shop, order)
    const another = { ...order, amount: order.amount + 1 }
    await pay(shop, order, await next(shop, order))
    for (const token of [
      await next(shop, another),
      await shop.token(another),
      await shop.token(another, { attempt: 2 }),
    ])
      expectTaken(await shop.post(token, requestFor(another)))
    expectTaken(await shop.post(await shop.token(order, { attempt: 2 }), requestFor(order)))
    const replay = await shop.post(stale, requestFor(order, cards.declined))
    expect([replay.status, replay.headers.get('idempotency-replayed')]).toEqual([200, 'true'])
    expect(posts(shop)).toBe(1)
  })

  it('with an old token does not charge what a new one paid', async () => {
    const shop = createShop()
    const order = newOrder()
    const unused = await shop.token(order, { attempt: 1 })
    await pay(shop, order, await shop.token(order, { attempt: 2 }))
    expectTaken(await shop.post(unused, requestFor(order)))
    expect(posts(shop)).toBe(1)
  })

  it.each([
    ['amount', { amount: 77 }],
    ['currency', { currency: 'USD' }],
  ])('with a token of the %s before a change does not leave, and the new one does', async (_, change) => {
    const shop = createShop()
    const order = newOrder()
    const old = await next(shop, order)
    const changed = { ...order, ...change }
    const token = await next(shop, changed)
    expectTaken(await shop.post(old, requestFor(order)))
    expect(await pay(shop, changed, token)).toMatchObject({ transaction: { status: 'successful', ...change } })
    expect(posts(shop)).toBe(1)
  })

  it('in doubt is repeated with its old token, though a token of another amount was asked for', async () => {
    const shop = createShop()
    const order = newOrder()
    const token = await next(shop, order)
    shop.sandbox.fault({ on: 'submit', kind: 'drop-before' })
    await shop.post(token, requestFor(order))
    const reader = await next(shop, { ...order, amount: 1 })
    expectTaken(await shop.post(reader, requestFor({ ...order, amount: 1 })))
    expect((await shop.post(token, requestFor(order))).status).toBe(200)
  })

  it.each([0, 10])('of two attempts at once leaves for one of them, with a store that takes %i ms', async (slowMs) => {
    const inner = memoryOutcomes()
    const slowly = async <T>(result: T): Promise<T> => {
      if (slowMs) await new Promise((resolve) => setTimeout(resolve, slowMs))
      return result
    }
    const outcomes: OutcomeStore = {
      get: async (key) => slowly(await inner.get(key)),
      set: async (key, record, ttlMs) => slowly(await inner.set(key, record, ttlMs)),
      claim: async (key, owner, ttlMs) => slowly(await inner.claim(key, owner, ttlMs)),
    }
    const shop = createShop({ outcomes }, { latencyMs: 20 })
    const order = newOrder()
    // A test is not counted by its card, which would keep the two apart.
    const issue = (attempt: number | 'next') => shop.token(order, { attempt, request: { test: true } })
    const tokens = [await issue('next'), await issue(2)]
    const answers = await Promise.all(tokens.map((token) => shop.post(token, requestFor(order))))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(posts(shop)).toBe(1)
  })

  it('of a number that the shop named passes over an abandoned 3-D Secure and a POST in doubt, as nothing else does', async () => {
    const shop = createShop()
    for (const leave of [
      (order: Order, token: string) => pay(shop, order, token, cards.threeDSecure),
      (order: Order, token: string) => {
        shop.sandbox.fault({ on: 'submit', kind: 'drop-before' })
        return shop.post(token, requestFor(order))
      },
    ]) {
      const order = newOrder()
      await leave(order, await next(shop, order))
      expect(claims(await next(shop, order)).attempt).toBe(1)
      const named = await shop.token(order, { attempt: 2 })
      expect(await pay(shop, order, named)).toMatchObject({ transaction: { status: 'successful' } })
      expectTaken(await shop.post(await shop.token(order, { attempt: 3 }), requestFor(order)))
    }
  })

  it('of an order left at 3-D Secure, which the store forgot, leaves only for a number that the shop named', async () => {
    const { shop, forget } = createForgetfulShop()
    const order = newOrder()
    const [unnamed, named] = [await shop.token(order), await shop.token(order, { attempt: 2 })]
    await pay(shop, order, unnamed, cards.threeDSecure)
    for (const [token, status] of [
      [unnamed, 409],
      [named, 200],
    ] as const) {
      forget()
      expect((await shop.post(token, requestFor(order))).status).toBe(status)
    }
  })

  it('does not pass over one that is under way', async () => {
    const shop = createShop()
    const order = newOrder()
    await shop.post(await next(shop, order), requestFor(order))
    expectTaken(await shop.post(await shop.token(order, { attempt: 2 }), requestFor(order)))
  })

  it('of an order that the store forgot does not leave before the gateway was asked', async () => {
    const { shop, forget } = createForgetfulShop()
    const order = newOrder()
    const other = { ...order, amount: 5 }
    const unused = await next(shop, order)
    await pay(shop, other, await next(shop, other))
    forget()
    shop.sandbox.fault({ on: 'lookup', kind: 'http', status: 502, body: {} })
    expect((await shop.post(unused, requestFor(order))).status).toBe(503)
    expectTaken(await shop.post(unused, requestFor(order)))
    expect(posts(shop)).toBe(1)
  })
})

describe('another request under one token', () => {
  it('after a decline is told that the attempt is used, and never the answer of the first card', async () => {
    const shop = createShop()
    const order = newOrder()
    const token = await next(shop, order)
    const declined = await pay(shop, order, token, cards.declined)
    expect(declined).toMatchObject({ transaction: { status: 'failed' } })
    for (const request of [
      requestFor(order),
      requestFor(order, cards.declined, {
        credit_card: { ...requestFor(order, cards.declined).credit_card, verification_value: '321' },
      }),
    ]) {
      const answer = await shop.post(token, request)
      expect(answer).toMatchObject({ status: 422, body: { code: 'attempt-used' } })
    }
    expect(await pay(shop, order, token)).toMatchObject({ error: { code: 'submit-rejected', effect: 'none' } })
    expect(posts(shop)).toBe(1)
  })

  it('after a decline is answered as the first where only the window differs', async () => {
    const shop = createShop()
    const order = newOrder()
    const token = await next(shop, order)
    const request = (width: number) =>
      requestFor(order, cards.declined, { additional_data: { browser: { window_width: width } } })
    const { body } = await shop.post(token, request(800))
    await shop.browser(token).submit('payments', request(800)).outcome()
    expect((await shop.post(token, request(1200))).body).toEqual(body)
  })

  it.each<[string, object, number]>([
    ['a window of another width', { additional_data: { browser: { window_width: 1200 } } }, 200],
    ['a retyped holder', { credit_card: { ...requestFor(newOrder()).credit_card, holder: 'J ROE' } }, 200],
    [
      'a number with spaces',
      { credit_card: { ...requestFor(newOrder()).credit_card, number: '4200 0000 0000 0000' } },
      200,
    ],
    ['a month of one digit', { credit_card: { ...requestFor(newOrder()).credit_card, exp_month: '5' } }, 200],
    ['another card', { credit_card: requestFor(newOrder(), cards.declined).credit_card }, 503],
    ['another expiry', { credit_card: { ...requestFor(newOrder()).credit_card, exp_year: '2036' } }, 503],
  ])('while the first is in doubt, with %s', async (_, fields, status) => {
    const shop = createShop()
    const order = newOrder()
    const token = await next(shop, order)
    shop.sandbox.fault({ on: 'submit', kind: 'drop-after' })
    await shop.post(token, requestFor(order))
    expect((await shop.post(token, requestFor(order, undefined, fields))).status).toBe(status)
    const ids = shop.sandbox.requests().flatMap(({ requestIdHeader }) => requestIdHeader ?? [])
    expect(new Set(ids).size).toBe(1)
    await expect.poll(() => shop.sandbox.charges(order.trackingId)).toBe(1)
  })

  it('while the first is in doubt, with another ciphertext, is sent under the same RequestID', async () => {
    const shop = createShop()
    const order = newOrder()
    const token = await next(shop, order)
    const request = (text: string) => {
      const { credit_card, ...rest } = requestFor(order)
      return { ...rest, encrypted_credit_card: { number: `$begatewaycsejs_1_0_0$${text}` } }
    }
    shop.sandbox.fault({ on: 'submit', kind: 'drop-before', times: 2 })
    await shop.post(token, request('AAAA'))
    await shop.post(token, request('BBBB'))
    expect(posts(shop)).toBe(2)
  })
})

it('a page is told that it shows a payment that was made before, with another card', async () => {
  const shop = createShop()
  const order = newOrder()
  const seen: (boolean | undefined)[] = []
  for (const number of [cards.succeeds, cards.declined]) {
    const onEvent = (event: ClientEvent) => {
      if (event.type === 'attempt' && event.operation === 'submit') seen.push(event.replayed)
    }
    const client = shop.browser(await next(shop, order), { onEvent })
    const outcome = await client.submit('payments', requestFor(order, number)).outcome()
    expect(outcome).toMatchObject({ transaction: { status: 'successful' } })
  }
  expect(seen).toEqual([undefined, true])
})

describe('limits.cards', () => {
  it('counts the different submissions of an order, and no repeat', async () => {
    const shop = createShop({ limits: { cards: { max: 2, windowMs: HOUR_MS } } })
    const [order, typo] = [newOrder(), '4200000000000001']
    for (let tries = 0; tries < 2; tries++) {
      const token = await next(shop, order)
      for (let repeats = 0; repeats < 3; repeats++) await shop.post(token, requestFor(order, typo))
    }
    const third = await shop.post(await next(shop, order), requestFor(order))
    expect(third).toMatchObject({ status: 429, body: { code: 'too-many-requests' } })
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(3500)
    shop.clock.move(HOUR_MS)
    expect((await shop.post(await next(shop, order), requestFor(order))).status).toBe(200)
  })

  it('does not count what is sent again in doubt', async () => {
    const shop = createShop({ limits: { cards: { max: 1, windowMs: HOUR_MS } } })
    const order = newOrder()
    const token = await next(shop, order)
    shop.sandbox.fault({ on: 'submit', kind: 'drop-before', times: 3 })
    for (let times = 0; times < 3; times++) await shop.post(token, requestFor(order))
    expect((await shop.post(token, requestFor(order))).status).toBe(200)
  })
})
