/** The settings of a proxy: its options, checked and with every default filled in. */
import { type Auth, basicAuth, TransactionError } from '@async-transaction/core'
import {
  type Clock,
  fetchSend,
  isPublicKey,
  noStore,
  systemClock,
  type Transport,
} from '@async-transaction/core/protocol'
import { checkOptions } from './check-options.ts'
import { checkSecrets } from './check-secrets.ts'
import type { RedactOptions } from './outcomes/redact.ts'
import type { ProxyEvent } from './proxy-event.ts'
import { memoryOutcomes } from './store/memory-outcomes.ts'
import type { OutcomeStore } from './store/outcome-store.ts'
import type { Shop } from './token/intent-id.ts'
import type { GatewayOptions, RateLimit, TokenProxyOptions, WebhookOptions } from './token-proxy-options.ts'

export type { GatewayOptions, RateLimit, TokenProxyOptions, WebhookOptions }

export interface Settings {
  readonly transport: Transport
  readonly gateway: Shop & { readonly host: string; readonly secretKey: string }
  readonly secrets: readonly Uint8Array<ArrayBuffer>[]
  readonly origins: readonly string[]
  /** Without a slash at its end; empty for the root. */
  readonly basePath: string
  readonly outcomes: OutcomeStore
  readonly webhook: WebhookOptions | undefined
  readonly onOutcome: TokenProxyOptions['onOutcome']
  readonly onAccepted: TokenProxyOptions['onAccepted']
  readonly cards: 'any' | 'encrypted'
  readonly redact: RedactOptions
  readonly pageFields: readonly string[]
  readonly clientAddress: TokenProxyOptions['clientAddress']
  readonly limits: Readonly<Record<'token' | 'address' | 'submits' | 'card' | 'cards' | 'ciphertexts', RateLimit>>
  readonly submitTimeoutMs: number
  readonly pollTimeoutMs: number
  readonly clock: Clock
  readonly random: () => number
  readonly emit: (event: ProxyEvent) => void
}

const MINUTE_MS = 60_000
const MAX_ANSWER_BYTES = 256 * 1024

/** The options with every default filled in. Throws `config`, naming the option and the rule. */
export function settingsOf(options: TokenProxyOptions): Settings {
  checkOptions(options)
  const { gateway, onEvent, limits = {}, fetch: given, clock = systemClock, onOutcome, webhook } = options
  const { submitTimeoutMs = 75_000, pollTimeoutMs = 25_000 } = options
  if (!gateway?.shopId || !gateway.secretKey) throw config('gateway needs { baseUrl, shopId, secretKey }, none empty')
  const url = checkGateway(gateway.baseUrl)
  if (!(submitTimeoutMs >= MINUTE_MS)) throw config('submitTimeoutMs must be at least 60000: a charge takes its time')
  if (!(pollTimeoutMs > 0)) throw config('pollTimeoutMs must be a positive number')
  if (webhook) checkPublicKeys(webhook.publicKey)
  const auth: Auth = basicAuth(gateway)
  const baseUrl = gateway.baseUrl.replace(/\/+$/, '')
  return {
    transport: {
      send: fetchSend,
      baseUrl,
      auth,
      // Arrows: a stored global that is called as a method is an illegal invocation in workerd.
      fetch: given ? (request, init) => given(request, init) : (request, init) => fetch(request, init),
      clock,
      maxBodyBytes: MAX_ANSWER_BYTES,
      cache: noStore(),
    },
    gateway: { baseUrl, host: url.host, shopId: `${gateway.shopId}`, secretKey: gateway.secretKey },
    secrets: checkSecrets(options.secret),
    origins: checkOrigins(options.origins),
    basePath: checkBasePath(options.basePath ?? '/pay'),
    outcomes: checkStore(options.outcomes ?? memoryOutcomes(clock)),
    webhook,
    onOutcome,
    onAccepted: options.onAccepted,
    cards: options.cards ?? 'any',
    redact: {
      exposeCardToken: options.exposeCardToken === true,
      host: url.host,
      mask: auth.mask ?? ((text) => text),
    },
    pageFields: options.pageFields ?? [],
    clientAddress: options.clientAddress,
    limits: {
      token: checkLimit(limits.token, { max: 120, windowMs: MINUTE_MS }),
      address: checkLimit(limits.address, { max: 30_000, windowMs: MINUTE_MS }),
      submits: checkLimit(limits.submits, { max: 600, windowMs: 10 * MINUTE_MS }),
      card: checkLimit(limits.card, { max: 200, windowMs: 60 * MINUTE_MS }),
      cards: checkLimit(limits.cards, { max: 10, windowMs: 24 * 60 * MINUTE_MS }),
      ciphertexts: checkLimit(limits.cards, { max: 200, windowMs: 60 * MINUTE_MS }),
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

/**
 * As browsers send them: an international host in punycode, and the port only where it is not the scheme's own. Apps have
 * schemes of their own, such as `capacitor:`.
 */
function checkOrigins(origins: readonly string[] = []): readonly string[] {
  if (origins.length === 0) throw config('origins must list the origins of your pages, such as "https://shop.example"')
  return origins.map((origin) => {
    const url = /^(?!(?:file|data|blob|about|javascript):)[a-z][a-z\d+.-]*:\/\/[^\s/?#@*\\]+$/i.test(origin)
    if (!url || !URL.canParse(origin))
      throw config('origins must be exact: scheme, host and port, without a path, a slash at the end or "*"')
    const { origin: web, protocol, host } = new URL(origin)
    return web === 'null' ? `${protocol}//${host}` : web
  })
}

function checkPublicKeys(publicKey: WebhookOptions['publicKey']): void {
  const keys = [publicKey].flat()
  if (keys.length === 0 || !keys.every(isPublicKey))
    throw config('webhook.publicKey must be the public key of the shop, an RSA key as base64 or PEM')
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
