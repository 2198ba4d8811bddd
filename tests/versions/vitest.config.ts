/** `npm run versions`: needs packages of other versions, and a minute. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'versions',
    environment: 'node',
    include: ['tests/versions/**/*.test.ts'],
    globalSetup: ['tests/packaging/installed.ts'],
    reporters: ['verbose'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
