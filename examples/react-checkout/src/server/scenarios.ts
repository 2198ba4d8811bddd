/** What a visitor can have the sandbox do to the next payment of an order, and what the gateway saw of it. */
import type { Clock } from '@async-transaction/core'
import type { Sandbox } from '@async-transaction/sandbox'

/** Decline and 3-D Secure are a matter of the card; everything else is one of the sandbox's faults. */
const faults: Readonly<Record<string, (aim: Aim) => readonly (() => void)[]>> = {
  plain: () => [],
  slow: ({ sandbox, trackingId }) => [
    sandbox.fault({ on: 'status', kind: 'processing-word', word: 'processing', times: Infinity, trackingId }),
  ],
  drop: ({ sandbox, trackingId }) => [sandbox.fault({ on: 'submit', kind: 'drop-after', trackingId })],
  error: ({ sandbox, trackingId }) => [sandbox.fault({ on: 'submit', kind: 'error', charged: true, trackingId })],
  expire: ({ sandbox, trackingId }) => [
    sandbox.fault({ on: 'submit', kind: 'forget', charged: true, trackingId }),
    sandbox.fault({
      on: 'lookup',
      kind: 'http',
      status: 200,
      body: { transactions: [] },
      times: Infinity,
      trackingId,
    }),
  ],
}

interface Aim {
  readonly sandbox: Sandbox
  readonly trackingId: string
}

/** How long a scenario lasts at most from the moment it was chosen or the payment was taken, in milliseconds. */
const LASTS_MS = 20_000

export interface GatewayView {
  /** How often money was taken for this order. */
  readonly charges: number
  readonly posts: number
  /** Under how many `RequestID`s they came. */
  readonly requestIds: number
  readonly reads: number
  readonly transactions: readonly string[]
}

export class Scenarios {
  readonly #sandbox: Sandbox
  readonly #clock: Clock
  readonly #undo = new Map<string, () => void>()

  constructor(sandbox: Sandbox, clock: Clock) {
    this.#sandbox = sandbox
    this.#clock = clock
  }

  /** Plans a scenario for the order, instead of the one it had. Returns whether there is one of that name. */
  choose(trackingId: string, name: string): boolean {
    const plan = Object.hasOwn(faults, name) ? faults[name] : undefined
    if (!plan) return false
    this.end(trackingId)
    const planned = plan({ sandbox: this.#sandbox, trackingId })
    this.#undo.set(trackingId, () => {
      for (const undo of planned) undo()
    })
    return true
  }

  /** The gateway is itself again. */
  end(trackingId: string): void {
    this.#undo.get(trackingId)?.()
    this.#undo.delete(trackingId)
  }

  /** A payment was taken: from now on the scenario lasts so long. */
  begin(trackingId: string): void {
    const undo = this.#undo.get(trackingId)
    if (undo) this.#clock.setTimeout(undo, LASTS_MS)
  }

  view(trackingId: string): GatewayView {
    const requests = this.#sandbox.requests().filter((request) => request.trackingId === trackingId)
    const posts = requests.filter(({ operation }) => operation === 'submit')
    const transactions = this.#sandbox.transactions(trackingId).map(({ status }) => status)
    return {
      // What the customer pays: the sandbox's own count has declines in it, which reached the bank too.
      charges: transactions.filter((status) => status === 'successful').length,
      posts: posts.length,
      requestIds: new Set(posts.map(({ requestIdHeader }) => requestIdHeader)).size,
      reads: requests.length - posts.length,
      transactions,
    }
  }
}
