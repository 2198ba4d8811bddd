import { describe, expect, it } from 'vitest'
import { createShop, origin } from '../testing/shop.ts'
import { createSandbox } from './create-sandbox.ts'

function setUp() {
  const sandbox = createSandbox()
  const call = async (method: string, path: string, body?: unknown) => {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) }
    const response = await sandbox.fetch(`${origin}/sandbox${path}`, init)
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text) }
  }
  return { sandbox, shop: createShop(sandbox), call }
}

describe('the control API', () => {
  it('plans faults and takes them back', async () => {
    const { shop, call } = setUp()
    const fault = { on: 'submit', kind: 'http', status: 503, times: 9 }
    expect(await call('POST', '/faults', fault)).toMatchObject({ status: 201, body: { fault } })
    expect((await shop.pay()).status).toBe(503)
    expect((await call('DELETE', '/faults')).status).toBe(204)
    expect((await shop.pay()).status).toBe(200)
  })

  it('says what is wrong with a fault', async () => {
    const { sandbox, call } = setUp()
    const answer = await call('POST', '/faults', { on: 'submit', kind: 'delay' })
    expect(answer).toMatchObject({ status: 400, body: { message: 'ms takes a number of milliseconds, 0 or more' } })
    const broken = await sandbox.fetch(`${origin}/sandbox/faults`, { method: 'POST', body: '{' })
    expect([broken.status, await broken.json()]).toEqual([400, { message: 'The body is not JSON' }])
  })

  it('tells what happened', async () => {
    const { sandbox, shop, call } = setUp()
    await shop.pay({ tracking_id: 'a/b' })
    await shop.pay({ tracking_id: 'c' })
    expect((await call('GET', '/charges/a%2Fb')).body).toEqual({ charges: 1 })
    expect((await call('GET', '/charges')).body).toEqual({ charges: 2 })
    expect((await call('GET', '/tasks')).body).toEqual({ tasks: sandbox.tasks() })
    expect((await call('GET', '/requests')).body).toEqual({ requests: sandbox.requests() })
    expect((await call('GET', '/transactions')).body).toEqual({ transactions: sandbox.transactions() })
    expect((await call('GET', '/transactions?tracking_id=c')).body).toEqual({ transactions: sandbox.transactions('c') })
    expect((await call('GET', '/webhooks')).body).toEqual({ webhooks: [] })
    expect((await call('GET', '/public-key')).body).toEqual({ publicKey: await sandbox.publicKey() })
    expect((await call('GET', '/nothing')).status).toBe(404)
  })

  it('adds transactions and corrects them', async () => {
    const { sandbox, call } = setUp()
    const transaction = { status: 'failed', amount: 100, currency: 'KZT', tracking_id: 'a' }
    const added = await call('POST', '/transactions', transaction)
    expect(added).toMatchObject({ status: 201, body: { transaction } })
    const { uid } = added.body.transaction
    const corrected = await call('POST', `/transactions/${uid}/correction`, { status: 'successful' })
    expect(corrected).toMatchObject({ status: 200, body: { transaction: { uid, status: 'successful' } } })
    expect(corrected.body.transaction.manually_corrected_at).toEqual(expect.any(String))
    expect((await call('GET', '/transactions?tracking_id=a')).body.transactions).toEqual([corrected.body.transaction])
    expect(sandbox.charges('a')).toBe(0)
    const chargeback = await call('POST', `/transactions/${uid}/chargeback`, { amount: 10 })
    expect(chargeback).toMatchObject({ status: 201, body: { transaction: { parent_uid: uid, amount: 10 } } })
  })

  it('names the mistake in a transaction or a correction', async () => {
    const { call } = setUp()
    const missing = await call('POST', '/transactions', { amount: 1, currency: 'KZT' })
    expect(missing).toMatchObject({ status: 400, body: { message: 'status takes a text that is not empty' } })
    const unknown = await call('POST', '/transactions/none/correction', { amount: 1 })
    expect(unknown).toMatchObject({ status: 404, body: { message: 'There is no transaction none' } })
    const empty = await call('POST', '/transactions/none/correction', {})
    expect(empty).toMatchObject({ status: 400, body: { message: 'A correction sets at least one field' } })
    expect((await call('POST', '/transactions/none/other', {})).status).toBe(404)
  })

  it('is open to pages of any origin, which the gateway is not', async () => {
    const { shop, call } = setUp()
    const preflight = await call('OPTIONS', '/faults')
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST')
    expect((await call('GET', '/tasks')).headers.get('access-control-allow-origin')).toBe('*')
    expect((await shop.pay()).headers.get('access-control-allow-origin')).toBeNull()
  })

  it('leaves no trace in the requests, and meets no faults', async () => {
    const { sandbox, call } = setUp()
    sandbox.fault({ on: 'any', kind: 'drop-before' })
    expect((await call('GET', '/tasks')).status).toBe(200)
    expect(sandbox.requests()).toEqual([])
  })
})
