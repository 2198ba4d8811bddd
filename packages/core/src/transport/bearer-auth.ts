import { TransactionError } from '../errors/transaction-error.ts'
import { systemClock } from '../lib/clock.ts'
import type { Auth, AuthContext } from './auth.ts'

/** Payments whose tokens are held at once, each under its key and its tracking id. */
const MOST_PAYMENTS = 100
/** A token this close to its end is replaced, in milliseconds. */
const EARLY_MS = 60_000

/**
 * Authorises by a token of the token proxy: for pages. Give a function to fetch one: it is called for a new payment, with
 * the payment that the request is about, and its token is held for all requests of that payment. It is called again
 * shortly before the token ends, and when the token was refused; never between POSTs of which one may have been taken.
 *
 * Let your server decide the attempt each time: `proxy.issue({ …, attempt: 'next' })`. After a decline the next `submit()`
 * then has a token of a new attempt.
 *
 * @throws TransactionError `config`, at the request, if the token is not one
 */
export function bearerAuth(
  token: string | ((context: AuthContext) => string | PromiseLike<string>),
): Auth & ((context?: AuthContext) => Promise<string>) {
  const held = new Map<string, string>()

  return async (context: AuthContext = { operation: 'lookup' }) => {
    const { operation, requestKey, trackingId, uid, refused, inDoubt } = context
    const known = held.get(requestKey ?? trackingId ?? uid ?? '')
    if (known && !refused && (inDoubt || !isEnding(known, operation))) return `Bearer ${known}`
    const value = typeof token === 'function' ? await token(context) : token
    if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value))
      throw new TransactionError({ code: 'config', effect: 'none', message: 'bearerAuth needs a token' })
    for (const name of typeof token === 'function' ? [requestKey, trackingId, uid] : []) if (name) hold(name, value)
    return `Bearer ${value}`
  }

  function hold(name: string, value: string): void {
    // The order of a map is that of insertion: the oldest goes first.
    held.delete(name)
    held.set(name, value)
    const [oldest] = held.keys()
    if (held.size > 2 * MOST_PAYMENTS && oldest) held.delete(oldest)
  }
}

/** Of a token that is no JWT nothing is known: the proxy tells. */
function isEnding(token: string, operation: AuthContext['operation']): boolean {
  try {
    const [, payload = ''] = token.split('.')
    const { exp, charge_exp: chargeExp = exp } = JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/')))
    return systemClock.now() + EARLY_MS > 1000 * (operation === 'submit' ? chargeExp : exp)
  } catch {
    return false
  }
}
