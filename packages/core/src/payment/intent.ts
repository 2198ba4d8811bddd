/** What makes a request another payment than the one that is known under its `requestKey`. */
import type { Failure, Intent } from './record.ts'

const FIELDS = ['type', 'trackingId', 'amount', 'currency', 'parentUid'] as const

/** The error of a request that differs from the payment under its key; nothing if it is the same payment. */
export function differenceOf(known: Intent, next: Intent): Failure | undefined {
  const field = FIELDS.find((each) => `${known[each]}`.toUpperCase() !== `${next[each]}`.toUpperCase())
  if (!field) return undefined
  const name = field.replace(/[A-Z]/, '_$&').toLowerCase()
  const message = `${name} is not that of the payment under this requestKey: use a new requestKey for another payment`
  return { code: 'request-invalid', effect: 'none', message }
}
