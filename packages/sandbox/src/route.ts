/**
 * Which of the gateway's operations a request is for. Done before anything else, since faults are aimed at operations
 * and a wrong method must never read, and so consume, an answer.
 */

/** What a request asked for; `none` for a path or a method that the gateway does not know. */
export type Operation = 'submit' | 'status' | 'result' | 'lookup' | 'sync' | 'page' | 'control' | 'none'

export type Route =
  /**
   * `POST /async/transactions/{type}` (protocol section 1); without `/async` it answers at the end (`sync`). What is not a
   * transaction is `outside` of `/transactions`; a status query is a GET, and its path is its `request`.
   */
  | {
      readonly operation: 'submit' | 'sync'
      readonly type: string
      readonly outside?: true
      readonly request?: Readonly<Record<string, string>>
    }
  /** `GET /async/status/{id}`, `GET /async/result/{id}` (protocol section 1). */
  | { readonly operation: 'status' | 'result'; readonly taskId: string }
  /**
   * `GET /transactions/{uid}`, `GET /v2/transactions/tracking_id/{id}` (protocol section 5); without `/v2` a `single`
   * transaction.
   */
  | { readonly operation: 'lookup'; readonly by: 'uid' | 'trackingId'; readonly id: string; readonly single?: true }
  /** The customer's pages: the 3-D Secure challenge and the receipt. */
  | { readonly operation: 'page'; readonly page: 'challenge' | 'receipt'; readonly uid: string }
  /** The control API, `/sandbox/…`. */
  | { readonly operation: 'control'; readonly path: readonly string[] }
  /** A known path, but not with this method. */
  | { readonly operation: 'none'; readonly allow: string }
  | { readonly operation: 'none' }

export function findRoute(method: string, pathname: string): Route {
  const segments = decodeSegments(pathname)
  if (segments?.[0] === 'sandbox') return { operation: 'control', path: segments.slice(1) }
  const routes = segments ? routesOf(segments) : {}
  const allowed = Object.keys(routes)
  if (allowed.length === 0) return { operation: 'none' }
  return routes[method] ?? { operation: 'none', allow: allowed.join(', ') }
}

/** The routes of a path, by method. */
function routesOf(segments: readonly string[]): Record<string, Route> {
  const id = segments.at(-1) ?? ''
  switch (segments.map((segment, index) => (index === segments.length - 1 ? '*' : segment)).join('/')) {
    case 'async/transactions/*':
      return { GET: statusQuery({ uid: id }), POST: { operation: 'submit', type: id } }
    case 'async/transactions/tracking_id/*':
      return { GET: statusQuery({ tracking_id: id }) }
    case 'async/*':
      return isOutside(id) ? { POST: { operation: 'submit', type: id, outside: true } } : {}
    case 'async/status/*':
      return { GET: { operation: 'status', taskId: id } }
    case 'async/result/*':
      return { GET: { operation: 'result', taskId: id } }
    case 'transactions/*':
      return { GET: { operation: 'lookup', by: 'uid', id }, POST: { operation: 'sync', type: id } }
    case '*':
      return isOutside(id) ? { POST: { operation: 'sync', type: id, outside: true } } : {}
    case 'services/credit_cards/*':
      return id === 'charges' ? { POST: { operation: 'sync', type: 'payments' } } : {}
    case 'transactions/tracking_id/*':
      return { GET: { operation: 'lookup', by: 'trackingId', id, single: true } }
    case 'v2/transactions/tracking_id/*':
      return { GET: { operation: 'lookup', by: 'trackingId', id } }
    case 'process/*': {
      const page: Route = { operation: 'page', page: 'challenge', uid: id }
      return { GET: page, POST: page }
    }
    case 'receipts/*':
      return { GET: { operation: 'page', page: 'receipt', uid: id } }
    default:
      return {}
  }
}

/** The requests that are no transactions, by the last part of their path. */
const isOutside = (id: string): boolean => id === 'balance' || id === 'credit_cards'

function statusQuery(request: Readonly<Record<string, string>>): Route {
  return { operation: 'submit', type: 'status_queries', outside: true, request }
}

/** The path's segments, each URL-decoded, so that an id may hold a slash; `undefined` if one is empty or broken. */
function decodeSegments(pathname: string): string[] | undefined {
  try {
    const segments = pathname.slice(1).split('/').map(decodeURIComponent)
    return segments.includes('') ? undefined : segments
  } catch {
    return undefined
  }
}
