/** No card, secret or token where it does not belong: answers, log records, stored values; and no word of the gateway's host. */
import { inspect } from 'node:util'
import { memoryOutcomes, type OutcomeStore } from '@async-transaction/proxy'
import { describe, expect, it } from 'vitest'
import { cards, createShop, credentials, newOrder, requestFor, secret } from './shop.ts'

/** A shop whose store is written down: keys, owners and records. */
function createWatchedShop(
  options: Parameters<typeof createShop>[0] = {},
  gateway: Parameters<typeof createShop>[1] = {},
) {
  const stored: string[] = []
  const told: unknown[] = []
  const inner = memoryOutcomes()
  const outcomes: OutcomeStore = {
    get: (key) => inner.get(key),
    set(key, record, ttlMs) {
      stored.push(`${key} ${JSON.stringify(record)}`)
      return inner.set(key, record, ttlMs)
    },
    claim(key, owner, ttlMs) {
      stored.push(`${key} ${owner}`)
      return inner.claim(key, owner, ttlMs)
    },
  }
  const shop = createShop({ outcomes, onOutcome: (outcome) => void told.push(outcome), ...options }, gateway)
  return { ...shop, stored, told, kept: () => [...stored, ...told.map((one) => JSON.stringify(one))].join('\n') }
}

const basic = btoa(`${credentials.shopId}:${credentials.secretKey}`)

describe('a card that is saved', () => {
  it.each([
    [false, undefined],
    [true, expect.any(String)],
  ])('with exposeCardToken %s gives the page the token %s', async (exposeCardToken, expected) => {
    const { browser, token, kept, sandbox } = createWatchedShop({ exposeCardToken })
    const order = newOrder()
    const client = browser(await token(order))
    const request = requestFor(order)
    const transaction = await client
      .submit('payments', { ...request, credit_card: { ...request.credit_card, save_card: true } })
      .result()
    expect(transaction.credit_card).toMatchObject({ brand: 'visa', last_4: '0000' })
    expect(transaction.credit_card?.token).toEqual(expected)
    const [found] = await client.find({ trackingId: order.trackingId })
    expect(found?.credit_card?.token).toEqual(expected)
    const [known] = sandbox.transactions(order.trackingId)
    const { token: real = '' } = (known?.credit_card ?? {}) as { token?: string }
    expect(real).toBeTruthy()
    expect(kept().includes(real)).toBe(exposeCardToken)
  })
})

describe('card numbers, secrets and tokens', () => {
  it('are in no answer, record or stored value, though the gateway repeats them', async () => {
    const { browser, call, events, kept, post, sandbox, token } = createWatchedShop()
    const seen: string[] = []
    const bodies = [
      {
        message: `Card ${cards.succeeds} is invalid`,
        errors: { credit_card: { number: [`${cards.succeeds} is wrong`] } },
      },
      { response: { message: `4200 0000 0000 0000`, errors: { [cards.succeeds]: 'x' } } },
      {
        message: 'x',
        code: cards.succeeds,
        friendly_message: `${cards.succeeds}`,
        request: { credit_card: { number: cards.succeeds } },
      },
      {
        transaction: {
          uid: 'u',
          status: 'failed',
          message: cards.succeeds,
          credit_card: { number: cards.succeeds, verification_value: '987', last_4: '0000' },
          additional_data: { echo: [Number(cards.succeeds)] },
        },
      },
    ]
    for (const body of bodies) {
      const order = newOrder()
      const charge = await token(order)
      sandbox.fault({ on: 'submit', kind: 'error', status: 422, body })
      const request = requestFor(order)
      const accepted = await post(charge, {
        ...request,
        credit_card: { ...request.credit_card, verification_value: '987' },
      })
      for (const operation of ['status', 'result', 'result'])
        seen.push((await call(`/async/${operation}/${accepted.body.request_id}`, { token: charge })).text)
      seen.push(accepted.text, charge)
    }
    for (const number of [cards.succeeds, cards.declined, '4200000000000001']) {
      const order = newOrder()
      const outcome = await browser(await token(order))
        .submit('payments', requestFor(order, number))
        .outcome()
      seen.push(inspect(outcome, { depth: 9 }))
    }
    const order = newOrder()
    const bearer = await token(order)
    await post(bearer, requestFor(order), { headers: { 'content-type': 'text/plain' } })
    await post(bearer, { ...requestFor(order), [cards.succeeds]: cards.succeeds })
    await post(bearer, requestFor(order))

    const everything = [...seen.filter((text) => text !== bearer), inspect(events, { depth: 9 }), kept()].join('\n')
    expect(everything.length).toBeGreaterThan(5000)
    for (const number of Object.values(cards)) expect(everything).not.toContain(number)
    expect(everything).not.toMatch(/4200 0000|\b987\b/)
    expect(everything).not.toContain(credentials.secretKey)
    expect(everything).not.toContain(basic)
    expect(everything).not.toContain(secret)
    expect(`${inspect(events, { depth: 9 })}${kept()}`).not.toContain(bearer.split('.')[2])
    expect(everything).not.toContain('verification_value')
  })

  it('leave the fields whole that only look like them', async () => {
    const { browser, token } = createWatchedShop()
    const order = { ...newOrder(), trackingId: '4200000000000000', description: 'Ticket 4200000000000000' }
    const transaction = await browser(await token(order))
      .submit('payments', requestFor(order))
      .result()
    expect(transaction).toMatchObject({ tracking_id: order.trackingId, description: order.description })
  })
})

describe('the shop’s secret key, which the gateway echoes', () => {
  const { secretKey, shopId } = credentials
  const echoes = [secretKey, btoa(secretKey), `Basic ${btoa(`${shopId}:${secretKey}`)}`]

  it('is in no answer, record or stored value', async () => {
    const { call, events, kept, post, sandbox, token } = createWatchedShop()
    const seen: string[] = []
    for (const echo of echoes)
      for (const body of [
        { message: `Bad key ${echo}`, errors: { [`key ${echo}`]: [echo] } },
        { transaction: { uid: echo, status: 'failed', message: `Key ${echo}`, additional_data: { [echo]: echo } } },
      ])
        for (const on of ['submit', 'result'] as const) {
          const order = newOrder()
          const charge = await token(order)
          sandbox.fault({ on, kind: 'http', status: 'message' in body ? 422 : 200, body })
          const accepted = await post(charge, requestFor(order))
          seen.push(accepted.text)
          for (let reads = 0; reads < 2; reads++)
            seen.push((await call(`/async/result/${accepted.body.request_id}`, { token: charge })).text)
        }
    const everything = [...seen, inspect(events, { depth: 9 }), kept()].join('\n')
    expect(everything).toContain('Bad key ***')
    for (const echo of echoes) expect(everything).not.toContain(echo)
  })
})

describe('a page', () => {
  const shop = (pageFields?: string[]) => createWatchedShop({ ...(pageFields && { pageFields }) })

  it('gets of a transaction what it needs, and not the acquirer’s side; the shop gets that, too', async () => {
    const { browser, token, told } = shop()
    const order = newOrder()
    const client = browser(await token(order))
    const { uid = '', ...transaction } = await client.submit('payments', requestFor(order)).result()
    for (const seen of [transaction, (await client.find({ uid }))[0], (await client.find(order))[0]]) {
      expect(seen).toMatchObject({ status: 'successful', amount: order.amount, tracking_id: order.trackingId })
      expect(seen?.credit_card).toEqual({ brand: 'visa', last_4: '0000' })
      expect(seen?.created_at).toBeTruthy()
      expect(Object.keys(seen ?? {}).join()).not.toMatch(/payment|customer|billing|additional|three_d/)
    }
    expect(told).toMatchObject([{ transaction: { payment: { auth_code: expect.any(String) } } }])
  })

  it('gets more where the shop asks for it', async () => {
    const { browser, token } = shop(['payment', 'credit_card'])
    const order = newOrder()
    const transaction = await browser(await token(order))
      .submit('payments', requestFor(order))
      .result()
    expect(transaction).toMatchObject({ payment: { auth_code: expect.any(String) }, credit_card: { bin: '420000' } })
    expect(transaction.credit_card?.token).toBeUndefined()
  })
})

describe('the gateway’s host', () => {
  it('is in no header, error or task URL', async () => {
    const { call, post, sandbox, token } = createWatchedShop()
    const order = newOrder()
    const charge = await token(order)
    const answers = []
    sandbox.fault({ on: 'submit', kind: 'untrusted-urls', origin: 'https://gateway.test' })
    const accepted = await post(charge, requestFor(order))
    answers.push(accepted)
    const id = accepted.body.request_id
    expect(accepted.body).toEqual({
      status: 'processing',
      request_id: id,
      status_url: `/pay/async/status/${id}`,
      response_url: `/pay/async/result/${id}`,
    })
    const faults = [
      { on: 'status', kind: 'redirect', location: 'https://gateway.test/elsewhere' },
      {
        on: 'status',
        kind: 'http',
        status: 502,
        body: '<html>gateway.test is down</html>',
        headers: { 'content-type': 'text/html', 'set-cookie': 'a=gateway.test', location: 'https://gateway.test' },
      },
      { on: 'status', kind: 'throttle', message: 'gateway.test is busy', retryAfter: 1 },
      {
        on: 'status',
        kind: 'http',
        status: 500,
        body: { message: 'https://gateway.test/ failed', errors: { base: ['see gateway.test'] } },
        headers: { server: 'gateway.test', 'set-cookie': 'a=b' },
      },
    ]
    for (const fault of faults) {
      sandbox.fault(fault as never)
      answers.push(await call(`/async/status/${id}`, { token: charge }))
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 503, 503, 429, 200])
    for (const { text, headers } of answers) {
      expect(text).not.toContain('gateway.test')
      expect(inspect([...headers])).not.toMatch(/gateway\.test|set-cookie|server|location|x-request-id/i)
    }
  })
})
