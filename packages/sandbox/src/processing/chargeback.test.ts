import { expect, it } from 'vitest'
import { createShop } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'

async function setUp() {
  const received: { transaction: Record<string, unknown> }[] = []
  const sandbox = createSandbox({
    async fetch(request) {
      received.push(await request.json())
      return new Response(null, { status: 204 })
    },
  })
  const shop = createShop(sandbox)
  const ack = (await shop.pay({ notification_url: 'https://shop.test/hook' })).body
  const { transaction } = (await shop.result(ack.request_id)).body
  return { sandbox, shop, received, transaction, uid: transaction.uid as string }
}

it('is a transaction of its own, with the payment inside, and comes by a webhook', async () => {
  const { sandbox, shop, received, transaction, uid } = await setUp()
  const chargeback = sandbox.chargeback(uid, { amount: 100, reason: 'not received' })
  expect(chargeback).toMatchObject({
    type: 'chargeback',
    status: 'successful',
    amount: 100,
    currency: 'KZT',
    reason: 'not received',
    parent_uid: uid,
    parent_transaction: transaction,
  })
  await expect.poll(() => received.map((each) => each.transaction.type), { interval: 1 }).toContain('chargeback')
  expect(received.find((each) => each.transaction.type === 'chargeback')?.transaction).toEqual(chargeback)
  expect((await shop.get(`/transactions/${chargeback.uid}`)).body.transaction).toEqual(chargeback)
})

it('is of the whole amount, charges nobody, and leaves the payment as it is', async () => {
  const { sandbox, shop, transaction, uid } = await setUp()
  expect(sandbox.chargeback(uid)).toMatchObject({ amount: 3245, reason: 'client request' })
  expect(sandbox.charges()).toBe(1)
  expect((await shop.get(`/transactions/${uid}`)).body.transaction).toEqual(transaction)
})

it('names what is wrong', async () => {
  const { sandbox, uid } = await setUp()
  expect(() => sandbox.chargeback('none')).toThrow('There is no transaction none')
  expect(() => sandbox.chargeback(uid, { amount: 0 })).toThrow('amount takes a whole number of minor units, 1 or more')
  expect(() => sandbox.chargeback(uid, { reason: '' })).toThrow('reason takes a text that is not empty')
  expect(() => sandbox.chargeback(uid, null as never)).toThrow('A chargeback is an object: { amount, reason }')
})
