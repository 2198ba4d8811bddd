import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { reactCompiler } from './packages/react/testing/compiled.ts'
import { browserProjects } from './tests/browsers/projects.ts'

/** Workspace packages are tested from their sources, so that no build stands between a change and its test. */
const resolve = { conditions: ['@async-transaction/source'] }
const source = {
  resolve,
  ssr: { resolve },
  // Where vitest runs the global set-up of a project in a browser.
  environments: { __vitest__: { resolve } },
}

/** The hook in a page, on one major of React. */
const react = (name: string, alias: { find: RegExp; replacement: string }[], exclude: string[]) => ({
  resolve: { ...source.resolve, alias },
  ssr: source.ssr,
  test: {
    name,
    environment: 'happy-dom',
    include: ['packages/react/src/**/*.test.{ts,tsx}'],
    exclude,
    testTimeout: 20_000,
  },
})

const react18 = {
  find: /^(react|react-dom)(\/.*)?$/,
  replacement: fileURLToPath(new URL('./packages/react/testing/react-18/node_modules/$1$2', import.meta.url)),
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
          exclude: [
            '**/node_modules/**',
            'packages/react/**',
            '**/*.browser.test.*',
            'tests/{packaging,runtimes,versions}/**',
          ],
          testTimeout: 20_000,
        },
      },
      {
        ...source,
        test: {
          name: 'runtimes',
          include: ['tests/runtimes/**/*.test.ts'],
          globalSetup: ['tests/runtimes/build-packages.ts'],
          disableConsoleIntercept: true,
        },
      },
      {
        test: {
          name: 'packaging',
          environment: 'node',
          include: ['tests/packaging/**/*.test.ts'],
          globalSetup: ['tests/packaging/installed.ts'],
          testTimeout: 60_000,
        },
      },
      react('react', [], []),
      react('react-18', [react18], ['**/*.only-19.test.*']),
      { ...react('react-compiled', [], ['**/{artefact,documentation,why-not}.*']), plugins: [reactCompiler()] },
      ...(await browserProjects(source)),
    ],
  },
})
