/** Asking for a transaction (protocol section 5). It is found as soon as it has been processed. */
import { plainError } from '../gateway-error.ts'
import { json, type Reply } from '../reply.ts'
import type { Ledger } from './ledger.ts'
import { standardAnswer } from './standard-answer.ts'

/** `GET /transactions/{uid}`: 404 for an unknown one, and for another shop's. */
export function lookUpByUid(ledger: Ledger, shopId: string, uid: string): Reply {
  const entry = ledger.byUid(uid)
  if (entry?.order.shop.shopId !== shopId) return plainError(404, 'The transaction was not found')
  return json(200, standardAnswer(entry))
}

/** `GET /v2/transactions/tracking_id/{id}`: an empty list for an unknown one. */
export function lookUpByTrackingId(ledger: Ledger, shopId: string, trackingId: string): Reply {
  const entries = ledger.latest(shopId, trackingId)
  return json(200, { transactions: entries.map((entry) => standardAnswer(entry).transaction) })
}
