/** The shop's orders, and what they cost. */

/** What the page shows, and what its token is bound to. */
export interface Order {
  readonly id: string
  readonly description: string
  /** In minor units. */
  readonly amount: number
  readonly currency: string
  readonly items: readonly { readonly name: string; readonly amount: number }[]
}

/** Each order has a price of its own: the gateway refuses the same amount on the same card within 30 seconds. */
export function orderOf(id: string): Order {
  const items = [
    { name: 'Ceramic teapot', amount: 1_890_000 },
    { name: 'Two cups', amount: 640_000 },
    { name: 'Delivery', amount: 150_000 + (Number.parseInt(id, 10) % 1000) * 100 },
  ]
  const amount = items.reduce((sum, item) => sum + item.amount, 0)
  return { id, description: `Order ${id}`, amount, currency: 'KZT', items }
}
