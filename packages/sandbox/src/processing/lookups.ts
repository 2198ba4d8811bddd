/** Lookups of transactions (protocol section 5). */
import { recordNotFound } from '../gateway-error.ts'
import { json, type Reply } from '../reply.ts'
import type { Listing } from './listing.ts'
import { transactionReply } from './transaction-reply.ts'

/** `GET /transactions/{uid}`: 404 for an unknown one, and for another shop's. */
export function lookUpByUid(listing: Listing, shopId: string, uid: string): Reply {
  const transaction = listing.byUid(shopId, uid)
  return transaction ? transactionReply(transaction) : recordNotFound()
}

/** `GET /v2/transactions/tracking_id/{id}`: an empty list for an unknown one. */
export function lookUpByTrackingId(listing: Listing, shopId: string, trackingId: string): Reply {
  return json(200, { transactions: listing.latest(shopId, trackingId) })
}

/** `GET /transactions/tracking_id/{id}`, the old form: the latest one alone. That an unknown one is 404 is our assumption. */
export function lookUpLatest(listing: Listing, shopId: string, trackingId: string): Reply {
  const [transaction] = listing.latest(shopId, trackingId)
  return transaction ? transactionReply(transaction) : recordNotFound()
}
