/** The checkout of examples/react-checkout, in whole browsers, over the token proxy and real sockets. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cases } from './cases.ts'
import { CheckoutPage } from './checkout-page.ts'
import { driven, type PageDriver } from './page-driver.ts'
import { openShop, type TestShop } from './shop.ts'

const modes = ['production', 'development', 'simulated'] as const

const shops = new Map<string, TestShop>()
beforeAll(async () => {
  for (const mode of modes) shops.set(mode, await openShop(mode))
}, 120_000)
afterAll(async () => {
  for (const shop of shops.values()) await shop.close()
})

describe.each(driven)('in %s', (_, start) => {
  let browser: PageDriver
  beforeAll(async () => {
    browser = await start()
  }, 60_000)
  afterAll(() => browser?.close())

  for (const { title, page = 'production', charges = 1, tabs, play } of cases)
    it.concurrent(`the checkout ${title}`, async () => {
      const shop = shops.get(page) as TestShop
      const [visitor, { id, url }] = [await browser.visitor(tabs), await shop.newOrder()]
      try {
        const open = async () => new CheckoutPage(await visitor.open(url))
        await play({ shop, visitor, id, url, open })
        expect(shop.sandbox.charges(id)).toBe(charges)
      } finally {
        await visitor.close()
      }
    }, 120_000)
})
