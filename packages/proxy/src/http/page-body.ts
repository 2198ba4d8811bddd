/** The part of a transaction that a page needs. The rest, such as the acquirer's section, stays with the shop. */
import { readTransaction, readTransactions } from '@async-transaction/core/protocol'

const FIELDS: readonly string[] = [
  'uid',
  'status',
  'type',
  'amount',
  'currency',
  'description',
  'message',
  'friendly_message',
  'code',
  'tracking_id',
  'parent_uid',
  'test',
  'redirect_url',
  'receipt_url',
]
const CARD_FIELDS: readonly string[] = ['brand', 'last_4', 'token']
/** Every time of a transaction: core orders what it knows by them. */
const TIME = /_at$/

/** The body of an answer to a page. `more` names further fields of a transaction, such as `payment`. */
export function pageBody(body: object, more: readonly string[]): object {
  const transactions = readTransactions(body)
  if (transactions) return { ...body, transactions: transactions.map((one) => pick(one, more)) }
  const transaction = readTransaction(body)
  if (!transaction) return body
  return 'transaction' in body && transaction === body.transaction
    ? { ...body, transaction: pick(transaction, more) }
    : pick(transaction, more)
}

function pick(transaction: object, more: readonly string[]): object {
  const shown = Object.entries(transaction).filter(
    ([field]) => FIELDS.includes(field) || TIME.test(field) || more.includes(field),
  )
  const card = 'credit_card' in transaction && !more.includes('credit_card') ? transaction.credit_card : undefined
  return { ...Object.fromEntries(shown), ...(card ? { credit_card: pickCard(card) } : {}) }
}

const pickCard = (card: object): object =>
  Object.fromEntries(Object.entries(card).filter(([field]) => CARD_FIELDS.includes(field)))
