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

/** A token for one payment: of a new attempt, if the last one certainly took no money. */
export const loadToken = async (id: string): Promise<string> =>
  (await call<{ readonly token: string }>(`${id}/token`, {})).token
