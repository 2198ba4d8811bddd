/** The example's shop, as the tests run it: its page is built as visitors get it, or in React's development mode. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { Clock } from '@async-transaction/core'
import { type Shop, startShop } from '../../../examples/react-checkout/src/server/shop.ts'

const example = join(import.meta.dirname, '../../../examples/react-checkout')

export interface TestShop extends Shop {
  /** Time passes at the gateway and in the proxy. */
  pass(ms: number): void
  /** The address of a new order. */
  newOrder(): Promise<{ readonly id: string; readonly url: string }>
}

/**
 * `development`: React checks itself, and StrictMode does everything twice. `simulated`: the page's time can be passed.
 * Only where it is `animated` does anything on it move by itself: without a graphics processor, a browser is busy with that.
 */
export async function openShop(
  mode: 'production' | 'development' | 'simulated',
  { animated = false } = {},
): Promise<TestShop> {
  const pageFolder = mkdtempSync(join(tmpdir(), 'async-transaction-page-'))
  build(pageFolder, mode === 'development' ? mode : 'production')
  if (!animated) addStillness(pageFolder)
  if (mode === 'simulated') addSimulatedTime(pageFolder)
  let ahead = 0
  const clock: Clock = {
    now: () => Date.now() + ahead,
    setTimeout: (callback, delayMs) => setTimeout(callback, delayMs).unref(),
    clearTimeout: (timer) => clearTimeout(timer as never),
  }
  const shop = await startShop({ pageFolder, latencyMs: 300, clock })
  return {
    ...shop,
    pass(ms) {
      ahead += ms
    },
    async newOrder() {
      const response = await fetch(shop.url, { redirect: 'manual' })
      const path = response.headers.get('location') ?? ''
      return { id: path.split('/')[2] ?? '', url: shop.url + path }
    },
    async close() {
      await shop.close()
      rmSync(pageFolder, { recursive: true, force: true })
    },
  }
}

/** In a process of its own: which React it is, vite takes from the environment, and here that is the tests'. */
function build(outDir: string, mode: string): void {
  const vite = join(example, 'node_modules/vite/bin/vite.js')
  execFileSync(process.execPath, [vite, 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'], {
    cwd: example,
    env: { ...process.env, NODE_ENV: mode },
  })
}

function addSimulatedTime(folder: string): void {
  cpSync(join(import.meta.dirname, 'simulated-time.js'), join(folder, 'assets/simulated-time.js'))
  addToHead(folder, '<script src="/assets/simulated-time.js"></script>')
}

/** In a file of its own, as the page's Content-Security-Policy wants it. */
function addStillness(folder: string): void {
  writeFileSync(join(folder, 'assets/still.css'), '* { animation: none !important; transition: none !important }')
  addToHead(folder, '<link rel="stylesheet" href="/assets/still.css">')
}

function addToHead(folder: string, html: string): void {
  const page = join(folder, 'index.html')
  writeFileSync(page, readFileSync(page, 'utf8').replace('<head>', `<head>${html}`))
}
