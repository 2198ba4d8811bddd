/** What a proxy is made from, checked before anything else happens. */
import { basicAuth, TransactionError } from '@async-transaction/core'
import {
  type Clock,
  type Fetch,
  fetchSend,
  noStore,
  systemClock,
  type Transport,
} from '@async-transaction/core/protocol'
import type { AcceptedCharge, ChargeOutcome } from './charge-outcome.ts'
import type { FetchContext } from './fetch-context.ts'
import type { ProxyEvent } from './proxy-event.ts'
import { memoryOutcomes } from './store/memory-outcomes.ts'
import type { OutcomeStore } from './store/outcome-store.ts'

export interface GatewayOptions {
  /** Such as `https://gw.horizonpay.kz`. `http:` is for loopback alone. */
  readonly baseUrl: string
  readonly shopId: string | number
  readonly secretKey: string
}

/** At most `max` within `windowMs` milliseconds. */
export interface RateLimit {
  readonly max: number
  readonly windowMs: number
}

export interface WebhookOptions {
  /** The shop's public key as the gateway shows it, bare base64 or PEM; several while keys are rotated. */
  readonly publicKey: string | readonly string[]
  /** Whether the shop's credentials must come along, as the gateway sends them. @default true */
  readonly checkCredentials?: boolean
}

export interface TokenProxyOptions {
  gateway: GatewayOptions
  /**
   * What tokens are signed with: at least 32 bytes, text counting in UTF-8. Of a list, the first signs and all are taken:
   * put a new one in front, and drop the old one after 24 hours.
   */
  secret: string | Uint8Array | readonly (string | Uint8Array)[]
  /** The origins whose pages may use it, exactly as browsers send them: `https://shop.example`. */
  origins: readonly string[]
  /** Where it stands on its server. @default '/pay' */
  basePath?: string
  /** Where outcomes are kept. @default memoryOutcomes(), for one process */
  outcomes?: OutcomeStore
  /** Takes the gateway's webhooks at `{basePath}/webhook`. @default there is no such path */
  webhook?: WebhookOptions
  /**
   * Told of every outcome that is known: at least once, so deduplicate by `key`. If it throws or rejects, it is called
   * again at the next read or webhook. @default nobody
   */
  onOutcome?: (outcome: ChargeOutcome) => void | PromiseLike<void>
  /**
   * Told of every charge that the gateway has accepted, once, before its outcome is known. Nothing waits for it, and it is
   * not called again if it fails. @default nobody
   */
  onAccepted?: (charge: AcceptedCharge) => void | PromiseLike<void>
  /** Lets `credit_card.token`, which stands for the card in later charges, go to the browser. @default false */
  exposeCardToken?: boolean
  /**
   * The address of who asks, for the rate limit and `customer.ip`. Never believe a header that a client can set.
   * @default what the runtime says: `CF-Connecting-IP` on Workers, the peer of the connection elsewhere
   */
  clientAddress?: (request: Request, context: FetchContext | undefined) => string | undefined
  /**
   * Rate limits. `token` and `address` count requests, `submits` the submissions of an address, all of them in this
   * process; `card` counts the charges tried with one card number, in the store, but those whose token fixes `test: true`.
   * The presets leave room for a whole shop behind one address; where customers come each with their own, take less.
   * @default token 6000 a minute, address 30000 a minute, submits 600 in ten minutes, card 200 an hour
   */
  limits?: {
    readonly token?: RateLimit
    readonly address?: RateLimit
    readonly submits?: RateLimit
    readonly card?: RateLimit
  }
  /** How long the gateway may take to answer a submission, in milliseconds; at least 60 000. @default 75000 */
  submitTimeoutMs?: number
  /** How long it may take to answer anything else, in milliseconds. @default 25000 */
  pollTimeoutMs?: number
  /** @default the runtime's `fetch` */
  fetch?: Fetch
  /** @default the runtime's clock */
  clock?: Clock
  /** A number from 0 up to 1, for jitter. @default Math.random */
  random?: () => number
  /** Told of every request, upstream exchange, settlement and warning. */
  onEvent?: (event: ProxyEvent) => void
}

export interface Settings {
  readonly transport: Transport
  readonly gateway: { readonly host: string; readonly shopId: string; readonly secretKey: string }
  readonly secrets: readonly Uint8Array<ArrayBuffer>[]
  readonly origins: readonly string[]
  /** Without a slash at its end; empty for the root. */
  readonly basePath: string
  readonly outcomes: OutcomeStore
  readonly webhook: WebhookOptions | undefined
  readonly onOutcome: TokenProxyOptions['onOutcome']
  readonly onAccepted: TokenProxyOptions['onAccepted']
  readonly exposeCardToken: boolean
  readonly clientAddress: TokenProxyOptions['clientAddress']
  readonly limits: Readonly<Record<'token' | 'address' | 'submits' | 'card', RateLimit>>
  readonly submitTimeoutMs: number
  readonly pollTimeoutMs: number
  readonly clock: Clock
  readonly random: () => number
  readonly emit: (event: ProxyEvent) => void
}

const SECRET_BYTES = 32
const MINUTE_MS = 60_000
const MAX_ANSWER_BYTES = 256 * 1024

/** The options with every default filled in. Throws `config`, naming the option and the rule. */
export function settingsOf(options: TokenProxyOptions): Settings {
  const { gateway, onEvent, limits = {}, fetch: given, clock = systemClock, onOutcome, webhook } = options
  const { submitTimeoutMs = 75_000, pollTimeoutMs = 25_000 } = options
  if (!gateway?.shopId || !gateway.secretKey) throw config('gateway needs { baseUrl, shopId, secretKey }, none empty')
  const url = checkGateway(gateway.baseUrl)
  if (!(submitTimeoutMs >= MINUTE_MS)) throw config('submitTimeoutMs must be at least 60000: a charge takes its time')
  if (!(pollTimeoutMs > 0)) throw config('pollTimeoutMs must be a positive number')
  if (webhook && ![webhook.publicKey].flat().every(Boolean)) throw config('webhook needs the public key of the shop')
  return {
    transport: {
      send: fetchSend,
      baseUrl: gateway.baseUrl.replace(/\/+$/, ''),
      auth: basicAuth(gateway),
      // Arrows: a stored global that is called as a method is an illegal invocation in workerd.
      fetch: given ? (request, init) => given(request, init) : (request, init) => fetch(request, init),
      clock,
      maxBodyBytes: MAX_ANSWER_BYTES,
      cache: noStore(),
    },
    gateway: { host: url.host, shopId: `${gateway.shopId}`, secretKey: gateway.secretKey },
    secrets: checkSecrets(options.secret),
    origins: checkOrigins(options.origins),
    basePath: checkBasePath(options.basePath ?? '/pay'),
    outcomes: checkStore(options.outcomes ?? memoryOutcomes(clock)),
    webhook,
    onOutcome,
    onAccepted: options.onAccepted,
    exposeCardToken: options.exposeCardToken === true,
    clientAddress: options.clientAddress,
    limits: {
      token: checkLimit(limits.token, { max: 6000, windowMs: MINUTE_MS }),
      address: checkLimit(limits.address, { max: 30_000, windowMs: MINUTE_MS }),
      submits: checkLimit(limits.submits, { max: 600, windowMs: 10 * MINUTE_MS }),
      card: checkLimit(limits.card, { max: 200, windowMs: 60 * MINUTE_MS }),
    },
    submitTimeoutMs,
    pollTimeoutMs,
    clock,
    random: options.random ?? Math.random,
    emit(event) {
      try {
        onEvent?.(event)
      } catch {
        // A log that fails costs no payment.
      }
    },
  }
}

const config = (message: string): TransactionError => new TransactionError({ code: 'config', effect: 'none', message })

function checkGateway(baseUrl: string): URL {
  const url = URL.canParse(baseUrl ?? '') ? new URL(baseUrl) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
    throw config('gateway.baseUrl must be an https URL without credentials, query or fragment')
  if (url.protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname))
    throw config('gateway.baseUrl must be https: the secret key and card numbers go there; http is for loopback alone')
  return url
}

function checkSecrets(secret: TokenProxyOptions['secret']): Uint8Array<ArrayBuffer>[] {
  const list = typeof secret === 'string' || secret instanceof Uint8Array ? [secret] : [...(secret ?? [])]
  const bytes = list.map((one) => (typeof one === 'string' ? new TextEncoder().encode(one) : new Uint8Array(one ?? [])))
  if (bytes.length === 0 || bytes.some(({ length }) => length < SECRET_BYTES))
    throw config(`secret must have at least ${SECRET_BYTES} bytes: make one with "openssl rand -base64 48"`)
  return bytes
}

function checkOrigins(origins: readonly string[]): readonly string[] {
  const list = Array.isArray(origins) ? [...origins] : []
  if (list.length === 0) throw config('origins must list the origins of your pages, such as "https://shop.example"')
  for (const origin of list)
    if (!/^https?:[^*]+$/.test(origin) || !URL.canParse(origin) || new URL(origin).origin !== origin)
      throw config('origins must be exact: scheme, host and port, without a path, a slash at the end or "*"')
  return list
}

function checkBasePath(basePath: string): string {
  const path = basePath.replace(/\/$/, '')
  if (!/^(\/[\w.~-]+)*$/.test(path) || /\/\.\.?(\/|$)/.test(path))
    throw config('basePath must be a path such as "/pay"')
  return path
}

function checkStore(store: OutcomeStore): OutcomeStore {
  for (const method of ['get', 'set', 'claim'] as const)
    if (typeof store[method] !== 'function') throw config(`outcomes must have ${method}()`)
  return store
}

function checkLimit(limit: RateLimit | undefined, preset: RateLimit): RateLimit {
  if (limit && !(limit.max > 0 && limit.windowMs > 0)) throw config('a limit needs { max, windowMs }, both positive')
  return limit ?? preset
}
