/**
 * Core's own tests and its contract, alone: for what measures them, which is their coverage and Stryker, and for what runs
 * them on other versions of its dependencies, from the folder `DEPENDENCIES`. All run the sources of the folder they are
 * started in, since Stryker breaks a copy whose `node_modules` are links to the original.
 */
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const sources = fileURLToPath(new URL('./packages/core/src', import.meta.url))
const { DEPENDENCIES } = process.env
const resolve = {
  conditions: ['@async-transaction/source'],
  alias: [
    { find: /^@async-transaction\/core$/, replacement: `${sources}/index.ts` },
    { find: /^@async-transaction\/core\/(\w+)$/, replacement: `${sources}/$1.ts` },
    ...(DEPENDENCIES ? [{ find: /^(ky|valibot)$/, replacement: `${DEPENDENCIES}/$1` }] : []),
  ],
}

export default defineConfig({
  resolve,
  ssr: { resolve: { conditions: resolve.conditions } },
  test: {
    name: 'core',
    environment: 'node',
    include: ['packages/core/src/**/*.test.ts', 'tests/conformance/**/*.test.ts', 'tests/browsers/tabs.test.ts'],
    setupFiles: ['tests/conformance/settle.ts'],
    testTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['packages/core/src/**/*.ts'],
      // IndexedDB is in real browsers alone, and so are its tests.
      exclude: ['**/*.test.ts', '**/*.d.ts', 'packages/core/src/browser/indexed-db-journal.ts'],
      reporter: ['text'],
      // What has to do with real pages is tested in real browsers and in simulated tabs as well, and not counted there.
      thresholds: {
        'packages/core/src/!(browser)/**': { branches: 98 },
        'packages/core/src/browser/**': { branches: 80 },
      },
    },
  },
})
