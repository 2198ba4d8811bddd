/** Webhooks settle the task: the browser's next poll is its last. Protocol section 6. */
import { memoryOutcomes } from '@async-transaction/proxy'
import { describe, expect, it } from 'vitest'
import { createNotifiedShop, HOOK, notify } from './notified-shop.ts'
import { cards, newOrder, requestFor, send } from './shop.ts'

describe('a webhook', () => {
  it('ends the waiting of the browser: status and result come from the store', async () => {
    const { call, charge, sandbox, told } = createNotifiedShop()
    const { token, id, deliver, webhook } = await charge()
    await webhook()
    const asked = sandbox.requests().length
    expect(await deliver()).toBe(204)
    expect(await call(`/async/status/${id}`, { token })).toMatchObject({
      status: 200,
      body: { status: 'completed', request_id: id },
    })
    expect(await call(`/async/result/${id}`, { token })).toMatchObject({
      status: 200,
      body: { transaction: { status: 'successful' } },
    })
    expect(sandbox.requests()).toHaveLength(asked)
    expect(told).toMatchObject([{ via: 'webhook', requestId: id, transaction: { status: 'successful' } }])
  })

  it('ends the waiting of the unchanged client, even of a task that the gateway forgot', async () => {
    const { browser, charge, sandbox } = createNotifiedShop()
    const { token, deliver, order } = await charge()
    await deliver()
    sandbox.fault({ on: 'status', kind: 'forget' })
    const outcome = await browser(token).submit('payments', requestFor(order)).outcome()
    expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
  })

  it('is told once, however often it comes, and whatever was read of the task as well', async () => {
    const { call, charge, told } = createNotifiedShop()
    const { token, id, deliver, webhook } = await charge()
    await webhook()
    await call(`/async/result/${id}`, { token })
    expect([await deliver(), await deliver()]).toEqual([204, 204])
    await call(`/async/result/${id}`, { token })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(told).toHaveLength(1)
  })

  it('is sent again by the gateway while the shop does not take it', async () => {
    let fails = true
    const { charge } = createNotifiedShop({
      onOutcome() {
        if (fails) throw new Error('The shop is down')
      },
    })
    const { deliver } = await charge()
    expect(await deliver()).toBe(503)
    fails = false
    expect(await deliver()).toBe(204)
  })

  it('of an earlier attempt leaves the later one alone', async () => {
    const { call, charge, told } = createNotifiedShop()
    const order = newOrder()
    const first = await charge(order, cards.declined)
    await first.webhook()
    await call(`/async/result/${first.id}`, { token: first.token })
    const second = await charge(order, cards.succeeds, 2)
    await second.webhook()
    expect(await first.deliver()).toBe(204)
    expect(told).toMatchObject([{ transaction: { status: 'failed' } }])
    expect(await call(`/async/result/${second.id}`, { token: second.token })).toMatchObject({
      body: { transaction: { status: 'successful' } },
    })
  })

  it('brings what 3-D Secure came to, and a late one never takes that back', async () => {
    const { call, charge, proxy, sandbox } = createNotifiedShop({}, 0)
    const { token, id, deliver, transaction } = await charge(newOrder(), cards.threeDSecure)
    const read = async () => (await call(`/async/result/${id}`, { token })).body.transaction
    const { redirect_url, status } = await read()
    expect(status).toBe('incomplete')
    await sandbox.fetch(redirect_url, { method: 'POST', body: new URLSearchParams({ decision: 'confirm' }) })
    expect(await deliver()).toBe(204)
    expect((await read()).status).toBe('successful')

    expect(await notify(proxy, { ...(await transaction()), status: 'failed' })).toBe(204)
    expect((await read()).status).toBe('successful')
  })

  it('without a task of ours is told all the same', async () => {
    const { charge, another, told } = createNotifiedShop()
    const { webhook } = await charge()
    const empty = another({ outcomes: memoryOutcomes() })
    expect((await empty.fetch(await webhook())).status).toBe(204)
    expect(told).toHaveLength(1)
    expect(told[0]?.requestId).toBeUndefined()
    expect(told[0]).toMatchObject({ issued: false, type: 'payment', test: false })
  })

  it('tells the shop what was issued: an order, its amount, its attempt', async () => {
    const { charge, told } = createNotifiedShop()
    const { order, id, deliver } = await charge()
    await deliver()
    const { amount, currency, trackingId } = order
    expect(told).toMatchObject([
      { issued: true, requestId: id, type: 'payments', amount, currency, trackingId, attempt: 1, test: false },
    ])
  })

  it('waits for a read that is under way, and is not overwritten by it', async () => {
    const { call, charge, sandbox } = createNotifiedShop({}, 40)
    const { token, id, deliver, webhook } = await charge()
    await webhook()
    sandbox.fault({ on: 'status', kind: 'delay', ms: 150 })
    const [read, status] = await Promise.all([call(`/async/status/${id}`, { token }), deliver()])
    expect([read.status, status]).toEqual([200, 204])
    expect(await call(`/async/result/${id}`, { token })).toMatchObject({
      body: { transaction: { status: 'successful' } },
    })
    expect(sandbox.requests().filter(({ operation }) => operation === 'result')).toHaveLength(0)
  })
})

describe('a webhook that is refused', () => {
  it.each<[number, string, (webhook: Request) => Promise<RequestInit> | RequestInit]>([
    [
      401,
      'without a signature',
      async (webhook) => ({
        headers: { authorization: webhook.headers.get('authorization') ?? '' },
        body: await webhook.text(),
      }),
    ],
    [
      401,
      'with another body',
      async (webhook) => ({ headers: webhook.headers, body: (await webhook.text()).replace('successful', 'failed') }),
    ],
    [
      401,
      'without the credentials',
      async (webhook) => ({
        headers: { 'content-signature': webhook.headers.get('content-signature') ?? '' },
        body: await webhook.text(),
      }),
    ],
    [413, 'that is too large', (webhook) => ({ headers: webhook.headers, body: new Uint8Array(256 * 1024 + 1) })],
    [405, 'by GET', () => ({ method: 'GET' })],
  ])('%i: %s', async (status, _, change) => {
    const { call, charge, proxy, token, told } = createNotifiedShop()
    const { webhook, id, order } = await charge()
    const answer = await send(proxy, HOOK, { method: 'POST', ...(await change(await webhook())) })
    expect(answer.status).toBe(status)
    expect(Object.keys(answer.body)).toEqual(['message', 'type', 'title', 'code'])
    expect(told).toHaveLength(0)
    expect((await call(`/async/status/${id}`, { token: await token(order) })).status).toBe(200)
  })
})
