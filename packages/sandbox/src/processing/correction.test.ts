import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { card, createShop, payment } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'
import type { SandboxOptions } from '../sandbox.ts'

const notification_url = 'https://shop.test/hook'
const corrected = '2026-01-15T13:00:00.000Z'

/** A payment with that card, an hour ago. */
async function setUp(fields: object = {}, options: SandboxOptions = {}) {
  const clock = createManualClock()
  const received: { transaction: Record<string, unknown> }[] = []
  const sandbox = createSandbox({
    clock,
    async fetch(request) {
      received.push(await request.json())
      return new Response(null, { status: 204 })
    },
    ...options,
  })
  const shop = createShop(sandbox)
  const ack = (await shop.pay(fields)).body
  const { transaction } = (await shop.result(ack.request_id)).body
  clock.advance(60 * 60 * 1000)
  const now = async () => (await shop.get(`/transactions/${transaction.uid}`)).body.transaction
  return { clock, sandbox, shop, received, ack, transaction, uid: transaction.uid as string, now }
}

describe('a correction', () => {
  it('sets the fields, manually_corrected_at and updated_at, and nothing else', async () => {
    const { sandbox, transaction, uid, now } = await setUp()
    const after = sandbox.correct(uid, { amount: 3000 })
    expect(after).toEqual({ ...transaction, amount: 3000, manually_corrected_at: corrected, updated_at: corrected })
    expect(await now()).toEqual(after)
    expect(sandbox.transactions()).toEqual([after])
  })

  it('takes the words and paid_at of a new status along, unless they are given', async () => {
    const { sandbox, uid, now } = await setUp({ credit_card: card('4005550000000019') })
    const after = sandbox.correct(uid, { status: 'successful' })
    expect(after).toMatchObject({ status: 'successful', code: 'S.0000', paid_at: corrected })
    expect(after.payment).toMatchObject({ status: 'successful' })
    expect(await now()).toEqual(after)
    expect(sandbox.correct(uid, { status: 'failed', code: 'F.1', paid_at: null })).toMatchObject({
      status: 'failed',
      code: 'F.1',
      message: 'Payment was declined',
      paid_at: null,
    })
    const paid_at = '2026-01-15T09:00:00Z'
    expect(sandbox.correct(uid, { status: 'successful', paid_at })).toMatchObject({ code: 'S.0000', paid_at })
    expect(sandbox.correct(uid, { status: 'failed' })).toMatchObject({ code: 'F.0100', paid_at: null })
  })

  it('takes any word as a status, the rrn of the acquirer, and any other field', async () => {
    const { sandbox, uid, now } = await setUp()
    const fields = { status: 'refunded', rrn: '999', description: 'x', new_field: { deep: [1] } }
    const after = sandbox.correct(uid, fields)
    expect(after).toMatchObject({ status: 'refunded', code: null, description: 'x', new_field: { deep: [1] } })
    expect(after.payment).toMatchObject({ rrn: '999' })
    sandbox.correct(uid, { amount: 1 })
    expect(await now()).toMatchObject({ ...after, amount: 1 })
    Object.assign(after.new_field as object, { deep: 'changed' })
    expect((await now()).new_field).toEqual({ deep: [1] })
  })

  it('sends the webhook with the new values', async () => {
    const { sandbox, uid, received } = await setUp({ notification_url })
    await expect.poll(() => received.length, { interval: 1 }).toBe(1)
    const after = sandbox.correct(uid, { status: 'failed', amount: 1 })
    await expect.poll(() => received.length, { interval: 1 }).toBe(2)
    expect(received[1]).toEqual({ transaction: after })
    expect(sandbox.webhooks()).toMatchObject([{ transactionStatus: 'successful' }, { transactionStatus: 'failed' }])
  })

  it('leaves the result of the task as it was', async () => {
    const { sandbox, shop, ack, transaction, uid } = await setUp()
    sandbox.correct(uid, { status: 'failed' })
    expect((await shop.result(ack.request_id)).body).toEqual({ transaction })
  })

  it('lags in lookups like any other change', async () => {
    const { clock, sandbox, uid, now } = await setUp({}, { lookupLagMs: 3000 })
    sandbox.correct(uid, { status: 'failed' })
    clock.advance(2999)
    expect((await now()).status).toBe('successful')
    clock.advance(1)
    expect((await now()).status).toBe('failed')
  })

  it('is the amount and the status that a later refund goes by', async () => {
    const { sandbox, shop, uid } = await setUp()
    sandbox.correct(uid, { amount: 1000 })
    const refund = (amount: number) => shop.outcome('refunds', { parent_uid: uid, amount, reason: 'r' })
    expect((await refund(1001)).status).toBe(422)
    expect((await refund(1000)).status).toBe(200)
    sandbox.correct(uid, { status: 'failed' })
    expect((await refund(1)).body.response.errors.parent_uid).toEqual(['is failed, not successful'])
  })
})

describe('charges() after a correction', () => {
  it('counts a payment that reached the acquirer, whatever its status is now', async () => {
    const { sandbox, uid } = await setUp()
    sandbox.correct(uid, { status: 'failed' })
    expect(sandbox.charges('order-17')).toBe(1)
    sandbox.correct(uid, { status: 'successful' })
    expect(sandbox.charges('order-17')).toBe(1)
  })

  it('counts one that support found to be successful, though the books had no charge', async () => {
    const { sandbox, uid } = await setUp({ credit_card: card('4012000000001097') })
    expect(sandbox.charges('order-17')).toBe(0)
    const after = sandbox.correct(uid, { status: 'successful' })
    expect(after).toMatchObject({ payment: { rrn: expect.any(String) } })
    expect(sandbox.charges('order-17')).toBe(1)
  })

  it('counts none for one that ends otherwise, and its customer cannot confirm it any more', async () => {
    const { sandbox, transaction, uid, now } = await setUp({ credit_card: card('4012000000001097') })
    sandbox.correct(uid, { status: 'failed' })
    await sandbox.fetch(transaction.redirect_url, {
      method: 'POST',
      body: new URLSearchParams({ decision: 'confirm' }),
    })
    expect([(await now()).status, sandbox.charges('order-17')]).toEqual(['failed', 0])
  })
})

describe('a correction that is wrong', () => {
  it.each([
    [null, 'A correction is an object'],
    [{}, 'A correction sets at least one field'],
    [{ status: undefined }, 'A correction sets at least one field'],
    [{ status: '' }, 'status takes a text that is not empty'],
    [{ amount: '1' }, 'amount takes a whole number of minor units, 1 or more'],
    [{ amount: 1.5 }, 'amount takes a whole number of minor units'],
    [{ rrn: 1 }, 'rrn takes a text'],
    [{ paid_at: 'yesterday' }, 'paid_at takes an ISO 8601 date and time, or null'],
    [{ uid: 'x' }, 'uid cannot be corrected'],
    [{ tracking_id: 'x' }, 'tracking_id cannot be corrected'],
    [{ manually_corrected_at: 'x' }, 'manually_corrected_at cannot be corrected'],
    [{ paidAt: 'x' }, 'paidAt is no field of a transaction: they are in snake_case'],
  ])('%o is refused, and changes nothing', async (correction, message) => {
    const { sandbox, transaction, uid } = await setUp()
    expect(() => sandbox.correct(uid, correction as never)).toThrow(TypeError)
    expect(() => sandbox.correct(uid, correction as never)).toThrow(message)
    expect(sandbox.transactions()).toEqual([transaction])
  })

  it('names an unknown uid', () => {
    expect(() => createSandbox().correct('none', { amount: 1 })).toThrow('There is no transaction none')
  })

  it('refuses an rrn for a payment without an acquirer', async () => {
    const { sandbox, uid } = await setUp({ credit_card: card('4012000000001097') })
    expect(() => sandbox.correct(uid, { rrn: '1' })).toThrow('the transaction never reached the acquirer')
  })
})

it('a transaction that is still processing cannot be corrected', async () => {
  const sandbox = createSandbox({ clock: createManualClock(), latencyMs: 1000, listedWhileProcessing: 'incomplete' })
  const shop = createShop(sandbox)
  await shop.submit('payments', payment())
  const [{ uid }] = (await shop.get('/v2/transactions/tracking_id/order-17')).body.transactions
  expect(() => sandbox.correct(uid, { amount: 1 })).toThrow(`There is no transaction ${uid}`)
})
