/** The options of a client, checked before anything else happens. */
import { TransactionError } from '../errors/transaction-error.ts'
import type { Journal } from '../journal/journal.ts'
import { type Clock, systemClock } from '../lib/clock.ts'
import type { ClientEvent } from '../payment/client-event.ts'
import { JournalStore } from '../payment/journal-store.ts'
import type { ObservedTask, Settings } from '../payment/settings.ts'
import { Stopwatch } from '../payment/stopwatch.ts'
import type { Schedule } from '../schedule/schedule.ts'
import { sqrtSchedule } from '../schedule/sqrt-schedule.ts'
import { noStore } from '../transport/attempt.ts'
import type { Auth } from '../transport/auth.ts'
import type { Fetch, Send } from '../transport/send.ts'

export interface ClientOptions {
  /** The gateway, `https://gw.horizonpay.kz`, on a server or at the edge; the token proxy, `/pay`, in a page. */
  baseUrl: string
  /** `basicAuth()` with the shop's credentials, or `bearerAuth()` with a token of the proxy. */
  auth: Auth
  /**
   * `'status'` polls `status_url` until the task is completed, then `response_url`. `'result'` polls `response_url` alone:
   * one request less, and no `completed` state.
   * @default 'status'
   */
  strategy?: 'status' | 'result' | undefined
  /** When to poll. @default sqrtSchedule() */
  schedule?: Schedule | undefined
  /** Where unsettled payments survive a reload or a crash. @default none */
  journal?: Journal | undefined
  /** Do not send anything that could not be journaled. @default false */
  journalRequired?: boolean | undefined
  /** @default the runtime's `fetch` */
  fetch?: Fetch | undefined
  /** @default the runtime's clock */
  clock?: Clock | undefined
  /** A number from 0 up to 1, for jitter. @default Math.random */
  random?: (() => number) | undefined
  /** Called for every attempt, loss, retry, warning and settlement. */
  onEvent?: ((event: ClientEvent) => void) | undefined
  /**
   * Called when a task gets its first observer, and when the last one leaves: for code that can tell when a
   * `task.poll()` is worth it, as `@async-transaction/core/browser` can.
   */
  onObserved?: ((task: ObservedTask, observed: boolean) => void) | undefined
  /**
   * Called when `watchOutcome` has an end to watch that may still be repaired, `unknown` or a `gateway-error`, and when
   * nobody watches it any more: for code that can tell when a `task.lookup()` is worth it.
   */
  onWatched?: ((task: ObservedTask, watched: boolean) => void) | undefined
  /**
   * How long a task is polled, in milliseconds from the acknowledgement. Where that has passed, it is polled once. When
   * `resume()` or `submit()` goes on after a `deadline` in the same client, the time counts anew from then.
   * @default 86400000, 24 hours
   */
  deadlineMs?: number | undefined
  /** How long one POST may take, headers and body, in milliseconds. @default 90000 */
  submitTimeoutMs?: number | undefined
  /** How long one GET may take, headers and body, in milliseconds. @default 30000 */
  pollTimeoutMs?: number | undefined
  /** Answers larger than this are not read. @default 262144 */
  maxBodyBytes?: number | undefined
  /** Lets `basicAuth` be used where there is a `document`, as in a test with a simulated page. @default false */
  allowSecretInBrowser?: boolean | undefined
  /** Lets `baseUrl` be `http:` on a host that is not loopback: the card would cross the network in the clear. @default false */
  allowHttp?: boolean | undefined
}

const NO_AUTH: Auth = () => ''

/** Every option there is, by its default, whose type is the type it must have. */
const defaults = () =>
  ({
    baseUrl: '',
    auth: NO_AUTH,
    strategy: 'status' as 'status' | 'result',
    schedule: sqrtSchedule(),
    journal: null as Journal | null,
    journalRequired: false,
    // Looked up at each call, and an arrow: a stored global is an illegal invocation in browsers and workerd.
    fetch: ((request, init) => fetch(request, init)) as Fetch,
    clock: systemClock,
    random: Math.random,
    onEvent: (_event: ClientEvent): void => {},
    onObserved: (_task: ObservedTask, _observed: boolean): void => {},
    onWatched: (_task: ObservedTask, _watched: boolean): void => {},
    deadlineMs: 24 * 60 * 60_000,
    submitTimeoutMs: 90_000,
    pollTimeoutMs: 30_000,
    maxBodyBytes: 256 * 1024,
    allowSecretInBrowser: false,
    allowHttp: false,
  }) satisfies Record<keyof ClientOptions, unknown>

/** An origin, a path, or both: nothing that could lead a request, and so the credentials, elsewhere. */
const BASE_URL = /^(https?:\/\/[^\s/?#@\\]+)?(\/(?!\/)[^\s?#\\]*)?$/i
const UNSAFE_URL = /^http:\/\/(?!(localhost|127(\.\d+){3}|\[::1\])(:\d+)?(\/|$)|[^/:]+\.localhost(:|\/|$))/i

/** The options with every default filled in. Throws `config`, naming the option and the rule. */
export function settingsOf(send: Send, options: ClientOptions): Settings {
  const settings = withDefaults(options, defaults())
  const { auth, strategy, fetch, journal, clock } = settings
  const baseUrl = settings.baseUrl.replace(/\/+$/, '')
  if (!baseUrl || !BASE_URL.test(settings.baseUrl))
    throw configError(
      'baseUrl must be an http(s) URL, or in a page a path such as "/pay", without credentials or query',
    )
  if (UNSAFE_URL.test(baseUrl) && !settings.allowHttp)
    throw configError('baseUrl must be https: the card would cross the network in the clear; for a test, set allowHttp')
  if (auth === NO_AUTH) throw configError('auth is missing: use basicAuth() on a server, bearerAuth() in a page')
  if (strategy !== 'status' && strategy !== 'result') throw configError('strategy must be "status" or "result"')
  const missing = journal && JOURNAL.find((method) => typeof journal[method] !== 'function')
  if (missing)
    throw configError(`journal has no ${missing}(): use memoryJournal(), webStorageJournal() or an unstorage`)
  if (auth.holdsSecret && 'document' in globalThis && !settings.allowSecretInBrowser)
    throw configError(
      'basicAuth would show the secret key to every visitor: use the token proxy and bearerAuth() in a page',
    )
  return {
    ...settings,
    send,
    baseUrl,
    uptime: new Stopwatch(clock, clock.now()),
    scope: `${auth.scope ?? ''}@${resolved(baseUrl)}`,
    journal: journal ? new JournalStore(journal, clock) : undefined,
    fetch: (request, init) => fetch(request, init),
    cache: noStore(),
  }
}

const JOURNAL = ['getItem', 'setItem', 'removeItem', 'getKeys'] as const satisfies (keyof Journal)[]

/** With the origin of the page, for a path. */
const resolved = (baseUrl: string): string => {
  const { location } = globalThis as { readonly location?: { readonly origin?: string } }
  return baseUrl.startsWith('/') ? `${location?.origin ?? ''}${baseUrl}` : baseUrl
}

/** `options` over `defaults`. Throws `config` for one that is not among these, or not of the type of its default. */
export function withDefaults<T extends object>(options: object, defaults: T): T {
  const settings = { ...defaults }
  for (const [name, value] of Object.entries(options ?? {})) {
    if (!Object.hasOwn(defaults, name))
      throw configError(`${name} is not an option; there are ${Object.keys(defaults).join(', ')}`)
    if (value === undefined) continue
    const type = typeof defaults[name as keyof T]
    if (typeof value !== type || value === null || (type === 'number' && !(value > 0)))
      throw configError(`${name} must be a ${type === 'number' ? 'positive number' : type}`)
    settings[name as keyof T] = value
  }
  return settings
}

export const configError = (message: string): TransactionError =>
  new TransactionError({ code: 'config', effect: 'none', message })
