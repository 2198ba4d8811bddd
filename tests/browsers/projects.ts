/**
 * The projects that run in real browsers. `BROWSERS` names them, separated by commas: `chromium` comes from the npm
 * registry and needs nothing installed, `firefox` and `webkit` are Debian's (see CONTRIBUTING.md). One that is asked for
 * and cannot be started fails the run.
 */
import process from 'node:process'
import { playwright } from '@vitest/browser-playwright'
import type { BrowserProviderOption } from 'vitest/node'
import { chromium } from './chromium.ts'
import { webkitgtk } from './webkit-provider.ts'

interface Launch {
  /** By which name vitest knows it. */
  readonly browser: string
  readonly provider: () => Promise<BrowserProviderOption> | BrowserProviderOption
}

const launches: Readonly<Record<string, Launch>> = {
  chromium: {
    browser: 'chromium',
    provider: async () => playwright({ launchOptions: await chromium() }),
  },
  firefox: {
    browser: 'firefox',
    provider: () =>
      playwright({
        launchOptions: { channel: 'moz-firefox', executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr' },
      }),
  },
  webkit: { browser: 'safari', provider: webkitgtk },
}

/** What runs without being asked for: what needs nothing but npm. */
const byDefault = process.platform === 'linux' && process.arch === 'x64' ? 'chromium' : ''

export const browsers: readonly string[] = (process.env.BROWSERS ?? byDefault).split(',').filter(Boolean)

/** A project for each browser, over `shared` settings, running the files that end in `.browser.test.ts(x)`. */
export const browserProjects = (shared: object): Promise<object[]> =>
  Promise.all(
    browsers.map(async (name) => {
      const launch = launches[name]
      if (!launch) throw new Error(`BROWSERS: expected some of ${Object.keys(launches).join(', ')}, got ${name}`)
      const { browser, provider } = launch
      return {
        ...shared,
        // Found only while a test runs, they would make vite reload it.
        optimizeDeps: { include: ['ky', 'valibot'].map((dependency) => `@async-transaction/core > ${dependency}`) },
        cacheDir: `node_modules/.vite/${name}`,
        test: {
          name,
          include: ['packages/*/src/**/*.browser.test.{ts,tsx}', 'tests/**/*.browser.test.{ts,tsx}'],
          globalSetup: ['tests/browsers/gateway.ts'],
          testTimeout: 30_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            provider: await provider(),
            // WebKitGTK has no headless mode: it gets a virtual screen.
            headless: name !== 'webkit',
            screenshotFailures: false,
            instances: [{ browser }],
          },
        },
      }
    }),
  )
