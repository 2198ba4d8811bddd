/**
 * Every screen of the checkout, on phone and desktop, light and dark: axe finds nothing on it, nothing is wider than the
 * window, and a picture of it is left in `screenshots/` for somebody to look at.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CheckoutPage, type Screen, until } from './checkout-page.ts'
import { driven, type PageDriver } from './page-driver.ts'
import { openShop, type TestShop } from './shop.ts'

const pictures = join(import.meta.dirname, '../../../screenshots')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const sizes = { desktop: [1280, 900], phone: [390, 844] } as const

interface Scene {
  readonly name: string
  readonly screen: Screen
  readonly reach: (page: CheckoutPage, shop: TestShop, id: string) => Promise<void>
}

const paying =
  (scenario: string) =>
  async (page: CheckoutPage): Promise<void> => {
    await page.choose(scenario)
    await page.pay()
  }

const scenes: readonly Scene[] = [
  { name: 'form', screen: 'form', reach: async () => {} },
  {
    name: 'complaints',
    screen: 'form',
    async reach(page) {
      await page.fill('4200000000000001')
      await page.tab.evaluate(`document.querySelector('[name=expiry]').select()`)
      await page.tab.click('[name=holder]')
      await page.pay()
    },
  },
  {
    name: 'working',
    screen: 'working',
    reach: async (page) => {
      // Of two hundred payments that took about ten seconds: enough to draw how far this one is.
      const learned = `JSON.stringify({ v: 1, doubt: 0, counts: Array.from({ length: 149 }, (_, bin) => bin === 43 ? 200 : 0) })`
      await page.tab.evaluate(`localStorage.setItem('async-transaction-schedule:payments', ${learned})`)
      await paying('slow')(page)
      await page.isAt('Processing')
      await until(() => page.tab.evaluate(`document.querySelectorAll('[role=progressbar]').length`), 1)
    },
  },
  {
    name: 'offline',
    screen: 'offline',
    async reach(page) {
      await page.choose('pay')
      await page.tab.offline(true)
      await page.pay()
    },
  },
  { name: 'paid', screen: 'paid', reach: paying('pay') },
  { name: 'declined', screen: 'declined', reach: paying('decline') },
  { name: 'challenge', screen: 'challenge', reach: paying('3ds') },
  { name: 'unknown', screen: 'unknown', reach: paying('expire') },
  {
    name: 'refused',
    screen: 'refused',
    async reach(page, shop, id) {
      const body = { response: { message: 'The shop does not take cards of this bank.', errors: {} } }
      await page.choose('pay')
      shop.sandbox.fault({ on: 'submit', kind: 'http', status: 422, body, trackingId: id })
      await page.pay()
    },
  },
  { name: 'no-order', screen: 'none', reach: (page, shop) => page.tab.goto(`${shop.url}/orders/none`) },
]

let shop: TestShop
beforeAll(async () => {
  mkdirSync(pictures, { recursive: true })
  shop = await openShop('production')
}, 60_000)
afterAll(() => shop?.close())

describe.each(driven)('in %s', (name, start) => {
  let browser: PageDriver
  beforeAll(async () => {
    browser = await start()
  }, 60_000)
  afterAll(() => browser?.close())

  it.concurrent.each(scenes)(
    'the screen "$name" is for everybody',
    async ({ name: scene, screen, reach }) => {
      const visitor = await browser.visitor()
      try {
        const { id, url } = await shop.newOrder()
        const page = new CheckoutPage(await visitor.open(url))
        await page.shows('form')
        await reach(page, shop, id)
        await page.shows(screen)
        // Not as a script element: the page's Content-Security-Policy takes none.
        await page.tab.evaluate(`void (() => { ${axe} })()`)
        for (const [device, [width, height]] of Object.entries(sizes)) {
          await page.tab.resize(width, height)
          for (const scheme of ['light', 'dark']) {
            const where = `${name}-${scene}-${device}-${scheme}`
            await page.tab.evaluate(`void (document.documentElement.style.colorScheme = '${scheme}')`)
            writeFileSync(join(pictures, `${where}.png`), await page.tab.screenshot())
            expect(await page.tab.evaluate(violations), where).toEqual([])
            expect(
              await page.tab.evaluate('document.documentElement.scrollWidth - innerWidth'),
              where,
            ).toBeLessThanOrEqual(0)
          }
        }
      } finally {
        await visitor.close()
      }
    },
    120_000,
  )
})

/** In the page: what axe has to say, as far as it is sure. */
const violations = `axe.run().then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ': ' + target)))`

const chromium = driven.filter(([name]) => name === 'chromium')

describe.each(chromium)('in %s, which measures it', (_, start) => {
  let animated: TestShop
  beforeAll(async () => {
    animated = await openShop('production', { animated: true })
  }, 60_000)
  afterAll(() => animated?.close())

  it.each([
    ['decline', 'declined'],
    ['slow', 'paid'],
    ['expire', 'unknown'],
  ] as const)('nothing on the page moves: %s', async (scenario, screen) => {
    const browser = await start()
    try {
      const { id, url } = await animated.newOrder()
      const page = new CheckoutPage(await (await browser.visitor()).open(url))
      await page.shows('form')
      await page.tab.evaluate(`void new PerformanceObserver((list) => {
        globalThis.moved = (globalThis.moved ?? 0) + list.getEntries().reduce((sum, { value }) => sum + value, 0)
      }).observe({ type: 'layout-shift', buffered: true })`)
      await page.choose(scenario)
      await page.pay()
      if (scenario === 'slow') await page.isAt('Processing')
      if (scenario === 'slow') animated.scenarios.end(id)
      await page.shows(screen)
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(await page.tab.evaluate('globalThis.moved ?? 0')).toBeLessThan(0.005)
    } finally {
      await browser.close()
    }
  })
})
