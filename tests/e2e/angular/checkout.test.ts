/** The Angular example, built and served as a user gets it, paid in by customers in Chromium. */
import type { Browser } from 'playwright'
import { afterAll, it as base, beforeAll, describe, expect, vi } from 'vitest'
import { buildPage } from '../../../examples/angular-checkout/server/build-page.ts'
import { type Shop, startShop } from '../../../examples/angular-checkout/server/start-shop.ts'
import { type Customer, cards, createCustomer } from './customer.ts'
import { flawsOf, launchChromium } from './page-harness.ts'

// Payments take real seconds here, and several are made at once.
vi.setConfig({ testTimeout: 60_000 })

let browser: Browser
let shop: Shop

beforeAll(async () => {
  const [page, launched] = await Promise.all([buildPage(), launchChromium()])
  browser = launched
  shop = await startShop({ page, latencyMs: 600 })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await shop?.close()
})

const it = base.extend<{ customer: Customer }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures it needs from here
  customer: async ({}, use) => {
    const customer = await createCustomer(browser, shop)
    await use(customer)
    await customer.leave()
    expect(customer.complaints).toEqual([])
  },
})

const SEEN = ['submit', 'status', 'result']

describe.concurrent('the page pays', () => {
  it('once, and shows that it did, also after a reload', async ({ customer }) => {
    const { page } = customer
    await customer.shows('form')
    expect(await flawsOf(page, 'form')).toEqual([])
    const takeBack = shop.sandbox.fault({
      on: 'status',
      kind: 'throttle',
      retryAfter: 1,
      trackingId: customer.orderId,
      times: 99,
    })
    await customer.pay(cards.succeeds)
    await customer.shows('processing')
    await expect
      .poll(() => page.getByRole('progressbar').getAttribute('value').then(Number), { timeout: 10_000 })
      .toBeGreaterThan(0.1)
    expect(await flawsOf(page, 'processing')).toEqual([])
    takeBack()
    await customer.shows('paid')
    expect(customer.charges()).toBe(1)
    expect(await flawsOf(page, 'paid')).toEqual([])

    const before = customer.requests(...SEEN).length
    await page.reload()
    await customer.shows('paid')
    expect(customer.requests(...SEEN)).toHaveLength(before)
    expect(customer.charges()).toBe(1)
  })

  it('not when the card is declined, and then with another card', async ({ customer }) => {
    const { page } = customer
    await customer.pay(cards.declined)
    await customer.shows('declined')
    expect(customer.statuses()).toEqual(['failed'])
    expect(await flawsOf(page, 'declined')).toEqual([])

    await page.getByRole('button', { name: 'Try another card' }).click()
    await customer.pay(cards.succeeds)
    await customer.shows('paid')
    expect(customer.statuses()).toEqual(['failed', 'successful'])
    await page.reload()
    await customer.shows('paid')
  })

  it('not with a number that the gateway refuses, and then with the right one', async ({ customer }) => {
    const { page, orderId: trackingId } = customer
    const body = { response: { message: 'The shop does not take this card.', errors: {} } }
    shop.sandbox.fault({ on: 'submit', kind: 'http', status: 422, body, trackingId })
    await customer.pay(cards.succeeds)
    await customer.shows('refused')
    expect(customer.charges()).toBe(0)
    expect(await flawsOf(page, 'refused')).toEqual([])

    await page.getByRole('button', { name: 'Try again' }).click()
    await customer.pay(cards.succeeds)
    await customer.shows('paid')
    expect(customer.charges()).toBe(1)
  })

  it('nothing with a mistyped number, which is said in words; what is typed is grouped', async ({ customer }) => {
    const { page } = customer
    await customer.fill(cards.mistyped)
    await page.getByLabel('Expiry date').fill('1/31')
    await customer.payButton.click()
    expect(await page.locator('.field-error').allTextContents()).toEqual(['A digit is wrong: compare with your card.'])
    expect(await page.getByLabel('Expiry date').inputValue()).toBe('01 / 31')
    await page.getByLabel('Card number').fill('4200000000000000')
    expect(await page.getByLabel('Card number').inputValue()).toBe('4200 0000 0000 0000')
    await customer.payButton.click()
    await customer.shows('paid')
    expect(customer.sent()).toBe(1)
  })

  it('also by the other name of this machine', async ({ customer }) => {
    const { page } = customer
    // An order is of the session that opened it, and that of the other name: another one.
    await page.goto(`${shop.url.replace('127.0.0.1', 'localhost')}/orders/9${customer.orderId}`)
    await customer.pay(cards.succeeds)
    await customer.shows('paid')
  })

  it('nothing before the form is filled in: the first mistake is shown and focused', async ({ customer }) => {
    const { page } = customer
    await customer.payButton.click()
    await expect.poll(() => page.getByLabel('Card number').getAttribute('aria-invalid')).toBe('true')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('number')
    expect(await flawsOf(page, 'form-invalid')).toEqual([])
    expect(customer.requests('submit')).toEqual([])
  })
})

describe.concurrent('one order is one charge', () => {
  it('when Pay is clicked twice', async ({ customer }) => {
    await customer.fill(cards.succeeds)
    await clickTwice(customer)
    await customer.shows('paid')
    expect(customer.sent()).toBe(1)
    expect(customer.requests('submit')).toHaveLength(1)
    expect(customer.charges()).toBe(1)
  })

  it('when Pay is clicked twice after a decline', async ({ customer }) => {
    await customer.pay(cards.declined)
    await customer.shows('declined')
    await customer.page.getByRole('button', { name: 'Try another card' }).click()
    await customer.fill(cards.succeeds)
    await clickTwice(customer)
    await customer.shows('paid')
    expect(customer.sent()).toBe(2)
    expect(customer.requests('submit')).toHaveLength(2)
    expect(customer.statuses()).toEqual(['failed', 'successful'])
  })

  it('when the answer to it is lost on the way to the page', async ({ customer }) => {
    let sent = 0
    await customer.page.route('**/pay/async/transactions/**', async (route) => {
      sent += 1
      if (sent > 1) return route.continue()
      await route.fetch()
      await route.abort('connectionreset')
    })
    await customer.pay(cards.succeeds)
    await customer.shows('paid')
    expect(sent).toBe(2)
    expect(customer.charges()).toBe(1)
  })

  it('when it is paid in two tabs', async ({ customer }) => {
    const other = await customer.another()
    await other.shows('form')
    await Promise.all([customer.pay(cards.succeeds), other.pay(cards.succeeds)])
    await customer.shows('paid')
    await other.shows('paid')
    expect(customer.charges()).toBe(1)
  })

  it('when another browser comes to an order that is paid', async ({ customer }) => {
    await customer.pay(cards.succeeds)
    await customer.shows('paid')
    const other = await customer.another(browser)
    await other.shows('paid')
    await other.leave()
    expect(customer.charges()).toBe(1)
  })
})

describe.concurrent('the page may be left', () => {
  it('by a reload in the middle', async ({ customer }) => {
    shop.sandbox.fault({ on: 'status', kind: 'delay', ms: 1500, trackingId: customer.orderId })
    await customer.pay(cards.succeeds)
    await customer.wasAsked('status')
    customer.forgottenByTheShop()
    await customer.page.reload()
    await customer.shows('paid')
    expect(customer.requests('submit')).toHaveLength(1)
    expect(customer.charges()).toBe(1)
  })

  it('by a reload while the payment is being sent', async ({ customer }) => {
    shop.sandbox.fault({ on: 'submit', kind: 'delay', ms: 1500, trackingId: customer.orderId })
    await customer.pay(cards.succeeds)
    await customer.wasAsked('submit')
    await customer.page.reload()
    await customer.shows('paid')
    expect(customer.charges()).toBe(1)
  })

  it('while the result is read: it is there when one comes back', async ({ customer }) => {
    shop.sandbox.fault({ on: 'result', kind: 'delay', ms: 1500, trackingId: customer.orderId })
    await customer.pay(cards.succeeds)
    await customer.wasAsked('result')
    customer.forgottenByTheShop()
    await customer.page.goto('about:blank')
    await expect.poll(() => customer.requests('result')[0]?.status, { timeout: 5000 }).toBe(200)
    await customer.page.goBack()
    await customer.shows('paid')
    expect(customer.requests('result')).toHaveLength(1)
    expect(customer.charges()).toBe(1)
  })

  it('while an error is read that the gateway tells once: it is there when one comes back', async ({ customer }) => {
    shop.sandbox.fault({ on: 'submit', kind: 'error', trackingId: customer.orderId })
    shop.sandbox.fault({ on: 'status', kind: 'delay', ms: 3000, trackingId: customer.orderId, nth: 1 })
    await customer.pay(cards.succeeds)
    await customer.wasAsked('status')
    await customer.page.goto('about:blank')
    await expect.poll(() => customer.requests('status')[0]?.status, { timeout: 5000 }).toBe(500)
    await customer.page.goBack()
    await customer.shows('error')
    // Told once, and confirmed by what is asked next.
    expect(customer.requests('status', 'result').map(({ status }) => status)).toEqual([500, 404])
    expect(customer.charges()).toBe(0)
  })
})

describe.concurrent('3-D Secure', () => {
  it('confirmed, the customer comes back to an order that is paid', async ({ customer }) => {
    const { page, orderId } = customer
    await customer.pay(cards.threeDSecure)
    await customer.shows('confirm')
    expect(customer.charges()).toBe(0)
    expect(await flawsOf(page, 'confirm')).toEqual([])
    // Back without having decided.
    await page.goto(`${page.url()}?uid=1`)
    await customer.shows('confirm')
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Waiting for your bank')
    expect(await flawsOf(page, 'confirm-waiting')).toEqual([])
    await page.getByRole('link', { name: 'Go to your bank' }).click()
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.waitForURL(`${shop.url}/orders/${orderId}?**`)
    await customer.shows('paid')
    expect(customer.charges()).toBe(1)
  })

  it('cancelled, it is declined, and may be paid with another card', async ({ customer }) => {
    const { page } = customer
    await customer.pay(cards.threeDSecure)
    await page.getByRole('link', { name: 'Go to your bank' }).click()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await customer.shows('declined')
    expect(customer.charges()).toBe(0)
    await page.getByRole('button', { name: 'Try another card' }).click()
    await customer.pay(cards.succeeds)
    await customer.shows('paid')
    expect(customer.charges()).toBe(1)
  })
})

describe.concurrent('what is not known is not called a failure', () => {
  it('an error that is told once is shown, again after a reload, and nobody is asked to pay again', async ({
    customer,
  }) => {
    const { page } = customer
    shop.sandbox.fault({ on: 'submit', kind: 'error', trackingId: customer.orderId })
    await customer.pay(cards.succeeds)
    await customer.shows('error')
    expect(await flawsOf(page, 'error')).toEqual([])
    const before = customer.requests(...SEEN).length
    await page.reload()
    await customer.shows('error')
    expect(customer.requests(...SEEN)).toHaveLength(before)
    expect(await page.getByRole('button').count()).toBe(0)
    expect(customer.charges()).toBe(0)
  })

  it('a payment that the gateway forgot is unknown, and stays so when nothing is found', async ({ customer }) => {
    const { page } = customer
    shop.sandbox.fault({ on: 'submit', kind: 'forget', trackingId: customer.orderId })
    await customer.pay(cards.succeeds)
    await customer.shows('unknown')
    expect(await flawsOf(page, 'unknown')).toEqual([])
    await page.getByRole('button', { name: 'Check again' }).click()
    await page.getByText('Still nothing is known.').waitFor()
    await customer.shows('unknown')
    expect(await customer.payButton.count()).toBe(0)
    expect(customer.charges()).toBe(0)
  })

  it('one that it forgot and finds again is paid', async ({ customer }) => {
    const { page, orderId } = customer
    await customer.shows('form')
    shop.sandbox.fault({ on: 'submit', kind: 'forget', charged: true, trackingId: orderId })
    // The first one asks whether there is an attempt already.
    const takeBack = shop.sandbox.fault({
      on: 'lookup',
      kind: 'http',
      status: 500,
      trackingId: orderId,
      nth: 2,
      times: 99,
    })
    await customer.pay(cards.succeeds)
    await customer.shows('unknown')
    takeBack()
    await page.getByRole('button', { name: 'Check again' }).click()
    await customer.shows('paid')
    expect(customer.charges()).toBe(1)
  })

  it('a shop that does not answer is no reason to charge', async ({ customer }) => {
    const { page } = customer
    await page.route('**/api/orders/**', (route) => route.abort())
    await page.reload()
    await customer.shows('unavailable')
    expect(await flawsOf(page, 'unavailable')).toEqual([])
    expect(customer.requests('submit')).toEqual([])
  })
})

/** Faster than the page can answer. */
const clickTwice = ({ payButton }: Customer): Promise<void> =>
  payButton.evaluate((button: HTMLElement) => {
    button.click()
    button.click()
  })
