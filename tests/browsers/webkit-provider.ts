/** WebKitGTK for vitest, which knows WebDriver by way of webdriverio, and WebKit there as Safari. */
import { WebdriverBrowserProvider, webdriverio } from '@vitest/browser-webdriverio'
import type { BrowserProvider, BrowserProviderOption, TestProject } from 'vitest/node'
import { capabilities, startWebKitDriver, type WebKitDriver } from './webkit-driver.ts'

export const webkitgtk = (): BrowserProviderOption => ({
  ...webdriverio(),
  providerFactory: (project: TestProject): BrowserProvider => new WebKitGtkProvider(project),
})

class WebKitGtkProvider extends WebdriverBrowserProvider {
  #driver: WebKitDriver | undefined
  readonly #connection: Record<string, unknown>

  constructor(project: TestProject) {
    const connection: Record<string, unknown> = {}
    super(project, connection)
    this.#connection = connection
    // Not declared, but what the base class sends.
    Object.assign(this, { buildCapabilities: () => capabilities })
  }

  override async openBrowser(): ReturnType<WebdriverBrowserProvider['openBrowser']> {
    this.#driver ??= await startWebKitDriver()
    Object.assign(this.#connection, this.#driver.connection)
    return super.openBrowser()
  }

  override async close(): Promise<void> {
    try {
      await super.close()
    } finally {
      this.#driver?.stop()
      this.#driver = undefined
    }
  }
}
