/** What is compared: seven ways to pay over an asynchronous API. Each does it as its documentation, or a good engineer, would. */
import { readdirSync } from 'node:fs'

/** The gateway as a contestant sees it. */
export interface Gateway {
  readonly baseUrl: string
  readonly fetch: typeof fetch
}

export interface Order {
  readonly amount: number
  readonly currency: string
  readonly description: string
  readonly tracking_id: string
}

/** Submits, asks every `intervalMs` until it is done, and fetches the result. */
export type Pay = (order: Order) => Promise<unknown>

export interface Contestant {
  /** How it is called in tables. */
  readonly name: string
  /** One client, as a process has one. */
  start(gateway: Gateway, intervalMs: number): Pay
}

export const authorization = `Basic ${btoa('361:shop-secret')}`
export const TIMEOUT_MS = 30_000

export const newOrder = (number: number): Order => ({
  amount: 3245,
  currency: 'KZT',
  description: 'Order',
  tracking_id: `order-${number}`,
})

/** The names of all, by their files. */
export const contestants: readonly string[] = readdirSync(new URL('./contestants/', import.meta.url))
  .map((file) => file.replace('.ts', ''))
  .sort()

export const load = async (name: string): Promise<Contestant> => (await import(`./contestants/${name}.ts`)).default
