/** What can be submitted under `/async` (protocol section 1), and how each is processed. */

export interface TransactionType {
  /** The last part of the path. */
  readonly path: string
  /** The `type` of the transaction, and the name of the acquirer's section in it. */
  readonly name: string
  /**
   * `card`: on a card or its token · `child`: on an earlier transaction, its parent · `card-token`, `balance`, `query`:
   * not a transaction at all, and not under `/async/transactions`.
   */
  readonly flow: 'card' | 'child' | 'card-token' | 'balance' | 'query'
  /** Whether it reaches the acquirer, and so counts in `sandbox.charges()`. */
  readonly acquirer: boolean
  /** Whether the customer's bank may ask for 3-D Secure. */
  readonly customerPays: boolean
  /** The types that its parent may have. */
  readonly parents: readonly string[]
}

const list: readonly TransactionType[] = [
  { path: 'payments', name: 'payment', flow: 'card', acquirer: true, customerPays: true, parents: [] },
  { path: 'authorizations', name: 'authorization', flow: 'card', acquirer: true, customerPays: true, parents: [] },
  { path: 'captures', name: 'capture', flow: 'child', acquirer: true, customerPays: false, parents: ['authorization'] },
  { path: 'voids', name: 'void', flow: 'child', acquirer: true, customerPays: false, parents: ['authorization'] },
  {
    path: 'refunds',
    name: 'refund',
    flow: 'child',
    acquirer: true,
    customerPays: false,
    parents: ['payment', 'capture'],
  },
  {
    path: 'chargebacks',
    name: 'chargeback',
    flow: 'child',
    acquirer: true,
    customerPays: false,
    parents: ['payment', 'capture'],
  },
  { path: 'payouts', name: 'payout', flow: 'card', acquirer: true, customerPays: false, parents: [] },
  { path: 'credits', name: 'credit', flow: 'card', acquirer: true, customerPays: false, parents: [] },
  { path: 'checkups', name: 'checkup', flow: 'card', acquirer: false, customerPays: false, parents: [] },
  { path: 'tokenizations', name: 'tokenization', flow: 'card', acquirer: false, customerPays: false, parents: [] },
  { path: 'credit_cards', name: 'credit_card', flow: 'card-token', acquirer: false, customerPays: false, parents: [] },
  { path: 'balance', name: 'balance', flow: 'balance', acquirer: false, customerPays: false, parents: [] },
  { path: 'status_queries', name: 'status_query', flow: 'query', acquirer: false, customerPays: false, parents: [] },
]

/** The type of a transaction by its name, such as `payment`; a name that is not listed is charged like a card's. */
export function typeByName(name: string): TransactionType {
  const unlisted: TransactionType = {
    path: name,
    name,
    flow: 'card',
    acquirer: true,
    customerPays: false,
    parents: [],
  }
  return list.find((type) => type.name === name) ?? unlisted
}

/** The type of a request; `outside` of `/transactions` if it is no transaction. */
export function findTransactionType(path: string, outside: boolean): TransactionType | undefined {
  return list.find((type) => type.path === path && isTransaction(type) !== outside)
}

function isTransaction({ flow }: TransactionType): boolean {
  return flow === 'card' || flow === 'child'
}

/**
 * The part of a request that `duplicate_check` compares besides the amount (protocol section 2): the card, or the parent;
 * `undefined` for a type that it leaves out. Payments and authorizations are compared with each other, other types each
 * with itself.
 */
export function duplicateKey(
  type: TransactionType,
  stamp: string | undefined,
  parentUid: string | undefined,
): string | undefined {
  if (type.flow === 'child') return parentUid === undefined ? undefined : `${type.name} ${parentUid}`
  if (stamp === undefined) return undefined
  if (type.customerPays) return stamp
  return type.name === 'payout' || type.name === 'checkup' ? `${type.name} ${stamp}` : undefined
}
