import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createShop, payment } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'
import type { SandboxOptions } from '../sandbox.ts'

function setUp(options: SandboxOptions = {}) {
  const clock = createManualClock()
  const sandbox = createSandbox({ clock, ...options })
  return { clock, sandbox, shop: createShop(sandbox) }
}

const withId = { RequestID: 'r-1' }

describe('resend', () => {
  it('carries a POST out twice under one RequestID: one charge, and the acknowledgement of the repeat', async () => {
    const { sandbox, shop } = setUp()
    sandbox.fault({ on: 'submit', kind: 'resend' })
    const ack = await shop.pay({}, withId)
    expect(ack).toMatchObject({ status: 200, body: { status: 'completed' } })
    expect(sandbox.charges('order-17')).toBe(1)
    expect((await shop.result(ack.body.request_id)).body.transaction.status).toBe('successful')
  })

  it('charges twice without a RequestID', async () => {
    const { sandbox, shop } = setUp()
    sandbox.fault({ on: 'submit', kind: 'resend' })
    expect((await shop.pay()).status).toBe(200)
    expect(sandbox.charges('order-17')).toBe(2)
  })

  it('has both copies in the records: one dropped, one answered', async () => {
    const { sandbox, shop } = setUp()
    sandbox.fault({ on: 'submit', kind: 'resend' })
    const ack = await shop.pay({}, withId)
    const [first, second, ...others] = sandbox.requests()
    expect(others).toEqual([])
    expect(first).toMatchObject({ fault: 'resend', taskId: ack.body.request_id, requestIdHeader: 'r-1' })
    expect([first?.status, first?.repeated]).toEqual([undefined, undefined])
    expect(second).toMatchObject({ fault: 'resend', status: 200, repeated: true, taskId: ack.body.request_id })
    expect(second?.gatewayRequestId).toBe(ack.headers.get('x-request-id'))
    expect(first?.gatewayRequestId).not.toBe(second?.gatewayRequestId)
  })

  it('gives the second copy the response of the fault, and takes the first', async () => {
    const { sandbox, shop } = setUp()
    const body = { message: 'in progress' }
    sandbox.fault({ on: 'submit', kind: 'resend', status: 409, body, headers: { 'Retry-After': '1' } })
    const answer = await shop.pay()
    expect(answer).toMatchObject({ status: 409, body })
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(sandbox.charges('order-17')).toBe(1)
    expect(sandbox.requests().map(({ status }) => status)).toEqual([undefined, 409])
  })

  it('meets repeatWhileProcessing while the first copy is being processed', async () => {
    const { clock, sandbox, shop } = setUp({ latencyMs: 4000, repeatWhileProcessing: 409 })
    sandbox.fault({ on: 'submit', kind: 'resend' })
    expect((await shop.pay({}, withId)).status).toBe(409)
    clock.advance(4000)
    expect(sandbox.charges('order-17')).toBe(1)
    expect((await shop.pay({}, withId)).status).toBe(200)
  })

  it.each(['status', 'result'] as const)('consumes a once-only error with the first %s, unseen', async (on) => {
    const { sandbox, shop } = setUp()
    sandbox.fault({ on: 'submit', kind: 'error' })
    const { request_id } = (await shop.pay()).body
    sandbox.fault({ on, kind: 'resend' })
    expect(await shop[on](request_id)).toMatchObject({ status: 404, body: { status: 'unknown', request_id } })
    expect(sandbox.tasks()).toMatchObject([{ state: 'consumed', answerStatus: 500 }])
  })

  it('strikes as often as it is planned for, the second copy not counted', async () => {
    const { sandbox, shop } = setUp()
    sandbox.fault({ on: 'submit', kind: 'resend', times: 2 })
    for (const tracking_id of ['a', 'b', 'c']) await shop.pay({ tracking_id })
    expect(['a', 'b', 'c'].map((id) => sandbox.charges(id))).toEqual([2, 2, 1])
  })

  it('re-sends the synchronous operation and lookups alike', async () => {
    const { sandbox, shop } = setUp()
    sandbox.fault({ on: 'any', kind: 'resend' })
    const { body } = await shop.post('/transactions/payments', { request: payment() }, withId)
    expect([body.transaction.status, sandbox.charges()]).toEqual(['successful', 1])
    sandbox.fault({ on: 'lookup', kind: 'resend' })
    expect((await shop.get(`/transactions/${body.transaction.uid}`)).status).toBe(200)
    expect(sandbox.requests()).toHaveLength(4)
  })
})
