import { defineConfig } from 'vitest/config'

/** Workspace packages are tested from their sources, so that no build stands between a change and its test. */
const source = {
  resolve: { conditions: ['@async-transaction/source'] },
  ssr: { resolve: { conditions: ['@async-transaction/source'] } },
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
          testTimeout: 20_000,
        },
      },
    ],
  },
})
