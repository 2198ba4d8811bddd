import { describe, expect, it } from 'vitest'
import { createShop, payment } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'

const version3 = { 'X-API-Version': '3' }

describe('version 3 of the API', () => {
  it('has the transaction flat, and the section of the acquirer as `transaction`', async () => {
    const shop = createShop(createSandbox({ seed: 1 }))
    const { request_id } = (await shop.pay()).body
    const { transaction } = (await shop.result(request_id)).body
    const { payment: section, ...fields } = transaction
    const flat = (await shop.get(`/async/result/${request_id}`, version3)).body
    expect(flat).toEqual({ ...fields, transaction: section })
    expect(flat.transaction).toMatchObject({ status: 'successful', auth_code: expect.any(String) })
    expect((await shop.get(`/transactions/${transaction.uid}`, version3)).body).toEqual(flat)
  })

  it('has null for the section that a transaction lacks', async () => {
    const shop = createShop(createSandbox())
    const { request_id } = (await shop.submit('checkups', payment())).body
    expect((await shop.get(`/async/result/${request_id}`, version3)).body).toMatchObject({
      status: 'successful',
      type: 'checkup',
      transaction: null,
    })
  })

  it('has a code and a friendly message in its errors', async () => {
    const shop = createShop(createSandbox())
    const refused = await shop.post('/async/transactions/payments', { request: payment({ amount: 0 }) }, version3)
    expect(refused.body).toEqual({
      code: expect.any(String),
      friendly_message: expect.any(String),
      message: 'Amount must be greater than 0.',
      errors: { amount: ['must be greater than 0'] },
    })
    expect((await shop.get('/transactions/none', version3)).body).toMatchObject({ message: 'Record not found' })
  })

  it('leaves the words about a task as they are', async () => {
    const shop = createShop(createSandbox({ latencyMs: 1000 }))
    const ack = await shop.pay({}, version3)
    expect(ack.body).toMatchObject({ status: 'processing', request_id: expect.any(String) })
  })
})
