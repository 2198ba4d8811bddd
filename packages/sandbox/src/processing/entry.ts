/** A transaction in the sandbox's books, and the pure steps of its life. */
import type { Card } from '../cards/card.ts'
import type { Order } from '../request/order.ts'
import type { Shop } from '../shop.ts'
import type { AcquirerMark } from './acquirer-mark.ts'
import { type Verdict, verdicts } from './verdicts.ts'

export interface Entry {
  readonly uid: string
  readonly order: Order
  /** `successful`, `failed`, `incomplete` or `expired`; the back office may write any other word. */
  readonly status: string
  /** How it ended; absent while `incomplete`. */
  readonly verdict?: Verdict
  readonly card: Card | undefined
  /** Stands for the card in later requests; every success of a card has one, as recorded, whether it was to be saved or not. */
  readonly token?: string
  /** Whether the customer is, or was, asked for 3-D Secure. */
  readonly challenged: boolean
  readonly currency: string | null
  readonly description: string | null
  readonly updatedAt: number
  readonly paidAt?: number
  /** Present once it reached the acquirer, who is the one that charges. */
  readonly acquirer?: AcquirerMark
  /** Fields that the back office wrote, over those that the standard answer would have. */
  readonly written?: Readonly<Record<string, unknown>>
  /** Whether it counts as a charge, if not by its `acquirer`. */
  readonly charged?: boolean
}

/** A transaction that waits for what is next: the acquirer, or the customer. */
export function openEntry(order: Order, uid: string, card: Card | undefined, parent: Entry | undefined): Entry {
  return {
    uid,
    order,
    status: 'incomplete',
    card,
    challenged: false,
    currency: order.currency ?? parent?.currency ?? null,
    description: order.description ?? parent?.description ?? null,
    updatedAt: order.takenAt,
  }
}

/** The owner of a transaction that every shop finds; no shop that calls has an empty id. */
export const everyShop: Shop = { shopId: '', secretKey: '' }

/** Whether a shop finds the transaction; those of other shops do not exist for it. */
export function belongsTo({ order: { shop } }: Entry, shopId: string): boolean {
  return shop.shopId === shopId || shop.shopId === everyShop.shopId
}

/** Whether the card was charged, or tried: the transaction reached the acquirer. */
export function isCharged({ charged, acquirer }: Entry): boolean {
  return charged ?? acquirer !== undefined
}

/** The transaction with its end. A final transaction never changes again. */
export function settle(
  entry: Entry,
  verdict: Verdict,
  at: number,
  draw: { readonly acquirer: () => AcquirerMark; readonly token: () => string },
): Entry {
  if (entry.status !== 'incomplete') return entry
  const { type } = entry.order
  const { status, reachesAcquirer } = verdicts[verdict]
  const successful = status === 'successful'
  const mark = type.acquirer && reachesAcquirer ? draw.acquirer() : undefined
  const saved = successful && entry.card !== undefined && type.flow === 'card'
  return {
    ...entry,
    status,
    verdict,
    updatedAt: at,
    ...(mark && { acquirer: successful ? mark : { ...mark, authCode: null } }),
    ...(mark && successful && { paidAt: at }),
    // The token that was paid with stays that of the card.
    ...(saved && { token: entry.order.token ?? draw.token() }),
  }
}
