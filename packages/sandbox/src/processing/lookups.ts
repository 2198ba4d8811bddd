/** Lookups of transactions (protocol section 5). */
import { plainError } from '../gateway-error.ts'
import { json, type Reply } from '../reply.ts'
import type { Listing } from './listing.ts'

/** `GET /transactions/{uid}`: 404 for an unknown one, and for another shop's. */
export function lookUpByUid(listing: Listing, shopId: string, uid: string): Reply {
  const transaction = listing.byUid(shopId, uid)
  return transaction ? json(200, { transaction }) : plainError(404, 'The transaction was not found')
}

/** `GET /v2/transactions/tracking_id/{id}`: an empty list for an unknown one. */
export function lookUpByTrackingId(listing: Listing, shopId: string, trackingId: string): Reply {
  return json(200, { transactions: listing.latest(shopId, trackingId) })
}
