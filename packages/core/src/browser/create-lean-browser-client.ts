import type { Client } from '../client/client.ts'
import { createClient } from '../client/create-lean-client.ts'
import { type BrowserClientOptions, browserClient } from './browser-client.ts'

/**
 * Creates a client for a page over `fetch` alone, without ky; else it is `createBrowserClient` of
 * `@async-transaction/core/browser`.
 *
 * @throws TransactionError `config` for an option that is missing, unknown or wrong, naming it
 *
 * @example
 * ```ts
 * const client = createBrowserClient({ baseUrl: '/pay', auth: bearerAuth(token), journal: indexedDbJournal() })
 * ```
 */
export const createBrowserClient = (options: BrowserClientOptions): Client => browserClient(createClient, options)
