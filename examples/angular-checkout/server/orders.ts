/** The shop's orders: what they cost, and which attempt at paying one may be made. */
import type { Transaction } from '@async-transaction/core'

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

export interface Attempts {
  /** The attempt that is being made, or was made last. */
  current(orderId: string): number
  /** The gateway refused the current one: it made no transaction. */
  refused(orderId: string): void
  /**
   * The attempt that may charge: a new one only when it is known that every earlier one failed. While that is not known it is
   * the same one, and the same attempt is the same charge. Nothing when the order is paid.
   */
  next(orderId: string, transactions: readonly Transaction[]): number | undefined
}

export function createAttempts(): Attempts {
  const made = new Map<string, { attempt: number; refused: Set<number> }>()
  const of = (orderId: string) => {
    const order = made.get(orderId) ?? { attempt: 1, refused: new Set<number>() }
    made.set(orderId, order)
    return order
  }
  return {
    current: (orderId) => of(orderId).attempt,
    refused(orderId) {
      const order = of(orderId)
      order.refused.add(order.attempt)
    },
    next(orderId, transactions) {
      const order = of(orderId)
      if (transactions.some(({ status }) => status === 'successful')) return undefined
      const failed = transactions.filter(({ status }) => /^(failed|expired)$/.test(status)).length
      if (failed + order.refused.size === order.attempt) order.attempt += 1
      return order.attempt
    },
  }
}
