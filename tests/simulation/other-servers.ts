/** The words of balancers, API gateways and firewalls on the way, which speak JSON as well, and of transports that fail. */

interface Said {
  readonly status: number
  readonly body: string
}

const said = (status: number, message: string): Said => ({ status, body: JSON.stringify({ message }) })
const pick = (amount: number, statuses: readonly number[]): number => statuses[amount % statuses.length] ?? 500

export const errorsOfOthers = (amount: number): Said =>
  said(pick(amount, [500, 502, 503, 504, 404, 408, 400, 410, 200]), 'The server is not available')

export function denials(amount: number): Said {
  const page = { status: 403, body: '<html>Blocked</html>' }
  return [page, said(403, 'Forbidden'), { ...page, status: 401 }][amount % 3] ?? page
}

/** Answers to a POST that was taken, or is being taken just now. */
export function refusals(amount: number): Said {
  const duplicate = { response: { message: 'Duplicate transaction', errors: { base: 'Duplicate transaction' } } }
  const status = pick(amount, [409, 408, 423, 425, 499, 422])
  return status === 422 ? { status, body: JSON.stringify(duplicate) } : said(status, 'In progress')
}

/** Answers to the second copy of a request, which met a server that is going down or coming up. */
export function resent(amount: number): Said {
  const status = pick(amount, [404, 405, 410, 413, 421, 400, 409, 502, 401, 403])
  return status === 401 || status === 403 ? { status, body: '<html>No</html>' } : said(status, 'No route')
}

const bytes = new TextEncoder()
const half = (body: string): Uint8Array => bytes.encode(body.slice(0, body.length >> 1))

export const cutStream = (body: string): ReadableStream =>
  new ReadableStream({
    start: (controller) => controller.enqueue(half(body)),
    pull: (controller) => controller.error(new TypeError('terminated')),
  })

export const stalledStream = (body: string): ReadableStream =>
  new ReadableStream({ start: (controller) => controller.enqueue(half(body)) })
