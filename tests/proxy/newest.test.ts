/** The shop hears the newest of each charge, at least once, and nothing that is older than what it was told. */
import { memoryOutcomes } from '@async-transaction/proxy'
import { describe, expect, it, vi } from 'vitest'
import { createNotifiedShop, notify } from './notified-shop.ts'
import { cards, createMovableClock, createShop, newOrder, requestFor } from './shop.ts'

const statuses = (told: readonly { transaction?: { status: string } | undefined }[]): (string | undefined)[] =>
  told.map(({ transaction }) => transaction?.status)

describe('onOutcome', () => {
  it.each(['incomplete', 'pending', 'failed', 'expired'])(
    'is not told of a late "%s" after "successful", with a task of ours and without',
    async (status) => {
      const { another, charge, proxy, told } = createNotifiedShop()
      const { deliver, transaction } = await charge()
      expect(await deliver()).toBe(204)
      const late = { ...(await transaction()), status }
      expect(await notify(proxy, late)).toBe(204)
      expect(statuses(told)).toEqual(['successful'])

      const outcomes = memoryOutcomes()
      const foreign = another({ outcomes })
      expect(await notify(foreign, await transaction())).toBe(204)
      expect(await notify(foreign, late)).toBe(204)
      expect(statuses(told)).toEqual(['successful', 'successful'])
    },
  )

  it('is told "successful" after "incomplete"', async () => {
    const { call, charge, proxy, sandbox, told } = createNotifiedShop({}, 0)
    const { token, id } = await charge(newOrder(), cards.threeDSecure)
    const { transaction } = (await call(`/async/result/${id}`, { token })).body
    await vi.waitFor(() => expect(statuses(told)).toEqual(['incomplete']))
    await sandbox.fetch(transaction.redirect_url, {
      method: 'POST',
      body: new URLSearchParams({ decision: 'confirm' }),
    })
    const [paid] = (await call(`/v2/transactions/tracking_id/${transaction.tracking_id}`, { token })).body.transactions
    expect(await notify(proxy, paid)).toBe(204)
    expect(statuses(told)).toEqual(['incomplete', 'successful'])
    expect(new Set(told.map(({ key }) => key)).size).toBe(2)
  })

  it('is told a correction by the gateway’s support, whatever its status, and the page gets it', async () => {
    const { call, charge, proxy, told } = createNotifiedShop()
    const { deliver, id, token, transaction } = await charge()
    await deliver()
    const paid = await transaction()
    const first = { ...paid, status: 'failed', manually_corrected_at: '2031-01-01T00:00:00Z' }
    const second = { ...paid, amount: 1, manually_corrected_at: '2031-01-02T00:00:00Z' }
    for (const corrected of [first, second, first, paid]) expect(await notify(proxy, corrected)).toBe(204)
    expect(statuses(told)).toEqual(['successful', 'failed', 'successful'])
    expect(new Set(told.map(({ key }) => key)).size).toBe(3)
    expect((await call(`/async/result/${id}`, { token })).body.transaction).toMatchObject({ status: 'successful' })
  })

  it('counts as told after it returned: who died in it is followed by another one', async () => {
    const clock = createMovableClock()
    const outcomes = memoryOutcomes(clock)
    let dies = true
    const calls: string[] = []
    const { another, charge, proxy } = createNotifiedShop({
      outcomes,
      onOutcome: ({ key }) => {
        calls.push(key)
        return dies ? new Promise(() => {}) : undefined
      },
    })
    const { transaction } = await charge()
    void notify(another({ clock: { now: Date.now, setTimeout: () => 0, clearTimeout() {} } }), await transaction())
    await vi.waitFor(() => expect(calls).toHaveLength(1))
    dies = false
    clock.move(10_000)
    expect(await notify(proxy, await transaction())).toBe(204)
    expect(calls).toHaveLength(2)
    expect(await notify(proxy, await transaction())).toBe(204)
    expect(calls).toHaveLength(2)
  })

  it('is told the result after an error that was confirmed, and not the error after the result', async () => {
    const { call, charge, proxy, sandbox, told } = createNotifiedShop({}, 0)
    const order = newOrder()
    sandbox.fault({ on: 'submit', kind: 'error', trackingId: order.trackingId })
    const { id, token } = await charge(order)
    expect((await call(`/async/result/${id}`, { token })).status).toBe(500)
    await vi.waitFor(() => expect(statuses(told)).toEqual([undefined]))
    const created = new Date(Date.now() + 1000).toISOString()
    const paid = {
      ...{ uid: crypto.randomUUID(), status: 'successful', type: 'payment', amount: order.amount },
      ...{ currency: order.currency, tracking_id: order.trackingId, created_at: created },
    }
    expect(await notify(proxy, paid)).toBe(204)
    expect(statuses(told)).toEqual([undefined, 'successful'])
    expect(await call(`/async/result/${id}`, { token })).toMatchObject({
      status: 200,
      body: { transaction: { uid: paid.uid } },
    })
    expect(told).toHaveLength(2)
  })
})

describe('a webhook', () => {
  it('that could not be stored is not answered 204: the gateway sends it again', async () => {
    let full = false
    const inner = memoryOutcomes()
    const { call, charge, told } = createNotifiedShop({
      outcomes: {
        ...inner,
        set(key, record, ttlMs) {
          if (full && key.startsWith('task/')) throw new Error('The store is full')
          return inner.set(key, record, ttlMs)
        },
      },
    })
    const { deliver, id, token, webhook } = await charge()
    await webhook()
    full = true
    expect(await deliver()).toBe(503)
    expect(told).toHaveLength(0)
    full = false
    expect(await deliver()).toBe(204)
    expect((await call(`/async/result/${id}`, { token })).body).toMatchObject({ transaction: { status: 'successful' } })
    expect(told).toHaveLength(1)
  })

  it('without a time settles no task: it may be of an earlier attempt', async () => {
    const { call, charge, proxy, told } = createNotifiedShop({}, 5000)
    const { id, order, token } = await charge()
    const undated = {
      ...{ uid: crypto.randomUUID(), status: 'failed', type: 'payment', amount: order.amount },
      ...{ currency: order.currency, tracking_id: order.trackingId },
    }
    expect(await notify(proxy, undated)).toBe(204)
    expect(told).toMatchObject([{ transaction: { status: 'failed' } }])
    expect(told[0]?.requestId).toBeUndefined()
    expect((await call(`/async/result/${id}`, { token })).body).toMatchObject({ status: 'processing' })
  })
})

describe('onAccepted', () => {
  it('is told once which task a charge became, and events name it', async () => {
    const accepted: object[] = []
    const { events, post, proxy, token, call } = createShop({ onAccepted: (charge) => void accepted.push(charge) })
    const order = newOrder()
    const charge = await token(order)
    const { body } = await post(charge, requestFor(order))
    await post(charge, requestFor(order))
    await call(`/async/result/${body.request_id}`, { token: charge })
    await proxy.close()
    expect(accepted).toEqual([{ requestId: body.request_id, trackingId: order.trackingId, attempt: 1 }])
    const upstream = events.filter(({ type }) => type === 'upstream')
    expect(upstream.map(({ requestId }) => requestId)).toEqual(upstream.map(() => body.request_id))
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'answered', operation: 'result', requestId: body.request_id }),
    )
  })

  it('that fails costs no payment, and is reported', async () => {
    const { events, post, proxy, token } = createShop({
      onAccepted: () => Promise.reject(new Error('The shop is down')),
    })
    const order = newOrder()
    expect((await post(await token(order), requestFor(order))).status).toBe(200)
    await proxy.close()
    expect(events).toContainEqual(expect.objectContaining({ type: 'warning', warning: 'notify-failed' }))
  })
})

describe('close()', () => {
  it('lets what is under way be answered and stored, and sends nothing more to the gateway', async () => {
    const { call, post, proxy, sandbox, token } = createShop()
    const [order, later] = [newOrder(), newOrder()]
    const charge = await token(order)
    const { body } = await post(charge, requestFor(order))
    const path = `/async/result/${body.request_id}`
    sandbox.fault({ on: 'result', kind: 'delay', ms: 200 })
    const reading = call(path, { token: charge })
    await vi.waitFor(() => expect(sandbox.requests()).toHaveLength(2))
    const waiting = call(path, { token: charge })
    const closed = proxy.close()
    const late = await post(await token(later), requestFor(later))
    expect(late.status).toBe(503)
    expect(late.headers.get('retry-after')).toBe('1')
    await closed
    expect(await reading).toMatchObject({ status: 200, body: { transaction: { status: 'successful' } } })
    expect([200, 503]).toContain((await waiting).status)
    expect(sandbox.requests()).toHaveLength(2)
  })
})

describe('sweep()', () => {
  it('reads an error that no page came back for, tells the shop, and asks no more', async () => {
    const { clock, post, proxy, sandbox, token, told } = createNotifiedShop()
    const order = newOrder()
    sandbox.fault({ on: 'submit', kind: 'error', trackingId: order.trackingId })
    await post(await token(order), requestFor(order))
    expect(await proxy.sweep()).toBe(0)
    clock.move(6000)
    expect(await proxy.sweep()).toBe(1)
    expect(told).toMatchObject([{ httpStatus: 500, trackingId: order.trackingId }])
    const asked = sandbox.requests().length
    clock.move(60_000)
    expect(await proxy.sweep()).toBe(0)
    expect(sandbox.requests()).toHaveLength(asked)
  })

  it('tells a shop that was down, later', async () => {
    let fails = true
    const calls: string[] = []
    const { charge, clock, proxy } = createNotifiedShop({
      onOutcome({ key }) {
        calls.push(key)
        if (fails) throw new Error('The shop is down')
      },
    })
    const { webhook } = await charge()
    await webhook()
    for (let minutes = 0; minutes < 3; minutes++) {
      clock.move(60_000)
      await proxy.sweep()
    }
    expect(calls).toHaveLength(3)
    fails = false
    clock.move(60_000)
    await proxy.sweep()
    clock.move(60_000)
    expect(await proxy.sweep()).toBe(0)
    expect(calls).toHaveLength(4)
  })

  it('finds what the gateway forgot among the transactions of the order', async () => {
    const { charge, clock, proxy, sandbox, told } = createNotifiedShop()
    const { webhook } = await charge()
    await webhook()
    sandbox.fault({ on: 'result', kind: 'forget' })
    clock.move(6000)
    await proxy.sweep()
    expect(told).toMatchObject([{ transaction: { status: 'successful' } }])
  })

  it('is a fault of the configuration with a store that cannot tell what is due', async () => {
    const { get, set, claim } = memoryOutcomes()
    const { proxy } = createShop({ outcomes: { get, set, claim } })
    await expect(proxy.sweep()).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('due') })
  })
})
