/** `npm run stryker`: breaks each small piece of what decides about money, and asks whether a test notices. */
export default {
  plugins: ['@stryker-mutator/vitest-runner'],
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.core.config.ts', related: false },
  coverageAnalysis: 'perTest',
  mutate: ['packages/core/src/{client,journal,payment,schedule,task,transport,webhook}/*.ts', '!**/*.test.ts'],
  ignorePatterns: [
    '/packages/*',
    '!/packages/core',
    '/tests/*',
    '!/tests/conformance',
    '/examples',
    '/decisions',
    '/bench',
  ],
  concurrency: 2,
  tempDirName: 'node_modules/.stryker',
  reporters: ['clear-text'],
  clearTextReporter: { reportTests: false, logTests: false, allowColor: false },
  thresholds: { high: 95, low: 90, break: 90 },
}
