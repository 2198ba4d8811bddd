import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { card, createShop, origin, payment } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'

async function challenge(fields: object = {}, number = '4012000000001097') {
  const clock = createManualClock()
  const sandbox = createSandbox({ clock })
  const shop = createShop(sandbox)
  const ack = (await shop.pay({ credit_card: card(number), ...fields })).body
  const { transaction } = (await shop.result(ack.request_id)).body
  return { clock, sandbox, shop, ack, transaction, now: () => sandbox.transactions('order-17')[0] }
}

/** Does what a browser does with the page: finds the form and the button, and sends it. */
async function click(sandbox: ReturnType<typeof createSandbox>, url: string, label: string): Promise<Response> {
  const html = await (await sandbox.fetch(url)).text()
  expect(html).toContain('<form method="post">')
  const [, name = '', value = ''] =
    new RegExp(`<button type="submit" name="(\\w+)" value="(\\w+)">${label}<`).exec(html) ?? []
  return sandbox.fetch(url, { method: 'POST', body: new URLSearchParams({ [name]: value }) })
}

describe('3-D Secure', () => {
  it('leaves the transaction incomplete, with a page for the customer, and charges nothing yet', async () => {
    const { sandbox, transaction } = await challenge()
    expect(transaction).toMatchObject({ status: 'incomplete', message: null, code: null, paid_at: null })
    expect(transaction.redirect_url).toBe(`${origin}/process/${transaction.uid}`)
    expect(transaction.three_d_secure_verification).toEqual({ status: 'incomplete', pa_status: null, eci: null })
    expect(transaction.payment).toBeUndefined()
    expect(sandbox.charges('order-17')).toBe(0)
  })

  it('shows what is paid for, in words that cannot break the page', async () => {
    const { sandbox, transaction } = await challenge({
      description: '<script>alert(1)</script>',
      amount: 1500,
      currency: 'KWD',
    })
    const response = await sandbox.fetch(transaction.redirect_url)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const html = await response.text()
    expect(html).not.toContain('<script')
    expect(html).toContain('KWD 1.500')
    expect(html).toContain('•••• 1097')
  })

  it('confirmed: the transaction is successful and charged once, the result stays as it was', async () => {
    const { sandbox, shop, ack, transaction, now } = await challenge({ return_url: 'https://shop.test/back?order=17' })
    const response = await click(sandbox, transaction.redirect_url, 'Confirm')
    expect(response.status).toBe(303)
    const back = `https://shop.test/back?order=17&uid=${transaction.uid}&status=successful`
    expect(response.headers.get('location')).toBe(back)
    expect(now()).toMatchObject({
      status: 'successful',
      redirect_url: transaction.redirect_url,
      payment: { status: 'successful' },
      three_d_secure_verification: { status: 'successful', pa_status: 'Y', eci: '05' },
    })
    expect(sandbox.charges('order-17')).toBe(1)
    expect((await shop.result(ack.request_id)).body).toEqual({ transaction })
    expect((await shop.get(`/transactions/${transaction.uid}`)).body.transaction.status).toBe('successful')
  })

  it('cancelled: the transaction has failed and nothing is charged', async () => {
    const { sandbox, transaction, now } = await challenge()
    await click(sandbox, transaction.redirect_url, 'Cancel')
    expect(now()).toMatchObject({ status: 'failed', three_d_secure_verification: { status: 'failed', pa_status: 'N' } })
    expect(sandbox.charges('order-17')).toBe(0)
  })

  it('confirmed with the card that fails it: the transaction has failed and nothing is charged', async () => {
    const { sandbox, transaction, now } = await challenge({}, '4012000000001014')
    await click(sandbox, transaction.redirect_url, 'Confirm')
    expect(now()).toMatchObject({ status: 'failed', message: '3-D Secure authentication failed' })
    expect(sandbox.charges('order-17')).toBe(0)
  })

  it('without a return_url ends on a page that says how it went', async () => {
    const { sandbox, transaction } = await challenge()
    const response = await click(sandbox, transaction.redirect_url, 'Confirm')
    expect([response.status, response.headers.get('location')]).toEqual([303, transaction.redirect_url])
    expect(await (await sandbox.fetch(transaction.redirect_url)).text()).toContain('The payment is successful')
  })

  it('is decided once', async () => {
    const { sandbox, transaction, now } = await challenge()
    await click(sandbox, transaction.redirect_url, 'Confirm')
    const again = { method: 'POST', body: new URLSearchParams({ decision: 'cancel' }) }
    await sandbox.fetch(transaction.redirect_url, again)
    expect(now()?.status).toBe('successful')
    expect(sandbox.charges('order-17')).toBe(1)
  })

  it('takes nothing but a decision', async () => {
    const { sandbox, transaction, now } = await challenge()
    const response = await sandbox.fetch(transaction.redirect_url, { method: 'POST', body: 'decision=maybe' })
    expect(response.status).toBe(400)
    expect(now()?.status).toBe('incomplete')
    expect((await sandbox.fetch(`${origin}/process/none`)).status).toBe(404)
  })

  it('without a challenge is incomplete at first, and ends without the customer, by one webhook', async () => {
    const notification_url = 'https://shop.test/hook'
    const { clock, sandbox, transaction, now } = await challenge({ notification_url }, '4012000000001006')
    expect(transaction).toMatchObject({ status: 'incomplete', redirect_url: expect.any(String) })
    clock.advance(2999)
    expect([now()?.status, sandbox.charges('order-17'), sandbox.webhooks()]).toEqual(['incomplete', 0, []])
    clock.advance(1)
    expect([now()?.status, sandbox.charges('order-17')]).toEqual(['successful', 1])
    await expect.poll(() => sandbox.webhooks(), { interval: 1 }).toMatchObject([{ transactionStatus: 'successful' }])
  })

  it('is left out if the request says so', async () => {
    const skip = { skip_three_d_secure_verification: true }
    const { transaction } = await challenge({ credit_card: card('4012000000001097', skip) })
    expect(transaction).toMatchObject({ status: 'successful' })
    expect(transaction.three_d_secure_verification).toBeUndefined()
  })

  it('is not asked for in payouts and tokenizations', async () => {
    const shop = createShop(createSandbox())
    const recipient = payment({ credit_card: undefined, recipient_credit_card: { number: '4012000000001097' } })
    expect((await shop.outcome('payouts', recipient)).body.transaction.status).toBe('successful')
    const tokenization = await shop.outcome('tokenizations', { credit_card: card('4012000000001097') })
    expect(tokenization.body.transaction.status).toBe('successful')
  })

  it('expires at expired_at, and not before', async () => {
    const { clock, sandbox, transaction, now } = await challenge({ expired_at: '2026-01-15T13:00:00+00:00' })
    clock.advance(60 * 60 * 1000 - 1)
    expect(now()?.status).toBe('incomplete')
    clock.advance(1)
    expect(now()).toMatchObject({ status: 'expired', expired_at: '2026-01-15T13:00:00+00:00' })
    await sandbox.fetch(transaction.redirect_url, {
      method: 'POST',
      body: new URLSearchParams({ decision: 'confirm' }),
    })
    expect([now()?.status, sandbox.charges('order-17')]).toEqual(['expired', 0])
  })
})

it('every transaction has a receipt that opens', async () => {
  const sandbox = createSandbox()
  const { body } = await createShop(sandbox).outcome('payments', payment({ return_url: 'https://shop.test/' }))
  const response = await sandbox.fetch(body.transaction.receipt_url)
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('The payment is successful')
  expect((await sandbox.fetch(`${origin}/receipts/none`)).status).toBe(404)
})
