/**
 * WebKitGTK as Debian has it: its WebDriver and its MiniBrowser, on a virtual screen where there is no other. vitest knows
 * WebDriver by way of webdriverio, and WebKit there as Safari; this fills in how to start them.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebdriverBrowserProvider, webdriverio } from '@vitest/browser-webdriverio'
import type { BrowserProvider, BrowserProviderOption, TestProject } from 'vitest/node'

const miniBrowser =
  process.env.WEBKIT_MINIBROWSER ??
  ['4.1', '4.0', '6.0']
    .map((version) => `/usr/lib/x86_64-linux-gnu/webkit2gtk-${version}/MiniBrowser`)
    .find((path) => existsSync(path)) ??
  'MiniBrowser'

export const webkitgtk = (): BrowserProviderOption => ({
  ...webdriverio(),
  providerFactory: (project: TestProject): BrowserProvider => new WebKitGtkProvider(project),
})

class WebKitGtkProvider extends WebdriverBrowserProvider {
  readonly #children: ChildProcess[] = []
  readonly #connection: Record<string, unknown>

  constructor(project: TestProject) {
    const connection: Record<string, unknown> = { path: '/', protocol: 'http', hostname: '127.0.0.1' }
    super(project, connection)
    this.#connection = connection
    // Not declared, but what the base class sends.
    Object.assign(this, { buildCapabilities: () => capabilities })
  }

  override async openBrowser(): ReturnType<WebdriverBrowserProvider['openBrowser']> {
    if (!this.#children.length) await this.#start()
    return super.openBrowser()
  }

  override async close(): Promise<void> {
    try {
      await super.close()
    } finally {
      for (const child of this.#children.splice(0).reverse()) child.kill()
    }
  }

  async #start(): Promise<void> {
    const display = process.env.DISPLAY || (await this.#startScreen())
    const port = await freePort()
    const env = {
      ...process.env,
      DISPLAY: display,
      GDK_BACKEND: 'x11',
      NO_AT_BRIDGE: '1',
      WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    }
    const driver = spawn('WebKitWebDriver', ['--host=127.0.0.1', `--port=${port}`], { stdio: 'ignore', env })
    this.#children.push(driver)
    const failed = new Promise<never>((_, reject) => driver.once('error', reject))
    await Promise.race([answers(`http://127.0.0.1:${port}/status`), failed])
    Object.assign(this.#connection, { port })
  }

  #startScreen(): Promise<string> {
    const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    this.#children.push(screen)
    return new Promise((resolve, reject) => {
      screen.once('error', reject)
      screen.stdio[3]?.once('data', (number: Buffer) => resolve(`:${number.toString().trim()}`))
    })
  }
}

const capabilities = {
  browserName: 'MiniBrowser',
  'wdio:enforceWebDriverClassic': true,
  'webkitgtk:browserOptions': { binary: miniBrowser, args: ['--automation'] },
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await fetch(url)
      return
    } catch (error) {
      if (tries === 100) throw error
      await sleep(50)
    }
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(address)))
    })
  })
