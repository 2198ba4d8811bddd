/** What runs in each tab of `tabs.browser.test.ts`: a client of its own, reached from the test by `window.tab`. */
import {
  basicAuth,
  type Client,
  type Journal,
  memoryJournal,
  type Outcome,
  webStorageJournal,
} from '@async-transaction/core'
import { type BrowserClientOptions, createBrowserClient, indexedDbJournal } from '@async-transaction/core/browser'

export interface TabApi {
  readonly client: (options: Partial<BrowserClientOptions> & { baseUrl: string }) => Client
  readonly journals: { readonly session: Journal; readonly indexedDb: Journal; readonly memory: Journal }
  /** An outcome in the words of the test, which is another realm: errors do not survive the way. */
  readonly tell: (outcome: Outcome) => object
}

const tab: TabApi = {
  client: (options) =>
    createBrowserClient({
      auth: basicAuth({ shopId: '1', secretKey: 'key' }),
      allowSecretInBrowser: true,
      ...options,
    }),
  journals: {
    session: webStorageJournal(() => sessionStorage),
    indexedDb: indexedDbJournal({ name: 'journal' }),
    memory: memoryJournal(),
  },
  tell: (outcome) =>
    outcome.status === 'error'
      ? { status: outcome.status, code: outcome.error.code }
      : outcome.status === 'unknown'
        ? { status: outcome.status, cause: outcome.cause }
        : { status: outcome.status, transaction: outcome.transaction?.status },
}
Object.assign(globalThis, { tab })
