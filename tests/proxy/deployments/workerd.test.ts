/** On Workers, by `wrangler dev`; and what an alarm does there when nobody is connected. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { requestFor } from '../shop.ts'
import { browserAt, visit } from './cases.ts'
import { runCases } from './run-cases.ts'
import { openShopBackend, type ShopBackend } from './shop-backend.ts'
import { starts } from './starts.ts'

let shop: ShopBackend
beforeAll(async () => {
  shop = await openShopBackend()
})
afterAll(() => shop.close())

const deployment = runCases('cloudflare-worker', starts['cloudflare-worker'], async () => ({ OUTCOME_URL: shop.url }))

describe.concurrent('when every browser has left, the alarm', () => {
  const left = async (fault?: 'error') => {
    const { order, token, browser } = await visit(deployment())
    const { trackingId } = order
    if (fault) deployment().sandbox.fault({ on: 'submit', kind: fault, trackingId })
    const task = browser.submit('payments', requestFor(order))
    const handle = await task.accepted()
    task.stop()
    const reads = () =>
      deployment()
        .sandbox.requests()
        .filter(({ taskId }) => taskId === handle.requestId)
    return { handle, token, trackingId, reads }
  }
  const timeout = 30_000

  it('settles the payment, and tells the shop once', { timeout }, async () => {
    const { handle, token, trackingId, reads } = await left()
    await vi.waitFor(() => expect(shop.toldOf(trackingId)).toMatchObject([{ status: 'successful' }]), { timeout })
    const asked = reads().length
    const outcome = await browserAt(deployment().baseUrl, token).resume(handle).outcome()
    expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
    expect(reads()).toHaveLength(asked)
    expect(shop.toldOf(trackingId)).toHaveLength(1)
  })

  it('reads an error that is delivered once, and keeps it for the next browser', { timeout }, async () => {
    const { handle, token, trackingId, reads } = await left('error')
    await vi.waitFor(() => expect(shop.toldOf(trackingId)).toMatchObject([{ status: 'error' }]), { timeout })
    const asked = reads().length
    const outcome = await browserAt(deployment().baseUrl, token).resume(handle).outcome()
    expect(outcome).toMatchObject({ status: 'error', error: { code: 'gateway-error' } })
    expect(reads()).toHaveLength(asked)
    expect(shop.toldOf(trackingId)).toHaveLength(1)
  })

  it('asks again when it was told to come later', { timeout }, async () => {
    const { sandbox } = deployment()
    const { trackingId, handle } = await left()
    sandbox.fault({ on: 'result', kind: 'throttle', retryAfter: 1, trackingId })
    await vi.waitFor(() => expect(shop.toldOf(trackingId)).toMatchObject([{ status: 'successful' }]), { timeout })
    const reads = sandbox
      .requests()
      .filter(({ taskId, operation }) => taskId === handle.requestId && operation === 'result')
    expect(reads).toHaveLength(2)
  })

  it('tells the shop again, under the same key, if it did not take it', { timeout }, async () => {
    const { trackingId } = await left()
    shop.failOnceFor(trackingId)
    await vi.waitFor(() => expect(shop.toldOf(trackingId)).toHaveLength(2), { timeout })
    expect(new Set(shop.toldOf(trackingId).map(({ key }) => key)).size).toBe(1)
  })
})
