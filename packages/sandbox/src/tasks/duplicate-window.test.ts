import { expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { card, createShop, payment } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'

const checked = { duplicate_check: undefined }

function setUp() {
  const clock = createManualClock()
  const sandbox = createSandbox({ clock })
  return { clock, sandbox, shop: createShop(sandbox) }
}

it('refuses the same amount from the same card within 30 seconds, and charges once', async () => {
  const { clock, sandbox, shop } = setUp()
  expect((await shop.pay(checked)).status).toBe(200)
  clock.advance(29_999)
  const { status, body } = await shop.pay({ ...checked, tracking_id: 'another' })
  expect(status).toBe(422)
  const base = 'Duplicate transaction or order'
  expect(body).toEqual({ response: { message: `${base}.`, errors: { base } } })
  expect(sandbox.charges()).toBe(1)
  clock.advance(1)
  expect((await shop.pay(checked)).status).toBe(200)
})

it('begins anew with each request that is taken, not with those refused', async () => {
  const { clock, shop } = setUp()
  await shop.pay(checked)
  clock.advance(20_000)
  expect((await shop.pay(checked)).status).toBe(422)
  clock.advance(10_000)
  expect((await shop.pay(checked)).status).toBe(200)
  clock.advance(20_000)
  expect((await shop.pay(checked)).status).toBe(422)
})

it('lets another amount, another card, another shop and a request without the check pass', async () => {
  const { sandbox, shop } = setUp()
  await shop.pay(checked)
  expect((await shop.pay({ ...checked, amount: 3246 })).status).toBe(200)
  expect((await shop.pay({ ...checked, credit_card: card('5555555555554444') })).status).toBe(200)
  expect((await shop.pay({ duplicate_check: false })).status).toBe(200)
  expect((await createShop(sandbox, 'shop-2:secret-2').pay(checked)).status).toBe(200)
})

it('knows a saved card again', async () => {
  const { shop } = setUp()
  const first = await shop.pay({ credit_card: card('4200000000000000', { save_card: true }), amount: 1 })
  const { token } = (await shop.result(first.body.request_id)).body.transaction.credit_card
  await shop.pay(checked)
  expect((await shop.pay({ ...checked, credit_card: { token } })).status).toBe(422)
})

it('does not stand in the way of a repeat under the same RequestID', async () => {
  const { sandbox, shop } = setUp()
  await shop.pay(checked, { RequestID: 'r-1' })
  expect((await shop.pay(checked, { RequestID: 'r-1' })).status).toBe(200)
  expect(sandbox.charges()).toBe(1)
})

const recipient = { credit_card: undefined, recipient_credit_card: card('4200000000000000') }

it.each([
  ['payments', {}],
  ['authorizations', {}],
  ['payouts', recipient],
  ['checkups', {}],
])('compares %s', async (type, fields) => {
  const { shop } = setUp()
  const request = payment({ ...checked, ...fields })
  expect((await shop.submit(type, request)).status).toBe(200)
  expect((await shop.submit(type, request)).status).toBe(422)
  expect((await shop.submit(type, { ...request, duplicate_check: false })).status).toBe(200)
})

it.each([
  ['refunds', 'payments'],
  ['captures', 'authorizations'],
  ['voids', 'authorizations'],
])('compares %s of one parent: two honest equal ones in a row are refused too', async (type, parent) => {
  const { clock, shop } = setUp()
  const open = async () => (await shop.outcome(parent, payment())).body.transaction.uid
  const child = (parent_uid: string, amount: number) => shop.submit(type, { parent_uid, amount, reason: 'r' })
  const [uid, other] = [await open(), await open()]
  expect((await child(uid, 100)).status).toBe(200)
  expect((await child(uid, 100)).status).toBe(422)
  expect((await child(uid, 101)).status).toBe(200)
  expect((await child(other, 100)).status).toBe(200)
  clock.advance(30_000)
  expect((await child(uid, 100)).status).toBe(200)
})

it('keeps a checkup or a payout apart from the payment after it, and does not compare tokenizations', async () => {
  const { shop } = setUp()
  expect((await shop.submit('checkups', payment(checked))).status).toBe(200)
  expect((await shop.submit('payouts', payment({ ...checked, ...recipient }))).status).toBe(200)
  expect((await shop.pay(checked)).status).toBe(200)
  for (const _ of [1, 2]) expect((await shop.submit('tokenizations', payment(checked))).status).toBe(200)
})
