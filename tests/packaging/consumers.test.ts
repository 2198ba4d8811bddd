/** Applications that install the packages, each in its own way: type-checked, built, and run. One payment, one charge. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import * as esbuild from 'esbuild'
import * as vite from 'vite'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import webpack from 'webpack'
import { unstable_dev } from 'wrangler'
import { browsers } from '../browsers/projects.ts'
import { clickIn, ORDER, PAID } from './click-in.ts'
import { type Gateway, startGateway } from './gateway.ts'

const consumer = inject('consumer')
const bin = (name: string): string => join(import.meta.dirname, '../../node_modules/.bin', name)
const run = promisify(execFile)

/** What a command of the application prints. */
async function prints(command: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, CI: 'true', NO_COLOR: '1', WRANGLER_SEND_METRICS: 'false' }
  const { stdout } = await run(command, args, { cwd: consumer, env })
  return stdout.trim()
}

let gateway: Gateway
beforeEach(async () => {
  gateway = await startGateway()
})
afterEach(async () => {
  expect(gateway.sandbox.charges(ORDER)).toBe(1)
  await gateway.close()
})

describe('on Node', () => {
  it('an ES module', async () => {
    expect(await prints(process.execPath, 'esm.js', gateway.url, ORDER)).toBe(PAID)
  })

  it('a CommonJS program, by require()', async () => {
    expect(await prints(process.execPath, 'require.cjs', gateway.url, ORDER)).toBe(PAID)
  })

  it.each([
    ['nodenext', 'nodenext'],
    ['bundler', 'esnext'],
  ])('TypeScript with the resolution of %s, checked with every declaration file', async (resolution, module) => {
    const out = `out-${resolution}`
    await prints(bin('tsc'), '--outDir', out, '--module', module, '--moduleResolution', resolution)
    expect(await prints(process.execPath, 'run-typed.js', `./${out}/typed.js`, gateway.url, ORDER)).toBe(PAID)
  })
})

it('on Deno, by npm: and checked', async () => {
  const { url } = gateway
  expect(await prints(bin('deno'), 'run', '--no-lock', '--cached-only', '--check', '-A', 'deno.js', url, ORDER)).toBe(
    PAID,
  )
  await prints(bin('deno'), 'check', '--no-lock', 'typed.ts')
})

it('on Workers, as wrangler would deploy it', async () => {
  await prints(bin('wrangler'), 'deploy', '--dry-run', '--outdir', 'out-worker')
  const { url } = gateway
  const worker = await unstable_dev(join(consumer, 'out-worker/worker.js'), {
    config: join(consumer, 'wrangler.json'),
    bundle: false,
    vars: { GATEWAY: url, TRACKING_ID: ORDER },
    logLevel: 'none',
    experimental: { disableExperimentalWarning: true },
  })
  try {
    expect(await (await worker.fetch()).text()).toBe(PAID)
  } finally {
    await worker.stop()
  }
})

/** Each makes one script of `page.js`. */
const bundlers: Readonly<Record<string, (file: string) => Promise<unknown>>> = {
  Vite: (file) =>
    vite.build({
      root: consumer,
      configFile: false,
      logLevel: 'error',
      build: { outDir: dirname(file), lib: { entry: 'page.js', formats: ['es'], fileName: 'page' } },
      define: { 'process.env.NODE_ENV': '"production"' },
    }),
  esbuild: (file) =>
    esbuild.build({
      absWorkingDir: consumer,
      entryPoints: ['page.js'],
      bundle: true,
      minify: true,
      format: 'esm',
      outfile: file,
    }),
  webpack: (file) =>
    new Promise((resolve, reject) => {
      const output = { path: dirname(file), filename: 'page.js' }
      webpack({ context: consumer, entry: './page.js', mode: 'production', output }, (error, stats) =>
        error || stats?.hasErrors() ? reject(error ?? new Error(stats?.toString())) : resolve(stats),
      )
    }),
}

describe.runIf(browsers.includes('chromium'))('in Chromium, behind the packed proxy', () => {
  it.each(Object.keys(bundlers))('a page with React, bundled by %s', async (name) => {
    const file = join(consumer, `out-page-${name}`, 'page.js')
    await bundlers[name]?.(file)
    expect(await clickIn(readFileSync(file, 'utf8'), gateway)).toBe(PAID)
  })
})
