/** The shop's own API, as far as the page uses it. */

import type { Order } from '../server/orders.ts'
import type { GatewayView } from '../server/scenarios.ts'

export type { GatewayView, Order }

async function call<T>(path: string, body?: object): Promise<T> {
  const response = await fetch(
    `/api/orders/${path}`,
    body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  )
  if (response.status === 204) return undefined as T
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.message)
  return answer
}

export const loadOrder = (id: string): Promise<Order> => call(id)
export const loadGateway = (id: string): Promise<GatewayView> => call(`${id}/gateway`)
export const chooseScenario = (id: string, name: string): Promise<void> => call(`${id}/scenario`, { name })

interface Token {
  readonly token: string
  readonly attempt: number
}

/** The tokens that the shop gives to this page for one order: each lets it make one charge, once. */
export interface Tokens {
  current(): Promise<string>
  /** A new one: before a charge, since a token charges for 15 minutes. `again`: for the try after the one that failed. */
  renew(again: boolean): Promise<void>
}

export function createTokens(order: string): Tokens {
  let latest: Promise<Token> | undefined
  const load = (after?: number): Promise<Token> => {
    const loading = call<Token>(`${order}/token`, { after })
    // One that could not be had is asked for again.
    latest = loading.catch((error) => {
      latest = undefined
      throw error
    })
    return latest
  }
  return {
    current: async () => (await (latest ?? load())).token,
    async renew(again) {
      const { attempt } = await (latest ?? load())
      await load(again ? attempt : undefined)
    },
  }
}
