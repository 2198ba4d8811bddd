import { TransactionError } from '../errors/transaction-error.ts'
import type { Auth } from './auth.ts'

/**
 * Authorises by a token of the token proxy: for pages. Give a function to fetch or renew it.
 *
 * @throws TransactionError `config`, at the request, if the token is not one
 */
export function bearerAuth(token: string | (() => string | PromiseLike<string>)): Auth {
  return async () => {
    const value = typeof token === 'function' ? await token() : token
    if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value))
      throw new TransactionError({ code: 'config', effect: 'none', message: 'bearerAuth needs a token' })
    return `Bearer ${value}`
  }
}
