import { TransactionError } from '../errors/transaction-error.ts'
import type { Auth } from './auth.ts'

/** The shop's own credentials, as the gateway issued them. */
export interface BasicCredentials {
  shopId: string | number
  secretKey: string
}

/**
 * Authorises by the shop's id and secret key: for servers and edge functions. In a page, use the token proxy with
 * `bearerAuth`. Protocol section 3.
 *
 * @throws TransactionError `config` if a credential is missing
 */
export function basicAuth({ shopId, secretKey }: BasicCredentials): Auth {
  if (!(shopId && secretKey) || `${shopId}`.includes(':'))
    throw new TransactionError({
      code: 'config',
      effect: 'none',
      message: 'basicAuth needs a shopId without a colon, and a secretKey',
    })
  const bytes = new TextEncoder().encode(`${shopId}:${secretKey}`)
  const header = `Basic ${btoa(String.fromCharCode(...bytes))}`
  return Object.assign(() => header, { holdsSecret: true })
}
