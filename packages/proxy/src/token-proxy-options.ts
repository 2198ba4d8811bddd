/** The options of a proxy. */
import type { Clock, Fetch } from '@async-transaction/core/protocol'
import type { AcceptedCharge, ChargeOutcome } from './charge-outcome.ts'
import type { FetchContext } from './fetch-context.ts'
import type { ProxyEvent } from './proxy-event.ts'
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
   * What tokens are signed with: at least 32 bytes of chance, such as from `openssl rand -base64 48`. A text counts in UTF-8,
   * and has no white space; known and repeated texts are refused. Of a list, the first signs and all are taken:
   * put a new one in front, and drop the old one after 24 hours.
   */
  secret: string | Uint8Array | readonly (string | Uint8Array)[]
  /** The origins of the pages that may use it, without a path: `https://shop.example`, or an app's `capacitor://localhost`. */
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
  /**
   * `'encrypted'` takes cards only as `encrypted_credit_card`, so that no card number passes through your server; a plain one
   * is refused with 400. @default 'any'
   */
  cards?: 'any' | 'encrypted'
  /** Lets `credit_card.token`, which stands for the card in later charges, go to the browser. @default false */
  exposeCardToken?: boolean
  /**
   * Further fields of a transaction that go to the page, such as `payment` or `credit_card`. A page gets its ids, status,
   * type, amount, currency, texts, code, links and times, and of the card the brand and the last four digits.
   * @default none
   */
  pageFields?: readonly string[]
  /**
   * The address of who asks, for the rate limit and `customer.ip`. Never believe a header that a client can set.
   * @default what the runtime says: `CF-Connecting-IP` on Workers, the peer of the connection elsewhere
   */
  clientAddress?: (request: Request, context: FetchContext | undefined) => string | undefined
  /**
   * Rate limits. `token` and `address` count requests, `submits` the POSTs of an address that go to the gateway, all of
   * them in this process. In the store: `card` counts the charges tried with one card number, `cards` the different
   * submissions of an order, and of an address where cards are encrypted. Repeats are not counted; nor are, by the card,
   * charges whose token fixes `test: true`. Addresses of IPv6 count by their first 64 bits. The presets of addresses leave
   * room for a whole shop behind one; where customers come each with their own, take less.
   * @default token 120 a minute, address 30000 a minute, submits 600 in ten minutes, card 200 an hour, cards 10 a day for an
   * order and 200 an hour for an address
   */
  limits?: {
    readonly token?: RateLimit
    readonly address?: RateLimit
    readonly submits?: RateLimit
    readonly card?: RateLimit
    readonly cards?: RateLimit
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
