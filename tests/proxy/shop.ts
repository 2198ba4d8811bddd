/** A shop with a token proxy before a sandbox gateway, and browsers with the unchanged client. In process, in real time. */
import {
  bearerAuth,
  type Client,
  type ClientOptions,
  type Clock,
  createClient,
  fixedSchedule,
  type PaymentRequest,
} from '@async-transaction/core'
import { createTokenProxy, type ProxyEvent, type TokenProxy, type TokenProxyOptions } from '@async-transaction/proxy'
import { createSandbox, type Sandbox, type SandboxOptions } from '@async-transaction/sandbox'
import { credentials, secret } from './shop-keys.ts'

const GATEWAY = 'https://gateway.test'
export const PAGE = 'https://shop.example'
export const BASE = `${PAGE}/pay`
export { credentials, secret }

export const cards = {
  succeeds: '4200000000000000',
  declined: '4005550000000019',
  threeDSecure: '4012000000001097',
}

/** Real time that can be set forward: timers run as they do, so that real cryptography has its time too. */
export function createMovableClock(): Clock & { move(ms: number): void } {
  let offset = 0
  return {
    now: () => Date.now() + offset,
    setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
    clearTimeout: (timer) => clearTimeout(timer as never),
    move(ms) {
      offset += ms
    },
  }
}

export interface Order {
  readonly amount: number
  readonly currency: string
  readonly description: string
  readonly trackingId: string
}

let orders = 0

/** An order like no other. */
export function newOrder(): Order {
  orders += 1
  return { amount: 1000 + orders, currency: 'KZT', description: `Order ${orders}`, trackingId: `order-${orders}` }
}

/** What the page sends for the order. */
export const requestFor = (order: Order, number: string = cards.succeeds, fields: object = {}): PaymentRequest => ({
  amount: order.amount,
  currency: order.currency,
  description: order.description,
  tracking_id: order.trackingId,
  credit_card: { number, verification_value: '123', holder: 'JANE ROE', exp_month: '05', exp_year: '2035' },
  ...fields,
})

export interface Shop {
  readonly sandbox: Sandbox
  readonly clock: ReturnType<typeof createMovableClock>
  readonly proxy: TokenProxy
  readonly events: ProxyEvent[]
  /** A token for the order, of `payments` unless told otherwise. */
  readonly token: (order: Order, more?: Partial<Parameters<TokenProxy['issue']>[0]>) => Promise<string>
  /** The unchanged client of a page. */
  readonly browser: (token: string, options?: Partial<ClientOptions>) => Client
  /** A raw request to the proxy, as a page sends it. */
  readonly call: (path: string, init?: RequestInit & { token?: string }) => Promise<Raw>
  readonly post: (token: string, request: object, init?: RequestInit) => Promise<Raw>
  /** Another proxy of the same shop: another process, with the same store if it is given. */
  readonly another: (options?: Partial<TokenProxyOptions>) => TokenProxy
  /** What reached the gateway. */
  readonly upstream: () => string[]
}

export interface Raw {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: raw JSON, read by assertions
  readonly body: any
  readonly text: string
}

export function createShop(options: Partial<TokenProxyOptions> = {}, gateway: SandboxOptions = {}): Shop {
  const clock = createMovableClock()
  const sandbox = createSandbox({ clock, credentials, seed: 1, ...gateway })
  const events: ProxyEvent[] = []
  const another = (more: Partial<TokenProxyOptions> = {}): TokenProxy =>
    createTokenProxy({
      gateway: { baseUrl: GATEWAY, ...credentials },
      secret,
      origins: [PAGE],
      clock,
      fetch: (request, init) => sandbox.fetch(request, init),
      onEvent: (event) => events.push(event),
      ...options,
      ...more,
    })
  const proxy = another()
  const call: Shop['call'] = (path, { token, ...init } = {}) =>
    send(proxy, `${BASE}${path}`, {
      ...init,
      headers: { ...(token && { authorization: `Bearer ${token}` }), ...init.headers },
    })
  return {
    sandbox,
    clock,
    proxy,
    events,
    another,
    call,
    token: (order, more) => proxy.issue({ type: 'payments', ...order, ...more }),
    browser: (token, more) =>
      createClient({
        baseUrl: BASE,
        auth: bearerAuth(token),
        clock,
        schedule: fixedSchedule({ intervalMs: 250 }),
        fetch: (request) => proxy.fetch(request),
        ...more,
      }),
    post: (token, request, init = {}) =>
      call('/async/transactions/payments', {
        method: 'POST',
        token,
        body: JSON.stringify({ request }),
        ...init,
        headers: { 'content-type': 'application/json', ...init.headers },
      }),
    upstream: () => sandbox.requests().map(({ operation }) => operation),
  }
}

export async function send(proxy: Pick<TokenProxy, 'fetch'>, url: string, init?: RequestInit): Promise<Raw> {
  const response = await proxy.fetch(new Request(url, init))
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: parse(text) }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
