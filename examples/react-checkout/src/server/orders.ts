/** The shop's orders. In memory, as everything here. */

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

const LINES: readonly Line[] = [
  { name: 'Almaty Mornings', detail: 'Filter roast, 250 g', count: 2, amount: 798_000 },
  { name: 'Paper filters', detail: 'Size 02, 100 pieces', count: 1, amount: 189_000 },
  { name: 'Delivery', detail: 'Courier, tomorrow', count: 1, amount: 100_000 },
]

export class Orders {
  readonly #orders = new Map<string, { readonly order: Order; session?: string }>()
  readonly #cardKey: string

  constructor(cardKey: string) {
    this.#cardKey = cardKey
  }

  create(): Order {
    const id = `${1000 + this.#orders.size}-${crypto.randomUUID().slice(0, 4)}`
    const amount = LINES.reduce((sum, line) => sum + line.amount, 0)
    const cardKey = this.#cardKey
    const order: Order = { id, description: `Order ${id}`, lines: LINES, amount, currency: 'KZT', cardKey }
    this.#orders.set(id, { order })
    return order
  }

  /** Gives the order to the first session that opens it. */
  open(id: string | undefined, session: string): void {
    const known = this.#orders.get(id ?? '')
    if (known) known.session ??= session
  }

  /** The order, if it is of this session. */
  find(id: string | undefined, session: string | undefined): Order | undefined {
    const known = this.#orders.get(id ?? '')
    return known?.session !== undefined && known.session === session ? known.order : undefined
  }
}
