/**
 * One HTTP exchange with the gateway, over ky with everything that retries, throws, follows or caches turned off: the
 * loop owns every decision, since a GET consumes what it reads. Whatever goes wrong is a `lost` reply, never a throw:
 * the errors of ky hold the request, and so the card. Protocol section 1, "What follows".
 */
import ky from 'ky'
import { type Clock, within } from '../lib/clock.ts'
import type { Auth } from './auth.ts'
import { parseHttpDate, retryAfter } from './retry-after.ts'

/** The way to the gateway, as the client was configured. */
export interface Transport {
  readonly baseUrl: string
  readonly auth: Auth
  readonly fetch: Fetch
  readonly clock: Clock
  readonly maxBodyBytes: number
  /** `{ cache: 'no-store' }` where the runtime's `Request` takes it. */
  readonly cache: object
}

/** Any `fetch`: the platform's, or one that answers in process. */
// biome-ignore lint/suspicious/noExplicitAny: core names no DOM type, and every runtime has its own
export type Fetch = (request: any, init?: any) => PromiseLike<FetchedResponse> | FetchedResponse

/** What is used of a `Response`. */
export interface FetchedResponse {
  readonly status: number
  readonly redirected?: boolean
  readonly headers: { get(name: string): string | null }
  readonly body: { getReader(): unknown } | null
}

interface Reader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>
  cancel(): Promise<void>
}

/** A POST if it has a body, else a GET. */
export interface AttemptRequest {
  readonly path: string
  readonly timeoutMs: number
  readonly requestKey?: string
  readonly body?: string | undefined
}

/** Why there is no answer: the network, our time-out, a refused redirect, a body too large, or no credentials to send. */
export type LossReason = 'network' | 'timeout' | 'redirect' | 'too-large' | 'auth'

/** What came back. */
export interface Reply {
  /** Set when no whole answer was seen. */
  readonly lost?: LossReason
  /** 0 when no headers were seen. */
  readonly httpStatus: number
  /** The parsed body; nothing if it was empty or not JSON. */
  readonly json?: unknown
  readonly retryAfterMs?: number | undefined
  /** The gateway's clock, from its `Date` header. */
  readonly date?: number
  readonly gatewayRequestId?: string | undefined
  readonly durationMs: number
}

/** Sends one request and reads its whole answer, headers and body within one time-out. */
export async function attempt(transport: Transport, request: AttemptRequest): Promise<Reply> {
  const { clock } = transport
  const startedAt = clock.now()
  const controller = new AbortController()
  let reader: Reader | undefined
  const answer = send(transport, request, controller.signal, (opened) => {
    reader = opened
    // A fetch that did not heed the signal.
    if (controller.signal.aborted) cancel(reader)
  }).catch((): Partial<Reply> => ({ lost: 'network' }))
  // A race, since an abort is not heard by a body that is being read on some Node versions.
  const reply = await within<Partial<Reply>>(clock, request.timeoutMs, answer, () => {
    controller.abort()
    cancel(reader)
    return { lost: 'timeout' }
  })
  return { httpStatus: 0, ...reply, durationMs: clock.now() - startedAt }
}

async function send(
  transport: Transport,
  { path, requestKey, body }: AttemptRequest,
  signal: AbortSignal,
  opened: (reader: Reader) => void,
): Promise<Partial<Reply>> {
  let authorization: string
  try {
    authorization = await transport.auth()
  } catch {
    return { lost: 'auth' }
  }
  // Too late: it was told that nothing was heard, and another may be under way.
  if (signal.aborted) return { lost: 'timeout' }
  const response: FetchedResponse = await ky(transport.baseUrl + path, {
    headers: {
      accept: 'application/json',
      authorization,
      ...(body && { 'content-type': 'application/json', RequestID: requestKey }),
    },
    ...(body && { method: 'post', body }),
    retry: 0,
    throwHttpErrors: false,
    timeout: false,
    redirect: 'manual',
    ...transport.cache,
    // An arrow: a fetch that is called as a method of ky's options is an illegal invocation in browsers and workerd.
    fetch: (prepared: unknown) => transport.fetch(prepared, { signal }) as never,
  })
  const { status: httpStatus, headers } = response
  const reader = response.body?.getReader() as Reader | undefined
  if (reader) opened(reader)
  if (response.redirected || httpStatus < 200 || (httpStatus > 299 && httpStatus < 400)) {
    cancel(reader)
    return { lost: 'redirect', httpStatus }
  }
  const date = parseHttpDate(headers.get('date'))
  const text = reader ? await readText(reader, transport.maxBodyBytes) : ''
  return {
    httpStatus,
    ...(text === undefined ? { lost: 'too-large' } : { json: parseJson(text) }),
    ...(date > 0 && { date }),
    retryAfterMs: retryAfter(headers.get('retry-after'), date > 0 ? date : transport.clock.now()),
    gatewayRequestId: headers.get('x-request-id')?.slice(0, 128),
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

/** `__proto__`, plain or escaped, is dropped: a body must not be able to change what copies of it inherit. */
export function parseJson(text: string): unknown {
  const risky = text.includes('__proto__') || text.includes('\\u')
  try {
    return JSON.parse(text, risky ? (key, value) => (key === '__proto__' ? undefined : value) : undefined)
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
