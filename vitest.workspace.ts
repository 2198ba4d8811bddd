import { defineConfig } from 'vitest/config'
import { browserProjects } from './tests/browsers/projects.ts'

/** Workspace packages are tested from their sources, so that no build stands between a change and its test. */
const resolve = { conditions: ['@async-transaction/source'] }
const source = {
  resolve,
  ssr: { resolve },
  // Where vitest runs the global set-up of a project in a browser.
  environments: { __vitest__: { resolve } },
}

export default defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: {
          name: 'node',
          environment: 'node',
          include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.browser.test.*'],
          testTimeout: 20_000,
        },
      },
      ...(await browserProjects(source)),
    ],
  },
})
