/** One intent, one charge: whatever browsers, tabs and networks do. */
import { fixedSchedule } from '@async-transaction/core'
import { memoryOutcomes } from '@async-transaction/proxy'
import { describe, expect, it } from 'vitest'
import { BASE, cards, createShop, newOrder, requestFor, send } from './shop.ts'

const posts = (shop: ReturnType<typeof createShop>): (string | undefined)[] =>
  shop.sandbox
    .requests()
    .filter(({ operation }) => operation === 'submit')
    .map(({ requestIdHeader }) => requestIdHeader)

describe('one intent', () => {
  it('is one POST, however many send it at once', async () => {
    const shop = createShop({}, { latencyMs: 20 })
    const order = newOrder()
    const charge = await shop.token(order)
    const answers = await Promise.all(Array.from({ length: 12 }, () => shop.post(charge, requestFor(order))))
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 200, body: { status: 'processing' } })
    expect(posts(shop)).toHaveLength(1)
  })

  it('is one RequestID for every token of it, every process and every secret', async () => {
    const shop = createShop()
    const order = newOrder()
    await shop.post(await shop.token(order), requestFor(order))
    for (const options of [{}, { secret: 'another-secret-of-the-proxy-as-long-as-the-first-one' }]) {
      const other = shop.another({ ...options, outcomes: memoryOutcomes() })
      const token = await other.issue({ type: 'payments', ...order })
      const answer = await send(other, `${BASE}/async/transactions/payments`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ request: requestFor(order) }),
      })
      expect(answer.status).toBe(200)
    }
    expect(posts(shop)).toHaveLength(3)
    expect(new Set(posts(shop)).size).toBe(1)
    expect(posts(shop)[0]).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(shop.sandbox.charges(order.trackingId)).toBe(1)
  })

  it('is the same in "kzt" and "KZT"', async () => {
    const shop = createShop()
    const order = newOrder()
    for (const currency of ['KZT', 'kzt']) {
      const { status } = await shop.post(await shop.token({ ...order, currency }), {
        credit_card: requestFor(order).credit_card,
      })
      expect(status).toBe(200)
    }
    expect(posts(shop)).toHaveLength(1)
    expect(shop.sandbox.charges(order.trackingId)).toBe(1)
  })

  it('ignores the RequestID of the browser', async () => {
    const shop = createShop()
    const order = newOrder()
    const charge = await shop.token(order)
    for (const RequestID of ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'])
      await shop.post(charge, requestFor(order), { headers: { RequestID } })
    expect(posts(shop)).toHaveLength(1)
    expect(posts(shop)[0]).not.toMatch(/1111|2222/)
  })

  it.each([
    ['type', { type: 'authorizations' }],
    ['tracking id', { trackingId: 'another' }],
  ])('is another one with another %s', async (_, change) => {
    const shop = createShop()
    const order = newOrder()
    await shop.post(await shop.token(order), requestFor(order))
    const other = { type: 'payments', ...order, ...change }
    const token = await shop.proxy.issue(other)
    await shop.call(`/async/transactions/${other.type}`, {
      method: 'POST',
      token,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ request: requestFor(other, cards.succeeds) }),
    })
    expect(new Set(posts(shop)).size).toBe(2)
  })

  it.each<[string, object, object]>([
    ['another card', {}, { credit_card: requestFor(newOrder(), cards.declined).credit_card }],
    ['another holder', {}, { credit_card: { ...requestFor(newOrder()).credit_card, holder: 'JOHN ROE' } }],
    ['another window of the browser', {}, { additional_data: { browser: { window_width: 1024 } } }],
    ['another address', {}, { billing_address: { city: 'Almaty' } }],
    ['another page to return to', { request: { return_url: 'https://shop.example/other' } }, {}],
    ['another description', { description: 'Another' }, { description: 'Another' }],
  ])('is answered as the first time for a second token with %s', async (_, grant, fields) => {
    const shop = createShop()
    const order = newOrder()
    const first = await shop.post(await shop.token(order), requestFor(order))
    const again = await shop.post(await shop.token(order, grant), requestFor(order, undefined, fields))
    expect([again.status, again.text]).toEqual([200, first.text])
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true'])
    const outcome = await shop
      .browser(await shop.token(order, grant))
      .submit('payments', requestFor(order, undefined, fields))
      .outcome()
    expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
    expect(posts(shop)).toHaveLength(1)
    expect(shop.sandbox.charges(order.trackingId)).toBe(1)
  })

  it('is answered as the first time, though the second came with other details while the first was on its way', async () => {
    const shop = createShop()
    const order = newOrder()
    shop.sandbox.fault({ on: 'submit', kind: 'delay', ms: 100 })
    const [first, second] = await Promise.all([
      shop.post(await shop.token(order), requestFor(order)),
      shop.post(await shop.token(order), requestFor(order, cards.declined)),
    ])
    expect([second.status, second.text]).toEqual([200, first.text])
    expect(posts(shop)).toHaveLength(1)
  })

  it('is not sent with other details after a POST that may have been taken: nobody knows what they would be answered', async () => {
    const shop = createShop()
    const order = newOrder()
    shop.sandbox.fault({ on: 'submit', kind: 'drop-after' })
    await shop.post(await shop.token(order), requestFor(order))
    const other = requestFor(order, cards.declined)
    const answer = await shop.post(await shop.token(order), other)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(posts(shop)).toHaveLength(1)
    const outcome = await shop
      .browser(await shop.token(order))
      .submit('payments', other)
      .outcome()
    expect(outcome).toMatchObject({ status: 'result', via: 'lookup', transaction: { status: 'successful' } })
    expect(shop.sandbox.charges(order.trackingId)).toBe(1)
  }, 40_000)

  it.each([
    ['429', { kind: 'throttle', retryAfter: 1 }],
    ['401', { kind: 'http', status: 401, body: { message: 'Unauthorized' } }],
  ] as const)(
    'may be sent with other details after %s, which was no charge, under the same RequestID',
    async (_, fault) => {
      const shop = createShop()
      const order = newOrder()
      shop.sandbox.fault({ on: 'submit', ...fault })
      await shop.post(await shop.token(order), requestFor(order, undefined, { customer: { email: 'a@shop.example' } }))
      const answer = await shop.post(await shop.token(order), requestFor(order))
      expect(answer).toMatchObject({ status: 200, body: { status: 'processing' } })
      expect(posts(shop)).toHaveLength(2)
      expect(new Set(posts(shop)).size).toBe(1)
    },
  )

  it.each([
    ['429', { kind: 'throttle', retryAfter: 1 }],
    ['a refusal', { kind: 'http', status: 422, body: { response: { message: 'The holder is wrong' } } }],
  ] as const)(
    'is not sent with other details when an earlier POST was lost, whatever came after it: %s',
    async (_, fault) => {
      const shop = createShop()
      const order = newOrder()
      const charge = await shop.token(order)
      shop.sandbox.fault({ on: 'submit', kind: 'drop-after' })
      shop.sandbox.fault({ on: 'submit', ...fault })
      await shop.post(charge, requestFor(order))
      await shop.post(charge, requestFor(order))
      await shop.post(charge, requestFor(order, cards.declined))
      expect(posts(shop)).toHaveLength(2)
    },
  )

  it.each([
    ['charged', 'drop-after', { status: 'result', via: 'lookup', transaction: { status: 'successful' } }],
    ['did not', 'drop-before', { status: 'error', error: { code: 'submit-lost', effect: 'unknown' } }],
  ] as const)(
    'is not told as refused when a POST was lost, which %s, and the next was refused',
    async (_, kind, expected) => {
      const shop = createShop()
      const order = newOrder()
      shop.sandbox.fault({ on: 'submit', kind })
      shop.sandbox.fault({
        on: 'submit',
        kind: 'http',
        status: 422,
        body: { response: { message: 'It was paid just now' } },
      })
      await shop.post(await shop.token(order), requestFor(order))
      for (let reloads = 0; reloads < 2; reloads++) {
        const outcome = await shop
          .browser(await shop.token(order), { schedule: fixedSchedule({ intervalMs: 20 }) })
          .submit('payments', requestFor(order))
          .outcome()
        expect(outcome).toMatchObject(expected)
      }
      expect(posts(shop)).toHaveLength(2)
    },
    60_000,
  )

  it('may be sent again with its keys in another order', async () => {
    const shop = createShop()
    const order = newOrder()
    shop.sandbox.fault({ on: 'submit', kind: 'drop-after' })
    const charge = await shop.token(order)
    const request = requestFor(order)
    await shop.post(charge, request)
    const turned = Object.fromEntries(Object.entries(request).reverse())
    expect((await shop.post(charge, turned)).status).toBe(200)
    expect(posts(shop)).toHaveLength(2)
  })

  it('keeps its refusal: the same again gets the same words', async () => {
    const shop = createShop()
    const order = newOrder()
    const charge = await shop.token(order)
    const first = await shop.post(charge, requestFor(order, '4200000000000001'))
    expect(first.status).toBe(422)
    expect((await shop.post(charge, requestFor(order, '4200000000000001'))).text).toBe(first.text)
    expect(posts(shop)).toHaveLength(1)
  })
})

describe('a POST that is lost between proxy and gateway', () => {
  it.each(['drop-before', 'drop-after', 'html', 'empty', 'truncate'] as const)(
    'by %s is sent again under one RequestID, and charges once',
    async (kind) => {
      const shop = createShop()
      const order = newOrder()
      shop.sandbox.fault({ on: 'submit', kind })
      const outcome = await shop
        .browser(await shop.token(order))
        .submit('payments', requestFor(order))
        .outcome()
      expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
      expect(shop.sandbox.charges(order.trackingId)).toBe(1)
      expect(new Set(posts(shop)).size).toBe(1)
    },
    30_000,
  )

  it('is never said to have had no effect: it is a passing fault, and the lookup finds the charge', async () => {
    const shop = createShop()
    const order = newOrder()
    const charge = await shop.token(order)
    shop.sandbox.fault({ on: 'submit', kind: 'drop-after', times: 4 })
    const lost = await shop.post(charge, requestFor(order))
    expect(lost).toMatchObject({ status: 503, body: { message: expect.any(String) } })
    expect(lost.headers.get('retry-after')).toBe('1')
    const outcome = await shop.browser(charge).submit('payments', requestFor(order)).outcome()
    expect(outcome).toMatchObject({ status: 'result', via: 'lookup', transaction: { status: 'successful' } })
    expect(shop.sandbox.charges(order.trackingId)).toBe(1)
  }, 40_000)

  it('may have been taken when the gateway answers 503 with a time to come back', async () => {
    const shop = createShop()
    const order = newOrder()
    shop.sandbox.fault({ on: 'submit', kind: 'throttle', status: 503, retryAfter: 1, taken: true, times: 4 })
    const answer = await shop.post(await shop.token(order), requestFor(order))
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('1')
    const outcome = await shop
      .browser(await shop.token(order))
      .submit('payments', requestFor(order))
      .outcome()
    expect(outcome).toMatchObject({ status: 'result', via: 'lookup', transaction: { status: 'successful' } })
    expect(shop.sandbox.charges(order.trackingId)).toBe(1)
  }, 40_000)

  it('is not sent again after a day, when the gateway no longer knows its RequestID: it is looked up', async () => {
    const shop = createShop()
    const order = newOrder()
    shop.sandbox.fault({ on: 'submit', kind: 'drop-after' })
    await shop.post(await shop.token(order), requestFor(order))
    for (const hours of [24, 6 * 24, 30 * 24]) {
      shop.clock.move(hours * 60 * 60_000)
      const late = await shop.post(await shop.token(order), requestFor(order))
      expect(late.status).toBe(503)
      expect(late.headers.get('retry-after')).toBe('1')
    }
    expect(posts(shop)).toHaveLength(1)
    expect(shop.sandbox.charges(order.trackingId)).toBe(1)
  })

  it('is sent again within the day, and after it when it certainly was not taken', async () => {
    const shop = createShop()
    const [lost, refused] = [newOrder(), newOrder()]
    shop.sandbox.fault({ on: 'submit', kind: 'drop-before' })
    shop.sandbox.fault({ on: 'submit', kind: 'throttle' })
    for (const order of [lost, refused]) await shop.post(await shop.token(order), requestFor(order))
    shop.clock.move(23 * 60 * 60_000)
    expect((await shop.post(await shop.token(lost), requestFor(lost))).status).toBe(200)
    shop.clock.move(2 * 60 * 60_000)
    expect((await shop.post(await shop.token(refused), requestFor(refused))).status).toBe(200)
  })

  it('is not sent again at 23 h 59 min after the first POST, however many came since', async () => {
    const shop = createShop()
    const order = newOrder()
    const minutes = (count: number): void => shop.clock.move(count * 60_000)
    shop.sandbox.fault({ on: 'submit', kind: 'drop-after', times: 2 })
    await shop.post(await shop.token(order), requestFor(order))
    minutes(12 * 60)
    await shop.post(await shop.token(order), requestFor(order))
    expect(posts(shop)).toHaveLength(2)
    minutes(12 * 60 - 1)
    expect((await shop.post(await shop.token(order), requestFor(order))).status).toBe(503)
    expect(posts(shop)).toHaveLength(2)
  })

  it('is not told as "nothing was taken" to another tab that meets 429 three times', async () => {
    const shop = createShop({}, { latencyMs: 30_000 })
    const order = newOrder()
    shop.sandbox.fault({ on: 'submit', kind: 'drop-after' })
    await shop.post(await shop.token(order), requestFor(order))
    shop.sandbox.fault({ on: 'submit', kind: 'throttle', retryAfter: 1, times: 3 })
    for (let tries = 0; tries < 3; tries++) {
      const answer = await shop.post(await shop.token(order), requestFor(order))
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBe('1')
    }
  })

  it('once answered, is never sent again: not with a token of weeks later', async () => {
    const shop = createShop()
    const order = newOrder()
    const first = await shop.post(await shop.token(order), requestFor(order))
    for (let weeks = 0; weeks < 12; weeks++) {
      shop.clock.move(7 * 24 * 60 * 60_000)
      expect((await shop.post(await shop.token(order), requestFor(order))).text).toBe(first.text)
    }
    expect(posts(shop)).toHaveLength(1)
  })

  it('is not sent again by the proxy itself', async () => {
    const shop = createShop()
    const order = newOrder()
    shop.sandbox.fault({ on: 'submit', kind: 'http', status: 503 })
    await shop.post(await shop.token(order), requestFor(order))
    expect(posts(shop)).toHaveLength(1)
  })

  it('waits as the gateway told it to', async () => {
    const shop = createShop()
    const order = newOrder()
    shop.sandbox.fault({ on: 'submit', kind: 'throttle', retryAfter: 7 })
    const answer = await shop.post(await shop.token(order), requestFor(order))
    expect(answer.status).toBe(429)
    expect(answer.headers.get('retry-after')).toBe('7')
  })

  it.each([401, 403])('says nothing of the shop’s credentials when the gateway answers %i', async (status) => {
    const shop = createShop()
    const order = newOrder()
    shop.sandbox.fault({ on: 'submit', kind: 'http', status, body: { message: 'Shop 361 is blocked' } })
    const answer = await shop.post(await shop.token(order), requestFor(order))
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBeTruthy()
    expect(answer.text).not.toContain('361')
    expect(shop.events).toContainEqual(expect.objectContaining({ warning: 'gateway-unauthorized' }))
  })

  it('whose answer could not be kept is found again by the same submit', async () => {
    const inner = memoryOutcomes()
    let broken = false
    const shop = createShop({
      outcomes: {
        ...inner,
        set(key, record, ttlMs) {
          if (broken && key.startsWith('task/')) throw new Error('The store is down')
          return inner.set(key, record, ttlMs)
        },
      },
    })
    const order = newOrder()
    const charge = await shop.token(order)
    broken = true
    const lost = await shop.post(charge, requestFor(order))
    expect(lost.status).toBe(503)
    expect(lost.headers.get('retry-after')).toBe('1')
    broken = false
    expect(await shop.browser(charge).submit('payments', requestFor(order)).outcome()).toMatchObject({
      status: 'result',
    })
    expect(shop.sandbox.charges(order.trackingId)).toBe(1)
  })
})

describe('card testing', () => {
  it('is stopped by the card, over all tokens and processes, with a time to come back', async () => {
    const outcomes = memoryOutcomes()
    const shop = createShop({ outcomes, limits: { card: { max: 3, windowMs: 3_600_000 } } })
    const statuses: number[] = []
    for (let tries = 0; tries < 5; tries++) {
      const order = newOrder()
      const answer = await shop.post(await shop.token(order), requestFor(order))
      statuses.push(answer.status)
      if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429])
    expect(posts(shop)).toHaveLength(3)
    const order = newOrder()
    expect((await shop.post(await shop.token(order), requestFor(order, cards.declined))).status).toBe(200)
  })

  it('takes a card for the same with spaces and dashes in its number', async () => {
    const shop = createShop({ limits: { card: { max: 1, windowMs: 60_000 } } })
    const statuses: number[] = []
    for (const number of ['4200000000000000', '4200 0000 0000 0000', '4200-0000-0000-0000']) {
      const order = newOrder()
      statuses.push((await shop.post(await shop.token(order), requestFor(order, number))).status)
    }
    expect(statuses).toEqual([200, 429, 429])
  })

  it('is stopped by the card when all try it at once', async () => {
    const shop = createShop({ limits: { card: { max: 3, windowMs: 3_600_000 } } })
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const order = newOrder()
        return shop.post(await shop.token(order), requestFor(order))
      }),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429, 429, 429, 429])
  })

  it('counts each card that an order is tried with', async () => {
    const shop = createShop({ limits: { card: { max: 1, windowMs: 3_600_000 } } })
    const [paid, order] = [newOrder(), newOrder()]
    await shop.post(await shop.token(paid), requestFor(paid))
    shop.sandbox.fault({ on: 'submit', kind: 'http', status: 422, body: { response: { message: 'Not taken' } } })
    const charge = await shop.token(order)
    expect((await shop.post(charge, requestFor(order, cards.declined))).status).toBe(422)
    const next = await shop.token(order, { attempt: 2 })
    expect((await shop.post(next, requestFor(order))).status).toBe(429)
    expect(posts(shop)).toHaveLength(2)
  })

  it('lets a shop behind one address, with one test card, pay 200 times an hour, at the same cost each time', async () => {
    const inner = memoryOutcomes()
    let operations = 0
    const counted = <A extends unknown[], T>(method: (...args: A) => T) => {
      return (...args: A): T => {
        operations += 1
        return method(...args)
      }
    }
    const outcomes = { get: counted(inner.get), set: counted(inner.set), claim: counted(inner.claim) }
    const shop = createShop({ outcomes, clientAddress: () => '192.0.2.1' })
    const [statuses, costs] = [new Set<number>(), new Set<number>()]
    for (let tries = 0; tries < 200; tries++) {
      const order = newOrder()
      operations = 0
      statuses.add((await shop.post(await shop.token(order), requestFor(order))).status)
      costs.add(operations)
    }
    expect([...statuses]).toEqual([200])
    expect(costs.size).toBe(1)
    const order = newOrder()
    expect((await shop.post(await shop.token(order), requestFor(order))).status).toBe(429)
  })

  it('is not looked for where the token fixes a test', async () => {
    const shop = createShop({ limits: { card: { max: 1, windowMs: 3_600_000 } } })
    for (let tries = 0; tries < 3; tries++) {
      const order = newOrder()
      const answer = await shop.post(await shop.token(order, { request: { test: true } }), requestFor(order))
      expect(answer.status).toBe(200)
    }
  })

  it.each([{ toString: 1 }, ['4200000000000000'], true, null])(
    'is no matter of a number that is %j: the gateway refuses it',
    async (number) => {
      const shop = createShop()
      const order = newOrder()
      const request = requestFor(order)
      const answer = await shop.post(await shop.token(order), {
        ...request,
        credit_card: { ...request.credit_card, number },
      })
      expect(answer.status).toBe(422)
      expect(shop.events).not.toContainEqual(expect.objectContaining({ type: 'warning' }))
    },
  )

  it('is stopped by the address', async () => {
    const shop = createShop({
      limits: { submits: { max: 2, windowMs: 60_000 } },
      clientAddress: (request) => request.headers.get('x-test-address') ?? undefined,
    })
    const statuses: number[] = []
    for (const address of ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2']) {
      const order = newOrder()
      const { status } = await shop.post(await shop.token(order), requestFor(order), {
        headers: { 'x-test-address': address },
      })
      statuses.push(status)
    }
    expect(statuses).toEqual([200, 200, 429, 200])
  })

  it('counts by the address what goes to the gateway, and no repeat, replay or refusal', async () => {
    const shop = createShop({ limits: { submits: { max: 2, windowMs: 60_000 } }, clientAddress: () => '192.0.2.1' })
    const [order, other, third] = [newOrder(), newOrder(), newOrder()]
    const token = await shop.token(order)
    for (let times = 0; times < 4; times++) {
      await shop.post(token, requestFor(order))
      await shop.post(token, { ...requestFor(order), amount: 1 })
    }
    expect((await shop.post(await shop.token(other), requestFor(other))).status).toBe(200)
    expect((await shop.post(await shop.token(third), requestFor(third))).status).toBe(429)
  })

  it('counts a network of IPv6 as one address', async () => {
    const shop = createShop({
      limits: { submits: { max: 1, windowMs: 60_000 } },
      clientAddress: (request) => request.headers.get('x-test-address') ?? undefined,
    })
    const statuses: number[] = []
    for (const address of ['2001:db8::1', '2001:db8::2:1', '2001:db8:0:1::1']) {
      const order = newOrder()
      const headers = { 'x-test-address': address }
      statuses.push((await shop.post(await shop.token(order), requestFor(order), { headers })).status)
    }
    expect(statuses).toEqual([200, 429, 200])
  })

  it('counts ciphertexts by the address, over all processes', async () => {
    const shop = createShop({
      outcomes: memoryOutcomes(),
      cards: 'encrypted',
      limits: { cards: { max: 2, windowMs: 60_000 } },
      clientAddress: (request) => request.headers.get('x-test-address') ?? undefined,
    })
    const statuses: number[] = []
    for (const address of ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2']) {
      const order = newOrder()
      const { credit_card: _, ...request } = requestFor(order)
      const encrypted_credit_card = { number: `$begatewaycsejs_1_0_0$${crypto.randomUUID()}` }
      const headers = { 'x-test-address': address }
      const { status } = await shop.post(await shop.token(order), { ...request, encrypted_credit_card }, { headers })
      statuses.push(status)
    }
    expect(statuses.map((status) => status === 429)).toEqual([false, false, true, false])
  })

  it('counts nothing before the token is verified: a stranger uses up nobody’s limit', async () => {
    const shop = createShop({ limits: { address: { max: 1, windowMs: 60_000 } }, clientAddress: () => '192.0.2.1' })
    const order = newOrder()
    for (let times = 0; times < 5; times++) await shop.post('x.y.z', requestFor(order))
    expect((await shop.post(await shop.token(order), requestFor(order))).status).toBe(200)
  })
})
