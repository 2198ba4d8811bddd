/** Every type of request that the gateway documents, through the client and the sandbox. Protocol sections 1 and 3. */
import type { Client, Outcome, Transaction, TransactionType } from '@async-transaction/core'
import type { SimulatedClock } from '@async-transaction/core/testing'
import { verifyWebhook } from '@async-transaction/core/webhook'
import { describe, expect, it } from 'vitest'
import { cards, createCheckout, order } from './checkout.ts'

const card = { number: cards.succeeds, verification_value: '123', exp_month: '05', exp_year: '2030' }

/** The transaction of a request that succeeds. */
async function done(
  { client, clock }: { client: Client; clock: SimulatedClock },
  type: TransactionType,
  request: object,
): Promise<Transaction> {
  const outcome = await clock.until(client.submit(type, request as never).outcome())
  return (outcome as { transaction: Transaction }).transaction
}

describe('a transaction', () => {
  it.each([
    ['payments', order(), 'payment'],
    ['authorizations', order(), 'authorization'],
    ['checkups', order(), 'checkup'],
    ['tokenizations', { credit_card: card }, 'tokenization'],
    ['payouts', { ...order(), credit_card: undefined, recipient_credit_card: card }, 'payout'],
  ])('of %s comes back as a %s', async (type, request, name) => {
    expect(await done(createCheckout(), type, request)).toMatchObject({ type: name, status: 'successful' })
  })

  it('on a saved card is a credit, and one on another transaction its capture, void or refund', async () => {
    const shop = createCheckout()
    const authorized = await done(shop, 'authorizations', order({ amount: 1000 }))
    const parent_uid = authorized.uid ?? ''
    const captured = await done(shop, 'captures', { parent_uid, amount: 600 })
    expect(captured).toMatchObject({ type: 'capture', parent_uid, status: 'successful' })
    expect(await done(shop, 'voids', { parent_uid, amount: 400 })).toMatchObject({ type: 'void', parent_uid })
    const refund = { parent_uid: captured.uid, amount: 600, reason: 'returned' }
    expect(await done(shop, 'refunds', refund)).toMatchObject({ type: 'refund', reason: 'returned' })
    const token = authorized.credit_card?.token ?? ''
    const credit = { amount: 5, currency: 'KZT', description: 'Prize', credit_card: { token } }
    expect(await done(shop, 'credits', credit)).toMatchObject({ type: 'credit', status: 'successful' })
  })
})

describe('what is no transaction', () => {
  it('has a path of its own, and its body as the result', async () => {
    const { client, clock, sandbox } = createCheckout()
    const balance = await clock.until(client.submit('balance', { currency: 'KZT' }).outcome())
    expect(balance).toMatchObject({ status: 'result', body: { status: 'successful', result: { currency: 'KZT' } } })
    const token = await clock.until(client.submit('credit_cards', { ...card, holder: 'JANE ROE' }).outcome())
    expect(token).toMatchObject({ status: 'result', body: { holder: 'JANE ROE', token: expect.any(String) } })
    expect([balance, token].some((outcome) => 'transaction' in outcome)).toBe(false)
    const posts = sandbox.requests().filter(({ operation }) => operation === 'submit')
    expect(posts.map(({ path }) => path)).toEqual(['/async/balance', '/async/credit_cards'])
  })
})

describe.each(['by-own-id', 'with-parent', 'nowhere'] as const)('a lost refund, listed %s', (childrenListed) => {
  const refund = { amount: 100, reason: 'returned' }

  /** A shop whose payment was refunded once already, by the same amount, so many milliseconds ago. */
  async function refundedOnce(agoMs: number) {
    const shop = createCheckout({}, { childrenListed, latencyMs: 0 })
    const paid = await done(shop, 'payments', order({ amount: 1000, tracking_id: 'order-17' }))
    const parent_uid = paid.uid ?? ''
    const first = await done(shop, 'refunds', { ...refund, parent_uid, duplicate_check: false })
    await shop.clock.advance(agoMs)
    return { ...shop, parent_uid, first }
  }

  it.each([0, 1000, 60_000])('is never an equal one made %i ms before it', async (agoMs) => {
    const { client, clock, sandbox, parent_uid, first } = await refundedOnce(agoMs)
    sandbox.fault({ on: 'submit', kind: 'drop-before', times: 3 })
    for (const tracking_id of [undefined, 'order-17']) {
      const request = { ...refund, parent_uid, ...(tracking_id && { tracking_id }), duplicate_check: false }
      const outcome: Outcome = await clock.until(client.submit('refunds', request).outcome())
      expect(outcome).not.toMatchObject({ transaction: { uid: first.uid } })
      if (tracking_id === undefined) {
        expect(outcome).toMatchObject({ status: 'error', error: { code: 'submit-lost', effect: 'unknown' } })
      }
      sandbox.fault({ on: 'submit', kind: 'drop-before', times: 3 })
    }
  })

  it('that was taken is found by a tracking id of its own, or said to be unknown', async () => {
    const { client, clock, sandbox, parent_uid } = await refundedOnce(60_000)
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    const outcome = await clock.until(client.submit('refunds', { ...refund, parent_uid }).outcome())
    expect(outcome).toMatchObject(
      childrenListed === 'by-own-id'
        ? { status: 'result', via: 'lookup', transaction: { parent_uid, amount: 100 } }
        : { status: 'error', error: { code: 'submit-lost', effect: 'unknown' } },
    )
  })

  it('that a server on the way refused was not certainly untaken, unless the gateway would list it', async () => {
    const { client, clock, sandbox, parent_uid } = await refundedOnce(60_000)
    sandbox.fault({ on: 'submit', kind: 'proxy-json', status: 404, taken: true, times: 3 })
    const outcome = await clock.until(client.submit('refunds', { ...refund, parent_uid }).outcome())
    if (childrenListed === 'by-own-id') expect(outcome).toMatchObject({ status: 'result', via: 'lookup' })
    else expect(outcome).toMatchObject({ status: 'error', error: { effect: 'unknown' } })
  })
})

it('another parent under the same requestKey is another refund', async () => {
  const { client, clock } = createCheckout()
  const task = client.submit('refunds', { parent_uid: 'uid-1', amount: 1, reason: 'r' }, { requestKey: 'key-1' })
  await clock.until(task.outcome())
  const other = { parent_uid: 'uid-2', amount: 1, reason: 'r' }
  expect(() => client.submit('refunds', other, { requestKey: 'key-1' })).toThrow(
    'parent_uid is not that of the payment',
  )
})

it('no webhook of an equal refund under the same order settles another', async () => {
  const hooks: Request[] = []
  const fetch = async (request: Request): Promise<Response> => {
    hooks.push(request)
    return new Response()
  }
  const shop = createCheckout({}, { latencyMs: 0, fetch })
  const { client, clock, sandbox } = shop
  const { uid: parent_uid = '' } = await done(shop, 'payments', order({ amount: 1000 }))
  const fields = { parent_uid, amount: 100, reason: 'r', tracking_id: 'order-17', duplicate_check: false }
  await done(shop, 'refunds', { ...fields, notification_url: 'https://shop.test/hook' })
  await expect.poll(() => hooks.length).toBe(1)
  const first = await verifyWebhook(hooks[0] as Request, { publicKey: await sandbox.publicKey() })
  sandbox.fault({ on: 'submit', kind: 'drop-before', times: 3 })
  const second = client.submit('refunds', fields)
  expect(second.deliver(first)).toBe(false)
  expect(await clock.until(second.outcome())).toMatchObject({ status: 'error', error: { effect: 'unknown' } })
})
