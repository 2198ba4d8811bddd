/** A Chromium for tests of whole pages, what a screen is checked for, and pictures of it. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, type Page, chromium as playwright } from 'playwright'
import { chromium } from '../../browsers/chromium.ts'

export const launchChromium = async (): Promise<Browser> => playwright.launch(await chromium())

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core finds on the page, in one line each. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: { run(): Promise<AxeResult> } }).axe.run()
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
  })
}

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly target: string[] }[] }[]
}

const looks = [
  { name: 'phone', width: 390, height: 844, colorScheme: 'light' },
  { name: 'phone-dark', width: 390, height: 844, colorScheme: 'dark' },
  { name: 'desktop', width: 1280, height: 800, colorScheme: 'light' },
  { name: 'desktop-dark', width: 1280, height: 800, colorScheme: 'dark' },
] as const

/**
 * What is wrong with the screen that the page shows, at each width and in each colour scheme: what axe-core finds, and
 * whether one has to scroll sideways. Leaves pictures of it in `screenshots/`.
 */
export async function flawsOf(page: Page, screen: string): Promise<string[]> {
  const flaws: string[] = []
  for (const { name, width, height, colorScheme } of looks) {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const overflows = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    )
    if (overflows) flaws.push(`${name}: wider than the window`)
    for (const finding of await findings(page)) flaws.push(`${name}: ${finding}`)
    await page.screenshot({ path: join(pictures, `${screen}-${name}.png`), fullPage: true })
    const shown = await page.locator('[data-screen]').getAttribute('data-screen')
    if (!shown || !screen.startsWith(shown)) flaws.push(`${name}: this is the screen ${shown}`)
  }
  return flaws
}

const pictures = join(import.meta.dirname, '../../../screenshots/angular-checkout')
