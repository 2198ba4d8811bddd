/** What is compared: seven ways to pay over an asynchronous API, each as its documentation, or a good engineer, would do it. */

/** The gateway as a contestant sees it. */
export interface Gateway {
  readonly baseUrl: string
  readonly fetch: typeof fetch
}

export type Order = {
  readonly amount: number
  readonly currency: string
  readonly description: string
  readonly tracking_id: string
}

/** Submits, asks until it is done, and fetches the result. `signal` gives up. */
export type Pay = (order: Order, signal?: AbortSignal) => Promise<unknown>

export interface Contestant {
  /** How it is called in tables. */
  readonly name: string
  readonly ours?: true
  /** Makes one client, as a process has one, that asks every `intervalMs`. */
  start(gateway: Gateway, intervalMs: number): Pay
}

/** By the name of their file. */
export const contestants = [
  'async-transaction',
  'ky-loop',
  'ky-rxjs',
  'fetch-loop',
  'tanstack-query',
  'fal-client',
  'azure-core-lro',
] as const

export type ContestantName = (typeof contestants)[number] | 'async-transaction-result'

export const load = async (name: string): Promise<Contestant> => (await import(`./contestants/${name}.ts`)).default

export const authorization: string = `Basic ${btoa('361:shop-secret')}`
/** What a request may take, where a contestant can be told, in milliseconds. */
export const TIMEOUT_MS = 30_000

export const newOrder = (number: number): Order => ({
  amount: 3245,
  currency: 'KZT',
  description: 'Order',
  tracking_id: `order-${number}`,
})

export const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const leave = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', leave)
      resolve()
    }, ms)
    signal?.addEventListener('abort', leave)
  })
