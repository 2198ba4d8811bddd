/** The unchanged client pays through the proxy as it pays at the gateway. */
import { describe, expect, it } from 'vitest'
import { cards, createShop, newOrder, requestFor } from './shop.ts'

describe('a payment through the proxy', () => {
  it('succeeds, and charges once', async () => {
    const { browser, sandbox, token } = createShop()
    const order = newOrder()
    const outcome = await browser(await token(order))
      .submit('payments', requestFor(order))
      .outcome()
    expect(outcome).toMatchObject({
      status: 'result',
      transaction: { status: 'successful', tracking_id: order.trackingId, amount: order.amount },
    })
    expect(sandbox.charges(order.trackingId)).toBe(1)
  })

  it('is declined: a result, not an error', async () => {
    const { browser, token } = createShop()
    const order = newOrder()
    const outcome = await browser(await token(order))
      .submit('payments', requestFor(order, cards.declined))
      .outcome()
    expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'failed' } })
  })

  it('goes through processing, completed and result, and without the status step too', async () => {
    for (const strategy of ['status', 'result'] as const) {
      const { browser, token } = createShop({}, { latencyMs: 300 })
      const order = newOrder()
      const task = browser(await token(order), { strategy }).submit('payments', requestFor(order))
      const states: string[] = []
      for await (const { status } of task) states.push(status)
      expect(states.filter((status, index) => status !== states[index - 1])).toEqual(
        strategy === 'status' ? ['processing', 'completed', 'result'] : ['processing', 'result'],
      )
    }
  })

  it('asks for 3-D Secure, and is found by its uid and its tracking id after it', async () => {
    const { browser, sandbox, token } = createShop()
    const order = newOrder()
    const client = browser(await token(order))
    const transaction = await client.submit('payments', requestFor(order, cards.threeDSecure)).result()
    expect(transaction).toMatchObject({ status: 'incomplete', redirect_url: expect.stringContaining('https://') })
    await sandbox.fetch(transaction.redirect_url ?? '', {
      method: 'POST',
      body: new URLSearchParams({ decision: 'confirm' }),
    })
    for (const by of [{ trackingId: order.trackingId }, { uid: transaction.uid ?? '' }])
      expect(await client.find(by)).toMatchObject([{ uid: transaction.uid, status: 'successful' }])
  })

  it('is refused by the gateway in the words of the gateway', async () => {
    const { browser, token } = createShop()
    const order = newOrder()
    const outcome = await browser(await token(order))
      .submit('payments', requestFor(order, '4200000000000001'))
      .outcome()
    expect(outcome).toMatchObject({
      status: 'error',
      error: { code: 'submit-rejected', effect: 'none', fieldErrors: { 'credit_card.number': expect.any(Array) } },
    })
  })

  it('of an amount that looks like a card number is found again by a lookup', async () => {
    const { browser, sandbox, token } = createShop()
    const order = { ...newOrder(), amount: 1_234_567_890_123 }
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    const outcome = await browser(await token(order))
      .submit('payments', requestFor(order))
      .outcome()
    expect(outcome).toMatchObject({ status: 'result', via: 'lookup', transaction: { amount: order.amount } })
  }, 30_000)

  it('is resumed from its handle, by another client with another token of the intent', async () => {
    const { browser, sandbox, token } = createShop({}, { latencyMs: 300 })
    const order = newOrder()
    const task = browser(await token(order)).submit('payments', requestFor(order))
    const handle = JSON.parse(JSON.stringify(await task.accepted()))
    task.stop()
    const outcome = await browser(await token(order))
      .resume(handle)
      .outcome()
    expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
    expect(sandbox.charges(order.trackingId)).toBe(1)
  })

  it('is recovered from the journal after a reload', async () => {
    const { browser, sandbox, token } = createShop({}, { latencyMs: 300 })
    const order = newOrder()
    const kept = new Map<string, unknown>()
    const journal = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
      getKeys: () => [...kept.keys()],
    }
    const charge = await token(order)
    await browser(charge, { journal }).submit('payments', requestFor(order)).accepted()
    const [recovered] = await browser(charge, { journal }).recover()
    expect(await recovered?.outcome()).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
    expect(sandbox.charges(order.trackingId)).toBe(1)
  })
})
