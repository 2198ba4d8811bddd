import { describe, expect, it } from 'vitest'
import { createManualClock } from '../testing/manual-clock.ts'
import { createShop, origin, payment } from '../testing/shop.ts'
import { createSandbox } from './create-sandbox.ts'

const auth = { authorization: `Basic ${btoa('shop-1:secret-1')}` }
const paths = ['/async/status/1', '/async/result/1', '/transactions/1', '/v2/transactions/tracking_id/1']

describe('every answer', () => {
  it('carries an id, the date of the clock, and JSON', async () => {
    const clock = createManualClock(Date.UTC(2026, 0, 15, 12, 0, 5))
    const shop = createShop(createSandbox({ clock }))
    const { headers } = await shop.pay()
    expect(headers.get('date')).toBe('Thu, 15 Jan 2026 12:00:05 GMT')
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect((await shop.status('1')).headers.get('x-request-id')).not.toBe(headers.get('x-request-id'))
  })
})

describe('credentials', () => {
  it('are needed everywhere', async () => {
    const sandbox = createSandbox()
    const requests = paths.map((path) => new Request(origin + path))
    requests.push(new Request(`${origin}/async/transactions/payments`, { method: 'POST', body: '{}' }))
    for (const request of requests) {
      const response = await sandbox.fetch(request)
      expect(response.status).toBe(401)
      expect(await response.json()).toEqual({ message: 'Unauthorized' })
    }
  })

  it('are HTTP Basic: a bearer token is refused', async () => {
    const response = await createSandbox().fetch(`${origin}/transactions/1`, { headers: { authorization: 'Bearer x' } })
    expect(response.status).toBe(401)
  })

  it('are any, unless some are given', async () => {
    expect((await createShop(createSandbox(), 'any:thing').pay()).status).toBe(200)
    const sandbox = createSandbox({ credentials: { shopId: 'shop-1', secretKey: 'secret-1' } })
    expect((await createShop(sandbox).pay()).status).toBe(200)
    expect((await createShop(sandbox, 'shop-1:wrong').pay()).status).toBe(401)
  })

  it('keep shops apart: tasks, transactions and parents of another are not found', async () => {
    const sandbox = createSandbox()
    const [mine, theirs] = [createShop(sandbox), createShop(sandbox, 'shop-2:secret-2')]
    const ack = (await mine.pay()).body
    expect((await theirs.result(ack.request_id)).body).toEqual({ status: 'unknown', request_id: ack.request_id })
    const { uid } = (await mine.result(ack.request_id)).body.transaction
    expect((await theirs.get(`/transactions/${uid}`)).status).toBe(404)
    expect((await theirs.get('/v2/transactions/tracking_id/order-17')).body).toEqual({ transactions: [] })
    const refund = { parent_uid: uid, amount: 1, reason: 'r' }
    expect((await theirs.outcome('refunds', refund)).status).toBe(400)
  })
})

describe('a request that cannot be taken', () => {
  const sandbox = createSandbox()
  const shop = createShop(sandbox)
  const path = '/async/transactions/payments'

  it.each([
    ['no JSON', '{"request":', {}, 400, { message: 'The body is not JSON' }],
    [
      'no request',
      { amount: 1 },
      {},
      400,
      { message: 'The body has no request', errors: { request: ["can't be blank"] } },
    ],
    ['a form', 'a=b', { 'content-type': 'text/plain' }, 415, { message: 'Content-Type must be application/json' }],
    ['too much', `{"request":{"x":"${'x'.repeat(1024 * 1024)}"}}`, {}, 413, { message: 'The body is too large' }],
  ])('%s', async (_, body, headers, status, answer) => {
    expect(await shop.post(path, body, headers)).toMatchObject({ status, body: answer })
  })

  it('takes JSON with a charset', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=UTF-8' }
    expect((await shop.post(path, { request: payment() }, headers)).status).toBe(200)
  })

  it('an unknown type, path or method', async () => {
    expect((await shop.submit('gifts', payment())).status).toBe(404)
    expect((await shop.get('/nothing')).status).toBe(404)
    expect(sandbox.requests().at(-1)).toMatchObject({ operation: 'none', path: '/nothing', status: 404 })
    for (const known of paths) {
      for (const method of ['HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
        const response = await sandbox.fetch(new Request(origin + known, { method, headers: auth }))
        expect(response.status).toBe(405)
        expect(response.headers.get('allow')).toContain('GET')
      }
    }
  })

  it('creates no task and charges nothing', async () => {
    const { status, body } = await shop.pay({ tracking_id: 'bad', amount: 0, credit_card: { number: '4' } })
    expect(status).toBe(422)
    expect(body.response.message).toContain('Amount must be greater than 0. Number is not a card number.')
    expect(body.response.errors).toMatchObject({ amount: ['must be greater than 0'] })
    expect(body.response.errors.credit_card.number).toEqual(['is not a card number'])
    expect(sandbox.charges('bad')).toBe(0)
    expect(sandbox.tasks().some((task) => task.trackingId === 'bad')).toBe(false)
  })
})

describe("refuseAt: 'task'", () => {
  it('takes every request, and refuses in the once-only answer', async () => {
    const sandbox = createSandbox({ refuseAt: 'task' })
    const shop = createShop(sandbox)
    const { status, body } = await shop.pay({ amount: 0 })
    expect(status).toBe(200)
    expect(await shop.result(body.request_id)).toMatchObject({ status: 422, body: { response: {} } })
    expect((await shop.result(body.request_id)).status).toBe(404)
    expect(sandbox.charges()).toBe(0)
  })
})

describe('the synchronous operation', () => {
  it('answers with the standard answer once the transaction is processed', async () => {
    const clock = createManualClock()
    const sandbox = createSandbox({ clock, latencyMs: 5000 })
    const answer = createShop(sandbox).post('/transactions/payments', { request: payment() })
    await expect.poll(() => clock.nextIn(), { interval: 1 }).toBe(5000)
    clock.advance(5000)
    expect(await answer).toMatchObject({ status: 200, body: { transaction: { status: 'successful' } } })
    expect(sandbox.tasks()).toEqual([])
  })

  it('answers at once without latency, refuses at once, and honours RequestID', async () => {
    const sandbox = createSandbox()
    const shop = createShop(sandbox)
    const pay = () => shop.post('/transactions/payments', { request: payment() }, { RequestID: 'r-1' })
    const [first, second] = await Promise.all([pay(), pay()])
    expect(first.body).toEqual(second.body)
    expect(sandbox.charges('order-17')).toBe(1)
    const refund = { request: { parent_uid: 'none', amount: 1, reason: 'r' } }
    expect((await shop.post('/transactions/refunds', refund)).status).toBe(400)
    expect((await shop.post('/transactions/payments', { request: {} })).status).toBe(422)
  })
})
