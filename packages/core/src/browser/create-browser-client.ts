import type { Client } from '../client/client.ts'
import { createClient } from '../client/create-client.ts'
import { type BrowserClientOptions, browserClient } from './browser-client.ts'

/**
 * Creates a client for a page. It is `createClient`, and
 * - the tabs of an origin ask after a task as one: what one of them heard, they all get, even an error that the gateway
 *   tells once. It needs Web Locks, so a secure context; without them each tab asks for itself.
 * - observed tasks are asked after at once when the page is looked at again, comes back from the back-forward cache or
 *   online; four times less often while it is hidden. Offline, a request waits for 30 seconds at most.
 * - an `unknown` or a `gateway-error` that is watched (`watchOutcome`) is looked up when the page is looked at again.
 * - nothing it does keeps the page out of the back-forward cache.
 *
 * Without a page, as on a server that renders it, it is `createClient`.
 *
 * @throws TransactionError `config` for an option that is missing, unknown or wrong, naming it
 *
 * @example
 * ```ts
 * const client = createBrowserClient({ baseUrl: '/pay', auth: bearerAuth(token), journal: indexedDbJournal() })
 * ```
 */
export const createBrowserClient = (options: BrowserClientOptions): Client => browserClient(createClient, options)
