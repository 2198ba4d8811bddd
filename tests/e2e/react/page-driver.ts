/** A browser with whole pages in it: what the cases of the checkout need of one. */
import { browsers } from '../../browsers/projects.ts'
import { startChromium, startFirefox } from './playwright-driver.ts'
import { startWebKit } from './webdriver-driver.ts'

export interface PageDriver {
  /**
   * Somebody with a profile of their own: nothing is stored, no tab is open. `tabs`: who opens more than one; where the
   * browser opens no second window under automation, frames of one origin stand for tabs, and can be clicked and closed.
   */
  visitor(tabs?: boolean): Promise<Visitor>
  close(): Promise<void>
}

export interface Visitor {
  open(url: string): Promise<Tab>
  close(): Promise<void>
}

export interface Tab {
  goto(url: string): Promise<void>
  reload(): Promise<void>
  back(): Promise<void>
  forward(): Promise<void>
  close(): Promise<void>
  /** The first element that matches. Waits for it. */
  click(selector: string): Promise<void>
  doubleClick(selector: string): Promise<void>
  /** Key by key, into what is focused. */
  type(text: string): Promise<void>
  /** The value of an expression in the page; of a promise, what it resolves to. */
  evaluate<T>(expression: string): Promise<T>
  /** Cuts the page off the network, or back on. */
  offline(offline: boolean): Promise<void>
  resize(width: number, height: number): Promise<void>
  /** A PNG of the whole page. */
  screenshot(): Promise<Uint8Array>
}

export const drivers: Readonly<Record<string, () => Promise<PageDriver>>> = {
  chromium: startChromium,
  firefox: startFirefox,
  webkit: startWebKit,
}

/** The browsers of this run, as for the tests in browsers: see `tests/browsers/projects.ts`. */
export const driven: readonly [string, () => Promise<PageDriver>][] = browsers.map((name) => [
  name,
  drivers[name] ?? (() => Promise.reject(new Error(`There is no driver for ${name}`))),
])
