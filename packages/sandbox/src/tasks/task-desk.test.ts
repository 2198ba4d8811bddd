import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { card, createShop, origin } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'
import type { SandboxOptions } from '../sandbox.ts'

const hour = 60 * 60 * 1000

function setUp(options: SandboxOptions = {}) {
  const clock = createManualClock()
  const sandbox = createSandbox({ clock, latencyMs: 4000, ...options })
  return { clock, sandbox, shop: createShop(sandbox) }
}

describe('a task', () => {
  it('is acknowledged with its id and its absolute URLs on the origin that was asked', async () => {
    const { shop } = setUp()
    const { status, body } = await shop.pay()
    expect(status).toBe(200)
    expect(body).toEqual({
      status: 'processing',
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status_url: `${origin}/async/status/${body.request_id}`,
      response_url: `${origin}/async/result/${body.request_id}`,
    })
  })

  it('has its URLs under the given baseUrl', async () => {
    const { shop, clock } = setUp({ baseUrl: 'https://proxy.test/pay/' })
    const { body } = await shop.pay()
    expect(body.status_url).toBe(`https://proxy.test/pay/async/status/${body.request_id}`)
    clock.advance(4000)
    const { response_url } = (await shop.status(body.request_id)).body
    expect(response_url).toBe(`https://proxy.test/pay/async/result/${body.request_id}`)
  })

  it('is processing for as long as the latency, and then completed', async () => {
    const { clock, shop } = setUp()
    const { request_id } = (await shop.pay()).body
    clock.advance(3999)
    const processing = { status: 'processing', request_id }
    expect(await shop.status(request_id)).toMatchObject({ status: 200, body: processing })
    expect(await shop.result(request_id)).toMatchObject({ status: 425, body: processing })
    clock.advance(1)
    const response_url = `${origin}/async/result/${request_id}`
    expect((await shop.status(request_id)).body).toEqual({ status: 'completed', request_id, response_url })
    const { status, body } = await shop.result(request_id)
    expect(status).toBe(200)
    expect(body.transaction.status).toBe('successful')
    expect((await shop.result(request_id)).body).toEqual(body)
  })

  it.each([200, 202, 425] as const)('can say that it is processing with %i', async (processingStatus) => {
    const { shop } = setUp({ processingStatus })
    const { request_id } = (await shop.pay()).body
    expect((await shop.result(request_id)).status).toBe(processingStatus)
    expect((await shop.status(request_id)).status).toBe(200)
  })

  it('that was never issued is unknown', async () => {
    const { shop } = setUp()
    const answer = { status: 404, body: { status: 'unknown', request_id: '10203' } }
    expect(await shop.status('10203')).toMatchObject(answer)
    expect(await shop.result('10203')).toMatchObject(answer)
  })

  it('takes as long as the seed says, within the range', async () => {
    const latencies = async () => {
      const { sandbox, shop } = setUp({ latencyMs: [4000, 7000], seed: 5 })
      for (let index = 0; index < 20; index++) await shop.pay()
      return sandbox.tasks().map((task) => task.dueAt - task.createdAt)
    }
    const first = await latencies()
    expect(Math.min(...first)).toBeGreaterThanOrEqual(4000)
    expect(Math.max(...first)).toBeLessThanOrEqual(7000)
    expect(new Set(first).size).toBeGreaterThan(10)
    expect(await latencies()).toEqual(first)
  })
})

describe('retention', () => {
  it('keeps a 200 answer for 24 hours from the creation of the task, not from its end', async () => {
    const { clock, shop } = setUp({ latencyMs: hour })
    const { request_id } = (await shop.pay()).body
    clock.advance(24 * hour - 1)
    expect((await shop.status(request_id)).body.status).toBe('completed')
    expect((await shop.result(request_id)).status).toBe(200)
    clock.advance(1)
    const unknown = { status: 404, body: { status: 'unknown', request_id } }
    expect(await shop.status(request_id)).toMatchObject(unknown)
    expect(await shop.result(request_id)).toMatchObject(unknown)
  })

  it('keeps a decline like a success: it is a 200 answer', async () => {
    const { clock, shop } = setUp()
    const { request_id } = (await shop.pay({ credit_card: card('4005550000000019') })).body
    clock.advance(23 * hour)
    for (let read = 0; read < 3; read++) {
      const { status, body } = await shop.result(request_id)
      expect([status, body.transaction.status]).toEqual([200, 'failed'])
    }
  })
})

describe('an answer other than 200', () => {
  const failing = async () => {
    const world = setUp({ latencyMs: 0 })
    world.sandbox.fault({ on: 'submit', kind: 'error' })
    return { ...world, id: (await world.shop.pay()).body.request_id as string }
  }
  const sorry = { status: 500, body: { message: "We're sorry, but something went wrong" } }

  it.each([
    ['status', 'result'],
    ['status', 'status'],
    ['result', 'status'],
    ['result', 'result'],
  ] as const)('is delivered by the %s once, and then the %s is unknown', async (first, second) => {
    const { shop, id, sandbox } = await failing()
    expect(await shop[first](id)).toMatchObject(sorry)
    expect(await shop[second](id)).toMatchObject({ status: 404, body: { status: 'unknown', request_id: id } })
    expect(sandbox.tasks()[0]).toMatchObject({ state: 'consumed', answerStatus: 500 })
    expect(sandbox.charges()).toBe(0)
  })

  it('is not consumed by HEAD, by a wrong method, or without credentials', async () => {
    const { shop, id, sandbox } = await failing()
    for (const method of ['HEAD', 'OPTIONS', 'DELETE']) {
      const headers = { authorization: `Basic ${btoa('shop-1:secret-1')}` }
      expect((await sandbox.fetch(`${origin}/async/result/${id}`, { method, headers })).status).toBe(405)
    }
    expect((await sandbox.fetch(`${origin}/async/status/${id}`)).status).toBe(401)
    expect((await createShop(sandbox, 'other:shop').result(id)).status).toBe(404)
    expect(await shop.result(id)).toMatchObject(sorry)
  })

  it('goes to one of two who read at the same time', async () => {
    const { shop, id } = await failing()
    const answers = await Promise.all([shop.status(id), shop.result(id)])
    expect(answers.map((each) => each.status).sort()).toEqual([404, 500])
  })

  it('is gone after 24 hours, read or not', async () => {
    const { clock, shop, id } = await failing()
    clock.advance(24 * hour)
    expect((await shop.result(id)).status).toBe(404)
  })
})
