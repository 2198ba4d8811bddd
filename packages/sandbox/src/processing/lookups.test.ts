import { expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createShop, payment } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'

it('finds a transaction by uid and tracking id from its processing on', async () => {
  const clock = createManualClock()
  const shop = createShop(createSandbox({ clock, latencyMs: 4000 }))
  await shop.pay({ tracking_id: 'заказ/17 & 100%' })
  const path = `/v2/transactions/tracking_id/${encodeURIComponent('заказ/17 & 100%')}`
  clock.advance(3999)
  expect(await shop.get(path)).toMatchObject({ status: 200, body: { transactions: [] } })
  clock.advance(1)
  const [transaction] = (await shop.get(path)).body.transactions
  expect(transaction).toMatchObject({ status: 'successful', tracking_id: 'заказ/17 & 100%' })
  expect((await shop.get(`/transactions/${transaction.uid}`)).body).toEqual({ transaction })
})

it('answers 404 for an unknown uid, and an empty list for an unknown tracking id', async () => {
  const shop = createShop(createSandbox())
  const unknown = await shop.get('/transactions/none')
  expect(unknown).toMatchObject({ status: 404, body: { response: { message: 'Record not found' } } })
  expect(await shop.get('/v2/transactions/tracking_id/none')).toMatchObject({ status: 200, body: { transactions: [] } })
})

it('gives the latest alone in the old form, without /v2', async () => {
  const clock = createManualClock()
  const shop = createShop(createSandbox({ clock }))
  for (const amount of [1, 2]) {
    await shop.pay({ amount })
    clock.advance(1000)
  }
  expect((await shop.get('/transactions/tracking_id/order-17')).body.transaction.amount).toBe(2)
  expect((await shop.get('/transactions/tracking_id/none')).status).toBe(404)
})

it('gives the ten latest, newest first, of all types mixed', async () => {
  const clock = createManualClock()
  const shop = createShop(createSandbox({ clock }))
  for (let amount = 1; amount <= 11; amount++) {
    await shop.pay({ amount })
    clock.advance(1000)
  }
  await shop.submit('authorizations', payment({ amount: 12 }))
  const { transactions } = (await shop.get('/v2/transactions/tracking_id/order-17')).body
  expect(transactions.map((each: { amount: number }) => each.amount)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3])
  expect(transactions[0].type).toBe('authorization')
})

it('orders by creation, whichever was processed first', async () => {
  const clock = createManualClock()
  const sandbox = createSandbox({ clock, latencyMs: [0, 10_000], seed: 2 })
  const shop = createShop(sandbox)
  for (let amount = 1; amount <= 8; amount++) {
    await shop.pay({ amount })
    clock.advance(10)
  }
  clock.advance(10_000)
  const { transactions } = (await shop.get('/v2/transactions/tracking_id/order-17')).body
  expect(transactions.map((each: { amount: number }) => each.amount)).toEqual([8, 7, 6, 5, 4, 3, 2, 1])
  expect(sandbox.transactions('order-17').map((each) => each.amount)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})
