import { kySend } from '../transport/ky-send.ts'
import type { Client } from './client.ts'
import { clientOver } from './client-over.ts'
import type { ClientOptions } from './options.ts'

/**
 * Creates a client.
 *
 * @throws TransactionError `config` for an option that is missing, unknown or wrong, naming it
 *
 * @example
 * ```ts
 * const client = createClient({
 *   baseUrl: 'https://gw.horizonpay.kz',
 *   auth: basicAuth({ shopId: env.SHOP_ID, secretKey: env.SECRET_KEY }),
 * })
 * ```
 */
export const createClient = (options: ClientOptions): Client => clientOver(kySend, options)
