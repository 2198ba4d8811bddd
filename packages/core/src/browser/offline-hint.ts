import type { Page } from './page.ts'

/**
 * Whether the page is offline, as far as the browser can tell. Virtual network adapters make browsers say so on a working
 * network, so one response refutes it, until the browser says that the page is online again.
 */
export class OfflineHint {
  readonly #page: Page
  #refuted = false

  constructor(page: Page) {
    this.#page = page
  }

  /** Only `false` says something: a page that is said to be online may not be. */
  holds(): boolean {
    const offline = this.#page.navigator?.onLine === false
    if (!offline) this.#refuted = false
    return offline && !this.#refuted
  }

  /** A response came. */
  refute(): void {
    this.#refuted = this.#page.navigator?.onLine === false
  }
}
