import { TransactionError } from '../errors/transaction-error.ts'
import type { Auth, AuthContext } from './auth.ts'

/**
 * Authorises by a token of the token proxy: for pages. Give a function to fetch or renew it; it is called for every
 * request, with the payment that the request is about.
 *
 * @throws TransactionError `config`, at the request, if the token is not one
 */
export function bearerAuth(
  token: string | ((context: AuthContext) => string | PromiseLike<string>),
): Auth & ((context?: AuthContext) => Promise<string>) {
  return async (context?: AuthContext) => {
    const value = typeof token === 'function' ? await token(context ?? { operation: 'lookup' }) : token
    if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value))
      throw new TransactionError({ code: 'config', effect: 'none', message: 'bearerAuth needs a token' })
    return `Bearer ${value}`
  }
}
