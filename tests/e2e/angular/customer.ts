/** A customer in a browser of their own, at an order of their own. */
import type { Browser, BrowserContext, Locator, Page } from 'playwright'
import { expect } from 'vitest'
import type { Shop } from '../../../examples/angular-checkout/server/start-shop.ts'

export const cards = {
  succeeds: '4200 0000 0000 0000',
  declined: '4005 5500 0000 0019',
  threeDSecure: '4012 0000 0000 1097',
  mistyped: '4200 0000 0000 0001',
}

export interface Customer {
  readonly orderId: string
  readonly page: Page
  /** What went wrong in the page itself. */
  readonly complaints: readonly string[]
  readonly payButton: Locator
  fill(number: string): Promise<void>
  pay(number: string): Promise<void>
  /** Waits for a screen. */
  shows(screen: string): Promise<void>
  /** Another tab, or with `browser` another browser, at the same order. */
  another(browser?: Browser): Promise<Customer>
  /** How often the gateway charged for the order. */
  charges(): number
  /** What the gateway says the order's transactions came to. */
  statuses(): string[]
  /** The requests for the order that reached the gateway. */
  requests(...operations: string[]): { readonly status?: number | undefined }[]
  /** How often the page asked for a charge. */
  sent(): number
  /** From now on only the page itself knows what it did: the shop cannot look the order up. */
  forgottenByTheShop(): void
  /** Waits until the gateway is asked. */
  wasAsked(operation: string): Promise<void>
  leave(): Promise<void>
}

let orders = 100

export async function createCustomer(browser: Browser, shop: Shop): Promise<Customer> {
  orders += 1
  const orderId = `${orders}`
  return customerAt(await browser.newContext(), shop, orderId)
}

async function customerAt(context: BrowserContext, shop: Shop, orderId: string): Promise<Customer> {
  const { sandbox, url } = shop
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', ({ message }) => complaints.push(message))
  page.on('console', (message) => {
    if (/content security policy|NG\d+/i.test(message.text())) complaints.push(message.text())
  })
  let sent = 0
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().includes('/pay/')) sent += 1
  })
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${url}/orders/${orderId}`)

  const payButton = page.getByRole('button', { name: /^Pay / })
  const customer: Customer = {
    orderId,
    page,
    complaints,
    payButton,
    async fill(number) {
      await page.getByLabel('Card number').fill(number)
      await page.getByLabel('Name on the card').fill('JANE ROE')
      await page.getByLabel('Expiry date').fill('05 / 35')
      await page.getByLabel('Security code').fill('123')
    },
    async pay(number) {
      await customer.fill(number)
      await payButton.click()
    },
    shows: (screen) => page.locator(`[data-screen="${screen}"]`).waitFor({ timeout: 20_000 }),
    async another(browser) {
      const other = await browser?.newContext()
      // The same customer, signed in there as well.
      await other?.addCookies(await context.cookies())
      return customerAt(other ?? context, shop, orderId)
    },
    charges: () => sandbox.charges(orderId),
    statuses: () => sandbox.transactions(orderId).map(({ status }) => `${status}`),
    requests: (...operations) =>
      sandbox.requests().filter((each) => operations.includes(each.operation) && each.trackingId === orderId),
    sent: () => sent,
    forgottenByTheShop() {
      sandbox.fault({ on: 'lookup', kind: 'http', status: 500, trackingId: orderId, times: 99 })
    },
    wasAsked: (operation) =>
      expect.poll(() => customer.requests(operation).length, { timeout: 10_000 }).toBeGreaterThan(0),
    leave: () => context.close(),
  }
  return customer
}
