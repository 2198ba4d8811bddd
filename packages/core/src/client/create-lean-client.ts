import { fetchSend } from '../transport/fetch-send.ts'
import type { Client } from './client.ts'
import { clientOver } from './client-over.ts'
import type { ClientOptions } from './options.ts'

/**
 * Creates a client over `fetch` alone, without ky.
 *
 * @throws TransactionError `config` for an option that is missing, unknown or wrong, naming it
 *
 * @example
 * ```ts
 * const client = createClient({ baseUrl: '/pay', auth: bearerAuth(token) })
 * ```
 */
export const createClient = (options: ClientOptions): Client => clientOver(fetchSend, options)
