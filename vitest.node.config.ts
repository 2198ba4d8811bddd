/** The project `node`, alone: for one file at a time, without the plugins of browsers and workers. */
import { defineConfig } from 'vitest/config'
import { exclude, include } from './scripts/test/node-files.ts'

/** Workspace packages are tested from their sources, so that no build stands between a change and its test. */
const resolve = { conditions: ['@async-transaction/source'] }
export const source = {
  resolve,
  ssr: { resolve },
  // Where vitest runs the global set-up of a project in a browser.
  environments: { __vitest__: { resolve } },
}

export const node = {
  ...source,
  test: { name: 'node', environment: 'node' as const, include, exclude, testTimeout: 20_000 },
}

export default defineConfig(node)
