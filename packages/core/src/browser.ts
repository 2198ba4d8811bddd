/** For pages: one poller for all tabs, at once when it is looked at, less when it is not, and journals that last. */
export type { BrowserClientOptions } from './browser/browser-client.ts'
export { createBrowserClient } from './browser/create-browser-client.ts'
export { type IndexedDbJournalOptions, indexedDbJournal } from './browser/indexed-db-journal.ts'
