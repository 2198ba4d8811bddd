import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { reactCompiler } from './packages/react/testing/compiled.ts'
import { browserProjects } from './tests/browsers/projects.ts'
import { node, source } from './vitest.node.config.ts'

const core = (file: string): string => fileURLToPath(new URL(`./packages/core/src/${file}.ts`, import.meta.url))

/** The contract of core once more, over the entry without ky. */
const lean = {
  resolve: {
    ...source.resolve,
    alias: [
      { find: /^@async-transaction\/core$/, replacement: core('lean') },
      { find: /^@async-transaction\/core\/browser$/, replacement: core('lean-browser') },
    ],
  },
  ssr: source.ssr,
  test: {
    name: 'lean',
    environment: 'node' as const,
    env: { TRANSPORT: 'fetch' },
    include: [
      'packages/core/src/transport/attempt.test.ts',
      'tests/conformance/**/*.test.ts',
      'tests/browsers/{tabs,unreliable-browsers}.test.ts',
    ],
    testTimeout: 20_000,
  },
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
      node,
      lean,
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
