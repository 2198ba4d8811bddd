/** The shop's orders, and which try at paying each is at. In memory, as everything here. */

export interface Line {
  readonly name: string
  readonly detail: string
  readonly count: number
  /** Of all of them, in minor units. */
  readonly amount: number
}

/** What the page is told of an order. */
export interface Order {
  readonly id: string
  readonly description: string
  readonly lines: readonly Line[]
  /** In minor units. */
  readonly amount: number
  readonly currency: string
  /** The gateway's public key, by which the page encrypts the card. */
  readonly cardKey: string
}

export interface Payments {
  readonly order: Order
  /** Tries are counted from 1. Each is one charge at most, however many tokens are made for it. */
  attempt: number
  /** The current try came to an end that moved no money: another may be made. */
  failed: boolean
  /** How many transactions the gateway had when the current try was allowed. */
  before: number
}

const LINES: readonly Line[] = [
  { name: 'Almaty Mornings', detail: 'Filter roast, 250 g', count: 2, amount: 798_000 },
  { name: 'Paper filters', detail: 'Size 02, 100 pieces', count: 1, amount: 189_000 },
  { name: 'Delivery', detail: 'Courier, tomorrow', count: 1, amount: 100_000 },
]

export class Orders {
  readonly #payments = new Map<string, Payments>()
  readonly #cardKey: string

  constructor(cardKey: string) {
    this.#cardKey = cardKey
  }

  create(): Order {
    const id = `${1000 + this.#payments.size}-${crypto.randomUUID().slice(0, 4)}`
    const amount = LINES.reduce((sum, line) => sum + line.amount, 0)
    const order: Order = {
      id,
      description: `Order ${id}`,
      lines: LINES,
      amount,
      currency: 'KZT',
      cardKey: this.#cardKey,
    }
    this.#payments.set(id, { order, attempt: 1, failed: false, before: 0 })
    return order
  }

  find(id: string | undefined): Payments | undefined {
    return this.#payments.get(id ?? '')
  }
}
