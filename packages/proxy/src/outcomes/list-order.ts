/** The transactions that the gateway lists for an order, of any amount and age. Protocol section 5. */
import { isOurs, readTransactions, type Transaction, trackingPath } from '@async-transaction/core/protocol'
import type { Settings } from '../options.ts'
import type { Intent } from '../token/intent-id.ts'
import { sendUpstream } from './upstream.ts'

export interface Listing {
  readonly transactions: readonly Transaction[]
  /** How far the gateway's clock is ahead of ours, in milliseconds. */
  readonly skewMs: number
}

/** Nothing if the gateway did not answer: that is not "none". */
export async function listOrder(
  settings: Settings,
  { type, trackingId, test }: Pick<Intent, 'type' | 'trackingId' | 'test'>,
): Promise<Listing | undefined> {
  const path = trackingPath(trackingId)
  const reply = await sendUpstream(settings, { operation: 'lookup', path }, { trackingId }, ({ lost, httpStatus }) =>
    lost || httpStatus > 299 ? 'lost' : 'listed',
  )
  const { lost, httpStatus, json, date } = reply
  const listed = !lost && httpStatus < 300 ? readTransactions(json) : undefined
  const now = settings.clock.now()
  return (
    listed && {
      transactions: listed.filter((each) => each.tracking_id === trackingId && isOurs(each, { type, test })),
      skewMs: (date ?? now) - now,
    }
  )
}
