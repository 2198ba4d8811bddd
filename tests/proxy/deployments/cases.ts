/** What must hold on every runtime: the unchanged client of a page pays through the deployed proxy, over real sockets. */
import { bearerAuth, type Client, createClient, fixedSchedule } from '@async-transaction/core'
import { expect, vi } from 'vitest'
import { cards, newOrder, type Order, requestFor } from '../shop.ts'
import { checkoutKey, secret } from '../shop-keys.ts'
import type { Deployment } from './deployment.ts'

export const browserAt = (baseUrl: string, token: string): Client =>
  createClient({ baseUrl, auth: bearerAuth(token), schedule: fixedSchedule({ intervalMs: 250 }) })

/** An order, the token for it, and a browser that holds it. */
export async function visit({ baseUrl, issue }: Deployment): Promise<{ order: Order; token: string; browser: Client }> {
  const order = newOrder()
  const token = await issue({ type: 'payments', ...order })
  return { order, token, browser: browserAt(baseUrl, token) }
}

/** Not `expect.poll`, which serves one test at a time, and these run side by side. */
export const reaches = ({ sandbox }: Deployment, requestId: string, state: string): Promise<void> =>
  vi.waitFor(() => expect(sandbox.tasks().find(({ taskId }) => taskId === requestId)?.state).toBe(state))

export const cases: Readonly<Record<string, (deployment: Deployment) => Promise<void>>> = {
  ...Object.fromEntries(
    Object.entries({ successful: cards.succeeds, failed: cards.declined, incomplete: cards.threeDSecure }).map(
      ([status, number]) => [
        `a payment ends ${status}`,
        async (deployment: Deployment) => {
          const { order, browser } = await visit(deployment)
          const transaction = await browser.submit('payments', requestFor(order, number)).result()
          expect(transaction).toMatchObject({ status, tracking_id: order.trackingId, amount: order.amount })
        },
      ],
    ),
  ),

  async 'its checkout gives a token that pays for its order'({ url, baseUrl, sandbox }) {
    const headers = { authorization: `Bearer ${checkoutKey}` }
    const { order, token } = (await (await fetch(`${url}/checkout`, { method: 'POST', headers })).json()) as {
      order: Order
      token: string
    }
    await browserAt(baseUrl, token).submit('payments', requestFor(order)).result()
    expect(sandbox.charges(order.trackingId)).toBe(1)
  },

  async 'its checkout gives a token to nobody but the shop’s server'({ url }) {
    for (const authorization of ['', 'Bearer', `Bearer ${checkoutKey}x`, `Bearer ${secret}`, `Basic ${checkoutKey}`]) {
      const { status } = await fetch(`${url}/checkout`, { method: 'POST', headers: { authorization } })
      expect(status).toBe(401)
    }
  },

  async 'an error that is delivered once is told to every browser that asks'(deployment) {
    const { order, token, browser } = await visit(deployment)
    deployment.sandbox.fault({ on: 'submit', kind: 'error', trackingId: order.trackingId })
    const task = browser.submit('payments', requestFor(order))
    const outcome = {
      status: 'error',
      error: { code: 'gateway-error', message: "We're sorry, but something went wrong" },
    }
    expect(await task.outcome()).toMatchObject(outcome)
    expect(
      await browserAt(deployment.baseUrl, token)
        .resume(await task.accepted())
        .outcome(),
    ).toMatchObject(outcome)
  },

  ...Object.fromEntries(
    (['drop-before', 'drop-after', 'truncate'] as const).map((kind) => [
      `a POST that is lost by ${kind} between proxy and gateway charges once`,
      async (deployment: Deployment) => {
        const { order, browser } = await visit(deployment)
        deployment.sandbox.fault({ on: 'submit', kind, trackingId: order.trackingId })
        expect(await browser.submit('payments', requestFor(order)).outcome()).toMatchObject({ status: 'result' })
        expect(deployment.sandbox.charges(order.trackingId)).toBe(1)
      },
    ]),
  ),

  async 'a POST that is lost each time is looked up, and charged once'(deployment) {
    const { order, browser } = await visit(deployment)
    // Three times, of which each may be several on the wire: some runtimes send again by themselves.
    deployment.sandbox.fault({ on: 'submit', kind: 'drop-after', times: 30, trackingId: order.trackingId })
    expect(await browser.submit('payments', requestFor(order)).outcome()).toMatchObject({
      status: 'result',
      via: 'lookup',
    })
    expect(deployment.sandbox.charges(order.trackingId)).toBe(1)
  },

  async 'a payment is resumed by another browser with another token'(deployment) {
    const { order, browser } = await visit(deployment)
    const task = browser.submit('payments', requestFor(order))
    const handle = JSON.parse(JSON.stringify(await task.accepted()))
    task.stop()
    const other = browserAt(deployment.baseUrl, await deployment.issue({ type: 'payments', ...order }))
    expect(await other.resume(handle).result()).toMatchObject({ status: 'successful', tracking_id: order.trackingId })
    expect(deployment.sandbox.charges(order.trackingId)).toBe(1)
  },

  async 'a browser that hangs up while the error is on its way leaves it to the next one'(deployment) {
    const { order, token, browser } = await visit(deployment)
    const { sandbox, baseUrl } = deployment
    sandbox.fault({ on: 'submit', kind: 'error', trackingId: order.trackingId })
    const task = browser.submit('payments', requestFor(order))
    const { requestId } = await task.accepted()
    task.stop()
    const read = (signal?: AbortSignal): Promise<Response> =>
      fetch(`${baseUrl}/async/result/${requestId}`, {
        headers: { authorization: `Bearer ${token}` },
        ...(signal && { signal }),
      })
    await reaches(deployment, requestId, 'completed')
    sandbox.fault({ on: 'result', kind: 'delay', ms: 300, trackingId: order.trackingId })
    const leaving = new AbortController()
    const left = read(leaving.signal).catch(() => 'gone')
    await reaches(deployment, requestId, 'consumed')
    leaving.abort()
    expect(await left).toBe('gone')
    const next = await read()
    expect([next.status, await next.json()]).toMatchObject([500, { message: "We're sorry, but something went wrong" }])
  },

  async 'ten browsers that ask at once are told one error, read once'(deployment) {
    const { order, token, browser } = await visit(deployment)
    const { sandbox, baseUrl } = deployment
    sandbox.fault({ on: 'submit', kind: 'error', trackingId: order.trackingId })
    const task = browser.submit('payments', requestFor(order))
    const { requestId } = await task.accepted()
    task.stop()
    await reaches(deployment, requestId, 'completed')
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        fetch(`${baseUrl}/async/result/${requestId}`, { headers: { authorization: `Bearer ${token}` } }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(500))
    // One read that brings it, and one that confirms it.
    expect(
      sandbox.requests().filter(({ taskId, operation }) => taskId === requestId && operation === 'result'),
    ).toHaveLength(2)
  },

  async 'nobody gets anything without a token'({ baseUrl, sandbox }) {
    const requestId = crypto.randomUUID()
    expect((await fetch(`${baseUrl}/async/transactions/payments`, { method: 'POST' })).status).toBe(401)
    expect((await fetch(`${baseUrl}/async/result/${requestId}`)).status).toBe(401)
    expect(sandbox.requests().some(({ taskId }) => taskId === requestId)).toBe(false)
  },
}
