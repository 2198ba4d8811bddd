/** Asking for the order's own transactions. Lookups consume nothing. Protocol section 5. */
import {
  isGatewayShape,
  isOurs,
  type Reply,
  readTransaction,
  readTransactions,
  type Transaction,
  trackingPath,
  uidPath,
} from '@async-transaction/core/protocol'
import { type Answer, refusal, unavailable } from '../answer.ts'
import type { Settings } from '../options.ts'
import type { Grant } from '../token/grant.ts'
import { intentOf } from '../token/intent-id.ts'
import { throttled } from './apply-reading.ts'
import { redactBody } from './redact.ts'
import { sendUpstream } from './upstream.ts'

const LATER_S = 5

export function createLookUp(settings: Settings): {
  byTrackingId(grant: Grant): Promise<Answer>
  byUid(grant: Grant, uid: string): Promise<Answer>
} {
  const options = settings.redact

  return {
    byTrackingId: (grant) =>
      lookUp(grant, trackingPath(grant.trackingId), (json) => {
        const transactions = readTransactions(json)
        return transactions && { transactions: transactions.filter(isOwn(grant)) }
      }),
    byUid: (grant, uid) =>
      lookUp(grant, uidPath(uid), (json) => {
        const transaction = readTransaction(json)
        return transaction && (isOwn(grant)(transaction) ? { transaction } : 'foreign')
      }),
  }

  async function lookUp(
    { trackingId }: Grant,
    path: string,
    own: (json: unknown) => object | 'foreign' | undefined,
  ): Promise<Answer> {
    const reply = await sendUpstream(settings, { operation: 'lookup', path }, { trackingId }, nameOf)
    const { httpStatus, json, date } = reply
    if (nameOf(reply) === 'throttled') return throttled(reply)
    if (nameOf(reply) !== 'answered') return unavailable(nameOf(reply) === 'unauthorized' ? LATER_S : 1)
    // Of a tracking id the gateway says "none" by an empty list. Servers on the way say 404 in JSON as well.
    if (httpStatus === 404)
      return isGatewayShape(json) && !path.startsWith(trackingPath('')) ? refusal(404) : unavailable()
    const found = httpStatus < 300 ? own(json) : undefined
    if (found === 'foreign') return refusal(404)
    return found ? { status: 200, body: redactBody(found, options), date } : unavailable()
  }
}

function nameOf({ lost, httpStatus, retryAfterMs }: Reply): string {
  if (lost) return 'lost'
  if (httpStatus === 429 || (httpStatus === 503 && retryAfterMs !== undefined)) return 'throttled'
  return httpStatus === 401 || httpStatus === 403 ? 'unauthorized' : 'answered'
}

/** Another order's transactions, and another kind of this one's, are nobody's business who has this token. */
const isOwn =
  (grant: Grant) =>
  (transaction: Transaction): boolean => {
    const { type, trackingId, test } = intentOf(grant)
    return transaction.tracking_id === trackingId && isOurs(transaction, { type, test })
  }
