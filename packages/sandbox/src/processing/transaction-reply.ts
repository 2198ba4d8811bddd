/**
 * A transaction as an answer: `{"transaction":{…}}`; in version 3 of the API flat, and `transaction` is the acquirer's
 * section (protocol section 4).
 */
import { json, type Reply } from '../reply.ts'
import type { ListedTransaction } from './listing.ts'

export function transactionReply(transaction: ListedTransaction): Reply {
  const { [String(transaction.type)]: section = null, ...fields } = transaction
  return { ...json(200, { transaction }), version3: { ...fields, transaction: section } }
}
