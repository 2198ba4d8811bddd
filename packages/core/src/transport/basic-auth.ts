import { TransactionError } from '../errors/transaction-error.ts'
import { maskSecrets } from '../lib/mask-secrets.ts'
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
export function basicAuth({ shopId, secretKey }: BasicCredentials): Auth & (() => string) {
  if (!(shopId && secretKey) || `${shopId}`.includes(':'))
    throw new TransactionError({
      code: 'config',
      effect: 'none',
      message: 'basicAuth needs a shopId without a colon, and a secretKey',
    })
  const token = base64(`${shopId}:${secretKey}`)
  const header = `Basic ${token}`
  return Object.assign(() => header, {
    holdsSecret: true,
    mask: maskSecrets([token, base64(secretKey), secretKey]),
    scope: `${shopId}`,
  })
}

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
