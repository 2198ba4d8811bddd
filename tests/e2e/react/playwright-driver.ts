/** Chromium and Firefox, by playwright. */
import process from 'node:process'
import { type Browser, chromium as chromiumType, firefox as firefoxType, type Page } from 'playwright'
import { chromium } from '../../browsers/chromium.ts'
import type { PageDriver, Tab, Visitor } from './page-driver.ts'

export const startChromium = async (): Promise<PageDriver> => drive(await chromiumType.launch(await chromium()))

export const startFirefox = async (): Promise<PageDriver> =>
  drive(
    await firefoxType.launch({
      channel: 'moz-firefox',
      executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    }),
  )

const drive = (browser: Browser): PageDriver => ({
  close: () => browser.close(),
  async visitor(): Promise<Visitor> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    context.setDefaultTimeout(15_000)
    return {
      async open(url) {
        const page = await context.newPage()
        await page.goto(url)
        return tabOf(page)
      },
      close: () => context.close(),
    }
  },
})

const tabOf = (page: Page): Tab => ({
  async goto(url) {
    await page.goto(url)
  },
  async reload() {
    await page.reload()
  },
  // Not by playwright, which waits for a `load` that a page out of the back-forward cache does not have.
  back: () => page.evaluate('void setTimeout(() => history.back())'),
  forward: () => page.evaluate('void setTimeout(() => history.forward())'),
  close: () => page.close(),
  click: (selector) => page.locator(selector).first().click(),
  doubleClick: (selector) => page.locator(selector).first().dblclick(),
  type: (text) => page.keyboard.type(text),
  evaluate: (expression) => page.evaluate(expression),
  offline: (offline) => page.context().setOffline(offline),
  resize: (width, height) => page.setViewportSize({ width, height }),
  screenshot: () => page.screenshot({ fullPage: true }),
})
