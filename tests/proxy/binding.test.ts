/** What the token holds comes from the token, and a page adds only what is listed. */
import { describe, expect, it } from 'vitest'
import { createShop, newOrder, requestFor } from './shop.ts'

/** A shop that keeps what it sent to the gateway. */
function createWatchedShop(options: Parameters<typeof createShop>[0] = {}) {
  const sent: Record<string, unknown>[] = []
  const shop = createShop({
    ...options,
    fetch: async (request: Request, init) => {
      if (request.method === 'POST')
        sent.push(((await request.clone().json()) as { request: Record<string, unknown> }).request)
      return shop.sandbox.fetch(request, init)
    },
  })
  return { ...shop, sent }
}

const fixed = {
  return_url: 'https://shop.example/back',
  notification_url: 'https://shop.example/hook',
  test: true,
  language: 'kk',
}

describe('a field that the shop fixed', () => {
  it('is filled in where the browser leaves it out', async () => {
    const { post, sent, token } = createWatchedShop()
    const order = newOrder()
    const { credit_card } = requestFor(order)
    expect((await post(await token(order, { request: fixed }), { credit_card })).status).toBe(200)
    expect(sent).toEqual([
      {
        ...fixed,
        amount: order.amount,
        currency: order.currency,
        description: order.description,
        tracking_id: order.trackingId,
        credit_card,
      },
    ])
  })

  it.each([
    ['amount', 1],
    ['amount', '1001'],
    ['amount', null],
    ['currency', 'USD'],
    ['currency', 'kzt'],
    ['tracking_id', 'another'],
    ['description', 'Another'],
    ['return_url', 'https://evil.example/'],
    ['notification_url', 'https://evil.example/'],
    ['test', false],
    ['language', 'en'],
    ['language', { toString: 'kk' }],
  ])('%s cannot be made %j', async (field, value) => {
    const { post, sandbox, token } = createWatchedShop()
    const order = newOrder()
    const answer = await post(await token(order, { request: fixed }), { ...requestFor(order), [field]: value })
    expect(answer).toMatchObject({ status: 403, body: { message: expect.any(String) } })
    expect(sandbox.requests()).toHaveLength(0)
  })

  it('may be repeated as it is, and a section of it completed', async () => {
    const { post, sent, token } = createWatchedShop()
    const order = newOrder()
    const customer = { email: 'a@shop.example' }
    const additional_data = { contract: ['recurring'] }
    const charge = await token(order, {
      request: { ...fixed, customer, additional_data, credit_card: { save_card: true } },
    })
    const request = {
      ...requestFor(order),
      ...fixed,
      customer: { ...customer, birth_date: '1990-01-01' },
      additional_data: { browser: { language: 'kk' }, contract: ['recurring'] },
    }
    expect((await post(charge, request)).status).toBe(200)
    expect(sent[0]).toMatchObject({
      customer: { ...customer, birth_date: '1990-01-01' },
      additional_data: { ...additional_data, browser: { language: 'kk' } },
      credit_card: { number: '4200000000000000', save_card: true },
    })
    for (const change of [
      { customer: { email: 'b@shop.example' } },
      { additional_data: { contract: ['once'] } },
      { credit_card: { save_card: false } },
    ])
      expect((await post(charge, { ...request, ...change })).status).toBe(403)
  })
})

describe('a field that the shop did not fix', () => {
  it.each([
    ['billing_address', { city: 'Almaty', country: 'KZ' }],
    ['customer', { email: 'a@shop.example' }],
    ['additional_data', { browser: { screen_width: 1024 } }],
    ['encrypted_credit_card', { number: '$begatewaycsejs_1_0_0$AAAA' }],
  ])('%s may be added', async (field, value) => {
    const { post, sent, token } = createWatchedShop()
    const order = newOrder()
    await post(await token(order), { ...requestFor(order), [field]: value })
    expect(sent[0]).toMatchObject({ [field]: value })
  })

  it.each([
    ['notification_url', 'https://evil.example/'],
    ['return_url', 'https://evil.example/'],
    ['verification_url', 'https://evil.example/'],
    ['dynamic_billing_descriptor', 'FREE'],
    ['duplicate_check', false],
    ['expired_at', '2030-01-01T00:00:00Z'],
    ['test', true],
    ['parent_uid', 'x'],
    ['recipient_credit_card', { number: '4200000000000000' }],
    ['additional_data', { contract: ['recurring'] }],
    ['additional_data', { browser: {}, meta: {} }],
    ['credit_card', { number: '4200000000000000', skip_three_d_secure_verification: true }],
    ['credit_card', { token: 'of another customer' }],
    ['encrypted_credit_card', { token: 'of another customer' }],
    ['customer', { email: 'a@shop.example', language: 'en' }],
    ['billing_address', { city: 'Almaty', notification_url: 'https://evil.example/' }],
    ['credit_card', 'text'],
    ['customer', ['list']],
    ['billing_address', null],
    ['constructor', {}],
    ['toString', 'x'],
    ['anything', 1],
  ])('%s as %j is refused', async (field, value) => {
    const { post, sandbox, token } = createWatchedShop()
    const order = newOrder()
    expect((await post(await token(order), { ...requestFor(order), [field]: value })).status).toBe(403)
    expect(sandbox.requests()).toHaveLength(0)
  })

  it('is no way to change what objects inherit', async () => {
    const { call, sent, token } = createWatchedShop()
    const order = newOrder()
    const body = `{"request":{"__proto__":{"test":true},"credit_card":{"number":"4200000000000000","exp_month":"05","exp_year":"2035","verification_value":"123","__proto__":{"skip_three_d_secure_verification":true}}}}`
    const answer = await call('/async/transactions/payments', {
      method: 'POST',
      token: await token(order),
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect(answer.status).toBe(200)
    expect(JSON.stringify(sent)).not.toMatch(/test|skip/)
  })
})

describe('a card', () => {
  const encrypted = { number: '$begatewaycsejs_1_0_0$AAAA' }
  const plain = { number: '4200000000000000' }

  it('that is saved is charged only by a token that says so', async () => {
    const { post, sent, token } = createWatchedShop()
    const order = newOrder()
    const request = { ...requestFor(order), credit_card: { token: 'saved', verification_value: '123' } }
    expect((await post(await token(order), request)).status).toBe(403)
    await post(await token(order, { savedCard: true }), request)
    expect(sent).toMatchObject([{ credit_card: request.credit_card }])
  })

  it('with a number and a token is none', async () => {
    const { post, sandbox, token } = createWatchedShop()
    const order = newOrder()
    const request = { ...requestFor(order), credit_card: { ...plain, token: 'saved' } }
    expect((await post(await token(order, { savedCard: true }), request)).status).toBe(400)
    expect(sandbox.requests()).toHaveLength(0)
  })

  it.each<[number, object]>([
    [400, { credit_card: plain }],
    [400, { credit_card: { verification_value: '123' }, encrypted_credit_card: encrypted }],
    [400, { credit_card: plain, encrypted_credit_card: encrypted }],
    [200, { encrypted_credit_card: encrypted }],
    [200, { credit_card: { save_card: true }, encrypted_credit_card: encrypted }],
  ])('where all are encrypted: %i for %j', async (status, card) => {
    const { post, token, sent } = createWatchedShop({ cards: 'encrypted' })
    const order = newOrder()
    const { credit_card, ...request } = requestFor(order)
    const answer = await post(await token(order), { ...request, ...card })
    // The sandbox cannot read this ciphertext: what counts is whether it was asked.
    expect(answer.status === 400 ? 400 : 200).toBe(status)
    expect(sent).toHaveLength(status === 200 ? 1 : 0)
  })
})

describe('customer.ip', () => {
  it('is the address the runtime knows, not what the page or a header says', async () => {
    const { proxy, sent, token } = createWatchedShop()
    const contexts = [
      { remoteAddr: { hostname: '192.0.2.7' } },
      { incoming: { socket: { remoteAddress: '192.0.2.7' } } },
      { requestIP: () => ({ address: '192.0.2.7' }) },
      // A socket of both families names an address of the older one in the newer one's words.
      { incoming: { socket: { remoteAddress: '::ffff:192.0.2.7' } } },
      { remoteAddr: { hostname: '::FFFF:192.0.2.7' } },
    ]
    for (const context of contexts) {
      const order = newOrder()
      await proxy.fetch(
        new Request('https://shop.example/pay/async/transactions/payments', {
          method: 'POST',
          headers: {
            authorization: `Bearer ${await token(order)}`,
            'content-type': 'application/json',
            'x-forwarded-for': '198.51.100.1',
            'cf-connecting-ip': '198.51.100.2',
          },
          body: JSON.stringify({
            request: requestFor(order, undefined, { customer: { ip: '198.51.100.3', email: 'a@shop.example' } }),
          }),
        }),
        context as object,
      )
    }
    expect(sent.map(({ customer }) => customer)).toEqual(
      contexts.map(() => ({ email: 'a@shop.example', ip: '192.0.2.7' })),
    )
  })

  it('is what the shop reads, without the prefix of a socket too', async () => {
    const { post, sent, token } = createWatchedShop({
      clientAddress: (request) => request.headers.get('x-test-address') ?? undefined,
    })
    for (const address of ['::ffff:192.0.2.7', '2001:db8::ffff:7']) {
      const order = newOrder()
      await post(await token(order), requestFor(order), { headers: { 'x-test-address': address } })
    }
    expect(sent.map(({ customer }) => customer)).toEqual([{ ip: '192.0.2.7' }, { ip: '2001:db8::ffff:7' }])
  })

  it('is left out where nobody knows it', async () => {
    const { post, sent, token } = createWatchedShop()
    const order = newOrder()
    await post(await token(order), requestFor(order, undefined, { customer: { ip: '198.51.100.3' } }))
    expect(sent[0]?.customer).toEqual({})
  })
})

describe('a token', () => {
  it('reads every attempt of its order, at whatever amount, and nothing of another', async () => {
    const { call, post, token } = createShop()
    const [mine, theirs] = [newOrder(), newOrder()]
    const { body } = await post(await token(theirs), requestFor(theirs))
    const foreign = [
      await token(mine),
      await token(theirs, { type: 'authorizations' }),
      await token(theirs, { request: { test: true } }),
    ]
    for (const operation of ['status', 'result']) {
      const path = `/async/${operation}/${body.request_id}`
      for (const own of [{}, { attempt: 2 }, { amount: 1 }, { currency: 'USD' }])
        expect((await call(path, { token: await token(theirs, own) })).status).not.toBe(404)
      for (const other of foreign) expect((await call(path, { token: other })).status).toBe(404)
    }
  })

  it('finds every transaction of its order, at whatever amount, and nothing of another', async () => {
    const { browser, call, token, sandbox } = createShop()
    const [mine, theirs] = [newOrder(), newOrder()]
    const client = browser(await token(theirs))
    const { uid = '' } = await client.submit('payments', requestFor(theirs)).result()
    const charge = await token(mine)
    expect((await call(`/transactions/${uid}`, { token: charge })).status).toBe(404)
    const before = sandbox.requests().length
    expect((await call(`/v2/transactions/tracking_id/${theirs.trackingId}`, { token: charge })).status).toBe(404)
    expect(sandbox.requests()).toHaveLength(before)
    expect((await call(`/v2/transactions/tracking_id/${mine.trackingId}`, { token: charge })).body).toEqual({
      transactions: [],
    })
    const reader = browser(await token({ ...theirs, amount: 1 }))
    for (const by of [{ uid }, { trackingId: theirs.trackingId }]) expect(await reader.find(by)).toHaveLength(1)
    for (const foreign of [{ trackingId: mine.trackingId }, { type: 'authorizations' }, { request: { test: true } }])
      expect((await call(`/transactions/${uid}`, { token: await token(theirs, foreign) })).status).toBe(404)
  })

  it('is told that a transaction is not there by the gateway alone: others on the way say 404 in JSON as well', async () => {
    const { call, sandbox, token } = createShop()
    const charge = await token(newOrder())
    const path = '/transactions/10203040-5060-4070-8090-102030405060'
    sandbox.fault({ on: 'lookup', kind: 'http', status: 404, body: { response: { message: 'Record not found' } } })
    expect((await call(path, { token: charge })).status).toBe(404)
    sandbox.fault({ on: 'lookup', kind: 'http', status: 404, body: { message: 'Not found' } })
    expect((await call(path, { token: charge })).status).toBe(503)
  })

  it.each(['order/17', 'a b', 'заказ-17', '100%', '%2e%2e%2f', 'a?b#c', '..a', 'a+b&c=d', "';--", 'a%2Fb'])(
    'finds its transaction by the tracking id %j',
    async (trackingId) => {
      const { browser, token, upstream, sandbox } = createShop()
      const order = { ...newOrder(), trackingId }
      const client = browser(await token(order))
      await client.submit('payments', requestFor(order)).outcome()
      expect(await client.find({ trackingId })).toMatchObject([{ tracking_id: trackingId }])
      expect(upstream().at(-1)).toBe('lookup')
      expect(sandbox.requests().at(-1)?.path).toBe(`/v2/transactions/tracking_id/${encodeURIComponent(trackingId)}`)
    },
  )

  it('charges for 15 minutes and reads for 24 hours', async () => {
    const { call, clock, post, sandbox, token } = createShop()
    const [order, late] = [newOrder(), newOrder()]
    const [charge, unused] = [await token(order), await token(late)]
    const { body } = await post(charge, requestFor(order))
    clock.move(15 * 60_000 - 5000)
    expect((await post(await token(newOrder()), requestFor(order))).status).toBe(403)
    clock.move(10_000)
    const asked = sandbox.requests().length
    expect((await post(unused, requestFor(late))).status).toBe(401)
    expect(sandbox.requests()).toHaveLength(asked)
    expect((await call(`/async/status/${body.request_id}`, { token: charge })).status).toBe(200)
    clock.move(24 * 60 * 60_000 - 15 * 60_000 - 30_000)
    expect((await call(`/async/result/${body.request_id}`, { token: charge })).status).toBe(200)
    clock.move(60_000)
    expect((await call(`/async/status/${body.request_id}`, { token: charge })).status).toBe(401)
  })
})

describe('issue()', () => {
  const intent = { type: 'payments', amount: 3245, currency: 'KZT', trackingId: 'order-17', description: 'Order 17' }
  it.each([
    ['amount', { amount: 0 }],
    ['amount', { amount: 1.5 }],
    ['currency', { currency: 'TENGE' }],
    ['description', { description: '' }],
    ['trackingId', { trackingId: '' }],
    ['tracking_id', { trackingId: '..' }],
    ['attempt', { attempt: 0 }],
    ['attempt', { attempt: 1.5 }],
    ['type', { type: '../status' }],
    ['amount', { request: { amount: 1 } }],
    ['tracking_id', { request: { tracking_id: 'x' } }],
    ['request.credit_card.number is card data', { request: { credit_card: { number: '4200000000000000' } } }],
    ['request.credit_card.token is card data', { request: { credit_card: { token: 'saved' } } }],
    ['request.encrypted_credit_card is card data', { request: { encrypted_credit_card: {} } }],
    ['recipient_credit_card.number', { type: 'payouts', request: { recipient_credit_card: { number: '4242' } } }],
    ['request.additional_data.payer.pan', { request: { additional_data: { payer: { pan: '1' } } } }],
    ['request.additional_data.meta.0', { request: { additional_data: { meta: ['4200 0000 0000 0000'] } } }],
    ['request.additional_data.number', { request: { additional_data: { number: 4200000000000000 } } }],
    ['request.test', { request: { test: 'yes' } }],
    ['request', { request: null }],
    ['request', { request: 'x' }],
    ['plain JSON', { request: { additional_data: { amount: 1n } } }],
    ['type', { type: undefined }],
    ['type', { type: null }],
    ['trackingId', { trackingId: 17 }],
    ['trackingId', { trackingId: null }],
    ['savedCard', { savedCard: 1 }],
    ['attempt', { attempt: 'last' }],
    ['attempt', { attempt: null }],
    ['tracking_id', { tracking_id: 'order-17' }],
    ['ammount', { ammount: 1 }],
    ['too long', { request: { additional_data: { text: 'x'.repeat(8000) } } }],
  ])('refuses a wrong %s, and says so', async (word, change) => {
    await expect(createShop().proxy.issue({ ...intent, ...change } as never)).rejects.toMatchObject({
      code: 'request-invalid',
      effect: 'none',
      message: expect.stringContaining(word),
    })
  })

  it.each([undefined, null, 'order-17', []])('refuses %j, which is no intent', async (given) => {
    await expect(createShop().proxy.issue(given as never)).rejects.toMatchObject({ code: 'request-invalid' })
  })

  it('takes digits that are no card: an order, a telephone, ids', async () => {
    const request = {
      customer: { phone: '+77001234567' },
      additional_data: { order_id: '4200000000000000', receipt_text: ['4200000000000001'] },
    }
    await expect(
      createShop().proxy.issue({ ...intent, trackingId: '4200000000000000', description: '4200000000000000', request }),
    ).resolves.toEqual(expect.any(String))
  })
})
