/**
 * One HTTP exchange with the gateway, by a port that retries, throws, follows and caches nothing: the payment owns every
 * decision, since a GET consumes what it reads. Whatever goes wrong is a `lost` reply, never a throw: errors of a transport
 * hold the request, and so the card. Protocol section 1, "What follows".
 */
import { causeOf } from '../lib/cause-of.ts'
import { type Clock, within } from '../lib/clock.ts'
import type { Auth, AuthContext } from './auth.ts'
import { parseHttpDate, retryAfter } from './retry-after.ts'
import type { Fetch, FetchedResponse, Send, SendInit } from './send.ts'

/** The way to the gateway, as the client was configured. */
export interface Transport {
  readonly send: Send
  readonly baseUrl: string
  readonly auth: Auth
  readonly fetch: Fetch
  readonly clock: Clock
  readonly maxBodyBytes: number
  /** `{ cache: 'no-store' }` where the runtime's `Request` takes it. */
  readonly cache: object
}

interface Reader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>
  cancel(): Promise<void>
}

/** A POST if it has a body, else a GET. */
export interface AttemptRequest extends AuthContext {
  readonly path: string
  readonly timeoutMs: number
  readonly body?: string | undefined
  /** Whether it is still to be sent, once the credentials are there: that may take a while. */
  readonly wanted?: () => boolean
}

/** The reason for a lost response: the network, our time-out, a refused redirect, a body too large, or no credentials. */
export type LossReason = 'network' | 'timeout' | 'redirect' | 'too-large' | 'auth'

/** What came back. */
export interface Reply {
  /** Set when no whole answer was seen. */
  readonly lost?: LossReason
  /** The name of the fault beneath, such as `ECONNREFUSED`. */
  readonly cause?: string | undefined
  /** 0 when no headers were seen. */
  readonly httpStatus: number
  /** The parsed body; nothing if it was empty or not JSON. */
  readonly json?: unknown
  readonly retryAfterMs?: number | undefined
  /** The gateway's clock, from its `Date` header. */
  readonly date?: number
  readonly gatewayRequestId?: string | undefined
  /** Of a POST that was answered 401: there are other credentials by now. */
  readonly renewed?: boolean
  /** Of a POST: a token proxy answered it as an earlier one, perhaps of another card, and sent nothing. */
  readonly replayed?: boolean
  readonly durationMs: number
}

/** Sends one request and reads its whole answer, headers and body within one time-out. */
export async function attempt(transport: Transport, request: AttemptRequest): Promise<Reply> {
  const { clock } = transport
  const startedAt = clock.now()
  const controller = new AbortController()
  let sent = false
  let reader: Reader | undefined
  const work = async (): Promise<Partial<Reply>> => {
    let authorization: string
    try {
      authorization = await transport.auth(contextOf(request))
    } catch (error) {
      return { lost: 'auth', cause: causeOf(error) }
    }
    // None, or too late: it was taken for lost, and another may be under way.
    if (!authorization || controller.signal.aborted || request.wanted?.() === false) return { lost: 'auth' }
    sent = true
    return send(transport, request, authorization, controller.signal, (opened) => {
      reader = opened
      // A fetch that did not heed the signal.
      if (controller.signal.aborted) cancel(reader)
    })
  }
  const answer = work().catch((error): Partial<Reply> => ({ lost: 'network', cause: causeOf(error) }))
  // A race, since an abort is not heard by a body that is being read on some Node versions.
  const reply = await within<Partial<Reply>>(clock, request.timeoutMs, answer, () => {
    controller.abort()
    cancel(reader)
    return { lost: sent ? 'timeout' : 'auth' }
  })
  const durationMs = clock.now() - startedAt
  // The machine slept before it read the answer: that is dated by then.
  const { date, ...undated } = reply
  return { httpStatus: 0, ...(durationMs > request.timeoutMs ? undated : reply), durationMs }
}

async function send(
  transport: Transport,
  request: AttemptRequest,
  authorization: string,
  signal: AbortSignal,
  opened: (reader: Reader) => void,
): Promise<Partial<Reply>> {
  const { path, requestKey, body } = request
  const { auth, fetch, maxBodyBytes } = transport
  const init: SendInit = {
    headers: {
      accept: 'application/json',
      authorization,
      // The one request that names a version. Protocol section 1.
      ...(path === '/async/balance' && { 'X-API-Version': '2' }),
      ...(body && { 'content-type': 'application/json', RequestID: requestKey ?? '' }),
    },
    ...(body && { method: 'POST', body }),
    redirect: 'manual',
    ...transport.cache,
  }
  // An arrow: a fetch that is called as a method of an object is an illegal invocation in browsers and workerd.
  const response = await transport.send(transport.baseUrl + path, init, (prepared) => fetch(prepared, { signal }))
  const { status: httpStatus, headers } = response
  const reader = response.body?.getReader() as Reader | undefined
  if (reader) opened(reader)
  if (isRedirected(response, transport.baseUrl + path) || httpStatus < 200 || (httpStatus > 299 && httpStatus < 400)) {
    cancel(reader)
    return { lost: 'redirect', httpStatus }
  }
  const date = parseHttpDate(headers.get('date'))
  const text = reader ? await readText(reader, maxBodyBytes) : await wholeText(response, maxBodyBytes)
  const json = text === undefined ? undefined : parseJson(text, auth.mask)
  // The same credentials would be refused again.
  const renewed = body && httpStatus === 401 && json !== undefined && (await isRenewed(auth, request, authorization))
  return {
    httpStatus,
    ...(text === undefined ? { lost: 'too-large' } : { json }),
    ...(date > 0 && { date }),
    ...(renewed && { renewed }),
    ...(body && headers.get('idempotency-replayed') === 'true' && { replayed: true }),
    retryAfterMs: retryAfter(headers.get('retry-after'), date > 0 ? date : transport.clock.now()),
    gatewayRequestId: headers.get('x-request-id')?.slice(0, 128),
  }
}

/** Whether a redirect was followed, although none should be: React Native follows them, and says only where it ended. */
const isRedirected = ({ redirected, url }: FetchedResponse, asked: string): boolean =>
  redirected ?? (!!url && !!hostOf(asked) && hostOf(url) !== hostOf(asked))

const hostOf = (url: string): string | undefined =>
  /^https?:\/\/([^/?#]*)/i
    .exec(url)?.[1]
    ?.toLowerCase()
    .replace(/:(80|443)$/, '')

const contextOf = ({ operation, requestKey, trackingId, uid, refused, inDoubt }: AttemptRequest): AuthContext => ({
  operation,
  ...(requestKey && { requestKey }),
  ...(trackingId && { trackingId }),
  ...(uid && { uid }),
  ...(inDoubt && { inDoubt }),
  ...(refused && { refused }),
})

async function isRenewed(auth: Auth, request: AttemptRequest, authorization: string): Promise<boolean> {
  try {
    return (await auth(contextOf({ ...request, refused: true }))) !== authorization
  } catch {
    return false
  }
}

const cancel = (reader: Reader | undefined): void => {
  reader?.cancel().catch(() => {})
}

/** The whole body as text, or nothing if it is larger than `maxBytes`. */
export async function readText(reader: Reader, maxBytes: number): Promise<string | undefined> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done || !value) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > maxBytes) {
      cancel(reader)
      return undefined
    }
    text += decoder.decode(value, { stream: true })
  }
}

/** The same where a response has no stream. */
async function wholeText(response: FetchedResponse, maxChars: number): Promise<string | undefined> {
  const text = (await response.text?.()) ?? ''
  return text.length > maxChars ? undefined : text
}

/**
 * `__proto__`, plain or escaped, is dropped: a body must not be able to change what copies of it inherit. `mask` hides
 * credentials that are echoed.
 */
export function parseJson(text: string, mask?: (text: string) => string): unknown {
  const escaped = text.includes('\\u')
  const risky = escaped || text.includes('__proto__') || (mask && mask(text) !== text)
  const revive = (key: string, value: unknown): unknown =>
    key === '__proto__' ? undefined : mask && typeof value === 'string' ? mask(value) : value
  try {
    return JSON.parse(text, risky ? revive : undefined)
  } catch {
    return undefined
  }
}

/** What keeps a runtime from answering polls from its cache; nothing where it refuses to be told so. */
export function noStore(): object {
  const init = { cache: 'no-store' } as const
  try {
    new Request('http://page', init)
    return init
  } catch {
    return {}
  }
}
