/** What somebody puts into a bundle, and what it may cost them: bytes, minified and gzipped. */
export interface Story {
  /** A row of the README's table. */
  readonly title: string
  readonly code: string
  /** `own` is the code of our packages, `whole` is with all they depend on; React and RxJS are the application's. */
  readonly budget: { readonly own: number; readonly whole: number }
}

export const stories: readonly Story[] = [
  {
    title: 'core: `createClient`, `submit`, `subscribe`',
    code: "export { createClient } from '@async-transaction/core'",
    budget: { own: 18_790, whole: 28_100 },
  },
  {
    title: 'core/lean: the same, without ky',
    code: "export { createClient } from '@async-transaction/core/lean'",
    budget: { own: 18_760, whole: 19_670 },
  },
  {
    title: 'core in a page, behind the token proxy',
    code: "export { createClient, bearerAuth, webStorageJournal } from '@async-transaction/core'",
    budget: { own: 19_190, whole: 28_510 },
  },
  {
    title: 'core in a page, one poller for all tabs, IndexedDB',
    code: `export { bearerAuth } from '@async-transaction/core'
           export { createBrowserClient, indexedDbJournal } from '@async-transaction/core/browser'`,
    budget: { own: 22_550, whole: 31_900 },
  },
  {
    title: 'the page of a shop, lean: tabs, IndexedDB, the hook, encryption',
    code: `export { bearerAuth } from '@async-transaction/core/lean'
           export { createBrowserClient, indexedDbJournal } from '@async-transaction/core/lean/browser'
           export { encryptCard } from '@async-transaction/core/encryption'
           export * from '@async-transaction/react'`,
    budget: { own: 26_300, whole: 27_200 },
  },
  {
    title: 'core on a server, with webhooks',
    code: `export { createClient, basicAuth } from '@async-transaction/core'
           export { verifyWebhook } from '@async-transaction/core/webhook'`,
    budget: { own: 20_010, whole: 29_280 },
  },
  {
    title: 'core: all of the main entry',
    code: "export * from '@async-transaction/core'",
    budget: { own: 22_420, whole: 31_930 },
  },
  {
    title: 'core: webhooks alone',
    code: "export { verifyWebhook } from '@async-transaction/core/webhook'",
    budget: { own: 1_800, whole: 2_750 },
  },
  {
    title: 'core: encrypting cards alone',
    code: "export { encryptCard } from '@async-transaction/core/encryption'",
    budget: { own: 2_230, whole: 2_230 },
  },
  {
    title: 'core: a journal alone',
    code: "export { memoryJournal } from '@async-transaction/core'",
    budget: { own: 300, whole: 250 },
  },
  {
    title: 'core and rxjs: `createClient` and all operators',
    code: `export { createClient } from '@async-transaction/core'
           export * from '@async-transaction/rxjs'`,
    budget: { own: 20_150, whole: 29_550 },
  },
  {
    title: 'core and react: `createClient` and the hook',
    code: `export { createClient } from '@async-transaction/core'
           export * from '@async-transaction/react'`,
    budget: { own: 20_790, whole: 30_200 },
  },
  {
    title: 'proxy: `createTokenProxy` on a server',
    code: "export { createTokenProxy } from '@async-transaction/proxy'",
    budget: { own: 24_350, whole: 39_720 },
  },
]

/** What else there is to poll with. */
export const peers: readonly Pick<Story, 'title' | 'code'>[] = [
  { title: 'ky alone', code: "export { default } from 'ky'" },
  { title: 'ky and rxjs by hand, with the mistakes', code: "export * from './scripts/size/polling-by-hand.ts'" },
  {
    title: '@azure/core-lro with @azure/core-rest-pipeline',
    code: `export { createHttpPoller } from '@azure/core-lro'
           export { createDefaultHttpClient, createPipelineFromOptions, createPipelineRequest } from '@azure/core-rest-pipeline'`,
  },
  { title: '@fal-ai/client', code: "export { createFalClient } from '@fal-ai/client'" },
  { title: '@tanstack/query-core', code: "export { QueryClient, QueryObserver } from '@tanstack/query-core'" },
]
