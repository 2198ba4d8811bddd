/**
 * `duplicate_check` (protocol section 2): the same amount on the same card, or of the same parent, within 30 seconds is
 * refused. It compares requests that were taken, whatever became of them, of one shop. A safety net: it does not make re-sending safe.
 */
import { type RefusalStatus, refusal } from '../gateway-error.ts'
import type { Reply } from '../reply.ts'

const windowMs = 30_000

export interface DuplicateWindow {
  has(shopId: string, amount: number | null, compared: string, now: number): boolean
  remember(shopId: string, amount: number | null, compared: string, now: number): void
}

export function createDuplicateWindow(): DuplicateWindow {
  const taken = new Map<string, number>()
  const keyOf = (shopId: string, amount: number | null, compared: string): string => `${shopId}/${amount}/${compared}`

  return {
    has(shopId, amount, compared, now) {
      const at = taken.get(keyOf(shopId, amount, compared))
      return at !== undefined && now - at < windowMs
    },
    remember(shopId, amount, compared, now) {
      for (const [key, at] of taken) {
        if (now - at < windowMs) break
        taken.delete(key)
      }
      const key = keyOf(shopId, amount, compared)
      // Deleted first, so that the map stays in order of time.
      taken.delete(key)
      taken.set(key, now)
    },
  }
}

/** Code and words are ungraded in the protocol; a client looks for `duplicat` in any of them. */
export function duplicateRefusal(status: RefusalStatus): Reply {
  return refusal(status, 'F.0108', 'This was already done a moment ago.', { base: 'Duplicate transaction or order' })
}
