import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createShop, payment } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'
import type { SandboxOptions } from '../sandbox.ts'

const minimal = { status: 'successful', amount: 3245, currency: 'KZT' }
const tried = { ...minimal, tracking_id: 'order-17' }

function setUp(options: SandboxOptions = {}) {
  const clock = createManualClock()
  const sandbox = createSandbox({ clock, seed: 1, ...options })
  const shop = createShop(sandbox)
  const listed = async (by = shop) => (await by.get('/v2/transactions/tracking_id/order-17')).body.transactions
  return { clock, sandbox, shop, listed }
}

describe('an added transaction', () => {
  it('is in lookups by uid and tracking id as a whole transaction, and among the transactions', async () => {
    const { sandbox, shop, listed } = setUp()
    const added = sandbox.addTransaction(tried)
    expect(added).toMatchObject({
      ...tried,
      uid: expect.stringMatching(/^\d{8}-[0-9a-f]{10}$/),
      type: 'payment',
      code: 'S.0000',
      created_at: '2026-01-15T12:00:00.000Z',
      updated_at: '2026-01-15T12:00:00.000Z',
      paid_at: '2026-01-15T12:00:00.000Z',
      redirect_url: null,
      receipt_url: null,
      credit_card: { last_4: '0000' },
      payment: { status: 'successful', rrn: expect.any(String) },
    })
    expect(await listed()).toEqual([added])
    expect((await shop.get(`/transactions/${added.uid}`)).body).toEqual({ transaction: added })
    expect(sandbox.transactions('order-17')).toEqual([added])
  })

  it('counts in charges() only if it is charged', () => {
    const { sandbox } = setUp()
    sandbox.addTransaction(tried)
    expect(sandbox.charges('order-17')).toBe(0)
    sandbox.addTransaction({ ...tried, charged: true })
    sandbox.addTransaction({ ...tried, status: 'incomplete', charged: true })
    expect([sandbox.charges('order-17'), sandbox.charges()]).toEqual([2, 2])
  })

  it('stands before or after the payment of the same order, by its created_at', async () => {
    const { sandbox, shop, listed } = setUp()
    await shop.pay()
    sandbox.addTransaction({ ...tried, status: 'failed', created_at: '2026-01-15T11:00:00Z' })
    sandbox.addTransaction({ ...tried, status: 'incomplete', created_at: '2026-01-15T18:00:00+05:00' })
    const entries = (await listed()).map((each: { status: string; created_at: string }) => [
      each.status,
      each.created_at,
    ])
    expect(entries).toEqual([
      ['incomplete', '2026-01-15T13:00:00.000Z'],
      ['successful', '2026-01-15T12:00:00.000Z'],
      ['failed', '2026-01-15T11:00:00.000Z'],
    ])
    expect(sandbox.charges('order-17')).toBe(1)
  })

  it('has the fields it is given: type, uid, updated_at, parent, and any other', async () => {
    const { sandbox } = setUp()
    const fields = {
      type: 'chargeback',
      uid: 'uid-1',
      updated_at: '2026-01-15T12:00:09Z',
      parent_uid: 'uid-0',
      description: 'x',
      credit_card: { last_4: '1111' },
    }
    expect(sandbox.addTransaction({ ...minimal, ...fields })).toMatchObject({
      ...minimal,
      ...fields,
      updated_at: '2026-01-15T12:00:09.000Z',
      chargeback: { status: 'successful' },
    })
  })

  it.each([
    ['failed', 'F.0100', null],
    ['expired', 'F.0949', null],
    ['incomplete', null, null],
    ['pending', null, null],
  ])('%s has the words of its status', (status, code, paid_at) => {
    const added = setUp().sandbox.addTransaction({ ...tried, status })
    expect(added).toMatchObject({ status, code, paid_at, redirect_url: null })
    expect(added.payment !== undefined).toBe(status === 'failed')
  })

  it('belongs to every shop, to the shop of the sandbox, or to the given one', async () => {
    const open = setUp()
    const other = createShop(open.sandbox, 'shop-2:secret-2')
    open.sandbox.addTransaction(tried)
    expect([await open.listed(), await open.listed(other)].map((each) => each.length)).toEqual([1, 1])
    open.sandbox.addTransaction({ ...tried, credentials: { shopId: 'shop-2', secretKey: 'x' } })
    expect([await open.listed(), await open.listed(other)].map((each) => each.length)).toEqual([1, 2])
    const own = setUp({ credentials: { shopId: 'shop-1', secretKey: 'secret-1' } })
    own.sandbox.addTransaction(tried)
    expect(await own.listed()).toHaveLength(1)
  })

  it('can be refunded, and a refund of it that is added leaves less to refund', async () => {
    const { sandbox, shop } = setUp()
    const { uid } = sandbox.addTransaction(tried)
    sandbox.addTransaction({ ...minimal, type: 'refund', amount: 3000, parent_uid: uid })
    const refund = (amount: number) => shop.outcome('refunds', { parent_uid: uid, amount, reason: 'r' })
    expect((await refund(246)).status).toBe(422)
    expect((await refund(245)).body.transaction).toMatchObject({ status: 'successful', currency: 'KZT' })
    expect(sandbox.charges()).toBe(1)
  })

  it('can be corrected, which sends its webhook, and stays uncounted', async () => {
    const received: Request[] = []
    const { sandbox } = setUp({
      credentials: { shopId: 361, secretKey: 'key' },
      async fetch(request) {
        received.push(request)
        return new Response(null, { status: 204 })
      },
    })
    const { uid } = sandbox.addTransaction({ ...tried, status: 'failed', notification_url: 'https://shop.test/hook' })
    sandbox.correct(uid, { status: 'successful' })
    await expect.poll(() => received.length, { interval: 1 }).toBe(1)
    expect(received[0]?.headers.get('authorization')).toBe(`Basic ${btoa('361:key')}`)
    expect(sandbox.charges()).toBe(0)
  })

  it('shows after the lag from its updated_at, or at once without one', async () => {
    const lagging = setUp({ lookupLagMs: 3000 })
    lagging.sandbox.addTransaction(tried)
    lagging.sandbox.addTransaction({ ...tried, created_at: '2026-01-15T11:59:57Z' })
    lagging.sandbox.addTransaction({ ...tried, created_at: '2027-01-01T00:00:00Z' })
    expect(await lagging.listed()).toHaveLength(1)
    lagging.clock.advance(3000)
    expect(await lagging.listed()).toHaveLength(3)
    const current = setUp()
    current.sandbox.addTransaction({ ...tried, created_at: '2027-01-01T00:00:00Z' })
    expect(await current.listed()).toHaveLength(1)
  })

  it('changes no id of the payments of a seed, and has a receipt', async () => {
    const uidOf = async (prepare: (sandbox: ReturnType<typeof createSandbox>) => void) => {
      const { sandbox, shop } = setUp()
      prepare(sandbox)
      return (await shop.outcome('payments', payment())).body.transaction.uid
    }
    expect(await uidOf((sandbox) => sandbox.addTransaction(tried))).toBe(await uidOf(() => {}))
    const { sandbox } = setUp({ baseUrl: 'https://gateway.test' })
    const { uid, receipt_url } = sandbox.addTransaction({ ...tried, status: 'pending' })
    expect(receipt_url).toBe(`https://gateway.test/receipts/${uid}`)
    expect(await (await sandbox.fetch(String(receipt_url))).text()).toContain('The payment is pending')
  })
})

it.each([
  [null, 'A transaction is an object'],
  [{ amount: 1, currency: 'KZT' }, 'status takes a text that is not empty'],
  [{ ...minimal, amount: -1 }, 'amount takes a whole number of minor units, 0 or more'],
  [{ status: 'failed', currency: 'KZT' }, 'amount takes a whole number'],
  [{ ...minimal, currency: 'kzt' }, 'currency takes three capital letters'],
  [{ ...minimal, tracking_id: 17 }, 'tracking_id takes a text that is not empty, or null'],
  [{ ...minimal, trackingId: 'x' }, 'trackingId is no field of a transaction: they are in snake_case'],
  [{ ...minimal, created_at: 'yesterday' }, 'created_at takes an ISO 8601 date and time'],
  [{ ...minimal, created_at: 1 }, 'created_at takes an ISO 8601 date and time'],
  [{ ...minimal, charged: 1 }, 'charged takes true or false'],
  [{ ...minimal, credentials: { shopId: '1' } }, 'credentials takes { shopId, secretKey }'],
  [{ ...minimal, notification_url: '/hook' }, 'notification_url takes an absolute URL'],
  [{ ...minimal, notification_url: 'https://shop.test/' }, 'notification_url goes with credentials'],
])('%o is refused', (transaction, message) => {
  const { sandbox } = setUp()
  expect(() => sandbox.addTransaction(transaction as never)).toThrow(TypeError)
  expect(() => sandbox.addTransaction(transaction as never)).toThrow(message)
  expect(sandbox.transactions()).toEqual([])
})

it('the uid of another transaction is refused', () => {
  const { sandbox } = setUp()
  const { uid } = sandbox.addTransaction(tried)
  expect(() => sandbox.addTransaction({ ...tried, uid })).toThrow('uid is that of another transaction')
})
