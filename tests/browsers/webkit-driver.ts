/**
 * WebKitGTK as Debian has it: its WebDriver and its MiniBrowser, on a virtual screen where there is no other.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

export interface WebKitDriver {
  /** Where the WebDriver listens. */
  readonly connection: {
    readonly path: '/'
    readonly protocol: 'http'
    readonly hostname: string
    readonly port: number
  }
  stop(): void
}

const miniBrowser =
  process.env.WEBKIT_MINIBROWSER ??
  ['4.1', '4.0', '6.0']
    .map((version) => `/usr/lib/x86_64-linux-gnu/webkit2gtk-${version}/MiniBrowser`)
    .find((path) => existsSync(path)) ??
  'MiniBrowser'

export const capabilities = {
  browserName: 'MiniBrowser',
  'wdio:enforceWebDriverClassic': true,
  'webkitgtk:browserOptions': { binary: miniBrowser, args: ['--automation'] },
}

/** Starts a WebDriver, and the screen it needs. */
export async function startWebKitDriver(): Promise<WebKitDriver> {
  const children: ChildProcess[] = []
  const stop = (): void => {
    for (const child of children.splice(0).reverse()) child.kill()
  }
  try {
    const port = await freePort()
    const env = {
      ...process.env,
      DISPLAY: process.env.DISPLAY || (await startScreen(children)),
      GDK_BACKEND: 'x11',
      NO_AT_BRIDGE: '1',
      WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    }
    const driver = spawn('WebKitWebDriver', ['--host=127.0.0.1', `--port=${port}`], { stdio: 'ignore', env })
    children.push(driver)
    const failed = new Promise<never>((_, reject) => driver.once('error', reject))
    await Promise.race([answers(`http://127.0.0.1:${port}/status`), failed])
    return { connection: { path: '/', protocol: 'http', hostname: '127.0.0.1', port }, stop }
  } catch (error) {
    stop()
    throw error
  }
}

function startScreen(children: ChildProcess[]): Promise<string> {
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1600x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  children.push(screen)
  return new Promise((resolve, reject) => {
    screen.once('error', reject)
    screen.stdio[3]?.once('data', (number: Buffer) => resolve(`:${number.toString().trim()}`))
  })
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
