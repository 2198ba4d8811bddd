import type { Outcome } from '@async-transaction/core'
import type { Shop } from './shop.ts'

/** By the rule that each states: rejects if the rule is broken. */
export type Cases = Readonly<Record<string, (shop: Shop) => Promise<void>>>

/** An outcome in two words. */
export const ended = (outcome: Outcome): string => {
  if (outcome.status === 'error') return `error ${outcome.error.code}`
  return outcome.status === 'unknown' ? `unknown ${outcome.cause}` : `result ${outcome.transaction?.status}`
}
