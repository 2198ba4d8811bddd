/** The checkout in a tab, as its visitor uses it. */
import { expect, vi } from 'vitest'
import type { Tab } from './page-driver.ts'

export type Screen =
  | 'form'
  | 'loading'
  | 'working'
  | 'offline'
  | 'paid'
  | 'declined'
  | 'challenge'
  | 'unknown'
  | 'refused'
  /** Some other page. */
  | 'none'

export const cards = { good: '4200000000000000', declined: '4005550000000019' }

/** How long a screen may take to come, in milliseconds. */
const PATIENCE_MS = 25_000

/** Waits until `read` gives `expected`. Unlike `expect.poll` it may be used where tests run at the same time. */
export const until = (read: () => unknown, expected: unknown): Promise<void> =>
  vi.waitFor(async () => expect(await read()).toEqual(expected), { timeout: PATIENCE_MS, interval: 30 })

export class CheckoutPage {
  readonly tab: Tab

  constructor(tab: Tab) {
    this.tab = tab
  }

  screen(): Promise<Screen> {
    return this.tab.evaluate(
      `document.querySelector('[data-screen]')?.dataset.screen ?? (document.querySelector('.card-form') ? 'form' : 'none')`,
    )
  }

  async shows(screen: Screen): Promise<void> {
    // Between two documents there is no screen, not even that of another page.
    await until(() => this.screen().catch(() => undefined), screen)
  }

  /** Which step of the timeline is under way. */
  async isAt(step: string): Promise<void> {
    const current = `document.querySelector('[aria-current=step] .step')?.textContent`
    await until(() => this.tab.evaluate(current).catch(() => 'none'), step)
  }

  async choose(scenario: string): Promise<void> {
    await this.shows('form')
    const planned = `performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/scenario')).length`
    const before = await this.tab.evaluate<number>(planned)
    await this.tab.click(`input[value="${scenario}"]`)
    await until(() => this.tab.evaluate(planned), before + 1)
  }

  async fill(number: string): Promise<void> {
    await this.shows('form')
    for (const [name, text] of Object.entries({ number, expiry: '535', cvc: '123', holder: 'JANE ROE' })) {
      await this.tab.click(`[name=${name}]`)
      await this.tab.type(text)
    }
  }

  pay(): Promise<void> {
    return this.tab.click('.card-form button')
  }

  text(selector: string): Promise<string> {
    return this.tab.evaluate(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''`)
  }
}
