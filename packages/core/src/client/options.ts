/** What a client is made from, checked before anything else happens. */
import { TransactionError } from '../errors/transaction-error.ts'
import type { Journal } from '../journal/journal.ts'
import { type Clock, systemClock } from '../lib/clock.ts'
import type { Schedule } from '../schedule/schedule.ts'
import { sqrtSchedule } from '../schedule/sqrt-schedule.ts'
import type { ClientEvent } from '../task/event.ts'
import type { ObservedTask, Settings } from '../task/settings.ts'
import type { Fetch } from '../transport/attempt.ts'
import type { Auth } from '../transport/auth.ts'

export interface ClientOptions {
  /** The gateway, `https://gw.horizonpay.kz`, on a server or at the edge; the token proxy, `/pay`, in a page. */
  baseUrl: string
  /** `basicAuth()` with the shop's credentials, or `bearerAuth()` with a token of the proxy. */
  auth: Auth
  /**
   * `'status'` asks `status_url` until the task is completed, then `response_url`. `'result'` asks `response_url` alone:
   * one request less, and no `completed` state.
   * @default 'status'
   */
  strategy?: 'status' | 'result'
  /** When to ask. @default sqrtSchedule() */
  schedule?: Schedule
  /** Where unsettled payments survive a reload or a crash. @default none */
  journal?: Journal
  /** Do not send anything that could not be journaled. @default false */
  journalRequired?: boolean
  /** @default the runtime's `fetch` */
  fetch?: Fetch
  /** @default the runtime's clock */
  clock?: Clock
  /** A number from 0 up to 1, for jitter. @default Math.random */
  random?: () => number
  /** Told of every attempt, loss, retry, warning and settlement. */
  onEvent?: (event: ClientEvent) => void
  /**
   * Told when a task has its first observer, and when it has none any more: for whoever can tell when it is worth a
   * `task.poll()`, as `@async-transaction/core/browser` can.
   */
  onObserved?: (task: ObservedTask, observed: boolean) => void
  /** How long a task is asked after, in milliseconds from the acknowledgement. @default 86400000, 24 hours */
  deadlineMs?: number
  /** How long one POST may take, headers and body, in milliseconds. @default 90000 */
  submitTimeoutMs?: number
  /** How long one GET may take, headers and body, in milliseconds. @default 30000 */
  pollTimeoutMs?: number
  /** Answers larger than this are not read. @default 262144 */
  maxBodyBytes?: number
  /** Lets `basicAuth` be used where there is a `document`, as in a test with a simulated page. @default false */
  allowSecretInBrowser?: boolean
}

const TYPES: Readonly<Record<keyof ClientOptions, string>> = {
  baseUrl: 'string',
  auth: 'function',
  strategy: 'string',
  schedule: 'function',
  journal: 'object',
  journalRequired: 'boolean',
  fetch: 'function',
  clock: 'object',
  random: 'function',
  onEvent: 'function',
  onObserved: 'function',
  deadlineMs: 'number',
  submitTimeoutMs: 'number',
  pollTimeoutMs: 'number',
  maxBodyBytes: 'number',
  allowSecretInBrowser: 'boolean',
}

/** The longest a runtime's timer can wait: with more it fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The options with every default filled in. Throws `config`, naming the option and the rule. */
export function settingsOf(options: ClientOptions): Settings {
  checkOptions(options, TYPES)
  const { baseUrl, auth, strategy = 'status', journal, journalRequired = false, onEvent, onObserved } = options
  const {
    clock = systemClock,
    random = Math.random,
    deadlineMs = 24 * 60 * 60_000,
    maxBodyBytes = 256 * 1024,
  } = options
  const { schedule = sqrtSchedule(), submitTimeoutMs = 90_000, pollTimeoutMs = 30_000, fetch: given } = options
  if (!auth) throw configError('auth is missing: use basicAuth() on a server, bearerAuth() in a page')
  if (strategy !== 'status' && strategy !== 'result') throw configError('strategy must be "status" or "result"')
  if (auth.holdsSecret && 'document' in globalThis && !options.allowSecretInBrowser)
    throw configError(
      'basicAuth would show the secret key to every visitor: use the token proxy and bearerAuth() in a page',
    )
  return {
    baseUrl: checkBaseUrl(baseUrl),
    auth,
    strategy,
    schedule,
    journal,
    journalRequired,
    // Arrows: a stored global that is called as a method is an illegal invocation in browsers and workerd.
    fetch: given ? (request, init) => given(request, init) : (request, init) => fetch(request, init),
    clock,
    random,
    onEvent,
    onObserved,
    deadlineMs,
    submitTimeoutMs: Math.min(submitTimeoutMs, LONGEST_TIMER_MS),
    pollTimeoutMs: Math.min(pollTimeoutMs, LONGEST_TIMER_MS),
    maxBodyBytes,
    cache: noStore(),
  }
}

/** Throws `config` for an option that is not one of `types`, or not of its type. */
export function checkOptions(options: object, types: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(options ?? {})) {
    const type = Object.hasOwn(types, name) && types[name]
    if (!type) throw configError(`${name} is not an option; there are ${Object.keys(types).join(', ')}`)
    if (value === undefined) continue
    if (typeof value !== type || value === null || (type === 'number' && !(value > 0)))
      throw configError(`${name} must be a ${type === 'number' ? 'positive number' : type}`)
  }
}

export const configError = (message: string): TransactionError =>
  new TransactionError({ code: 'config', effect: 'none', message })

/** An origin, a path, or both: nothing that could lead a request, and so the credentials, elsewhere. */
const BASE_URL = /^(https?:\/\/[^\s/?#@\\]+)?(\/(?!\/)[^\s?#\\]*)?$/i

function checkBaseUrl(baseUrl: string | undefined): string {
  if (!baseUrl || !BASE_URL.test(baseUrl))
    throw configError(
      'baseUrl must be an http(s) URL, or in a page a path such as "/pay", without credentials or query',
    )
  return baseUrl.replace(/\/+$/, '')
}

/** A runtime may answer polls from its cache; some refuse to be told not to. */
function noStore(): object {
  const init = { cache: 'no-store' } as const
  try {
    new Request('http://page', init)
    return init
  } catch {
    return {}
  }
}
