/** Telling the shop what came of a charge: at least once. */
import { readTransaction } from '@async-transaction/core/protocol'
import type { ChargeOutcome } from '../charge-outcome.ts'
import type { Settings } from '../options.ts'
import type { RecordStore } from './record-store.ts'
import { keyOf, TASK_TTL_MS } from './records.ts'

/** While one tells, no other does; if it dies, another may after this long. */
const CLAIM_MS = 60_000

interface Told {
  readonly told?: boolean
  readonly [field: string]: unknown
  /** Calls that failed. */
  readonly tries?: number
}

/** Tells the shop, once per outcome, and resolves to whether it knows now. */
export type Notify = (outcome: Omit<ChargeOutcome, 'key' | 'transaction'>) => Promise<boolean>

export function createNotify({ onOutcome, emit }: Settings, records: RecordStore): Notify {
  return async (outcome) => {
    if (!onOutcome) return true
    const { body, requestId, trackingId } = outcome
    const transaction = readTransaction(body)
    const news = `${transaction?.uid ?? requestId}:${transaction?.status ?? 'error'}`
    const key = keyOf('told', encodeURIComponent(news))
    try {
      const { told = false, tries = 0 } = (await records.get<Told>(key)) ?? {}
      if (told) return true
      if (!(await records.claim(`${key}/call/${tries}`, crypto.randomUUID(), CLAIM_MS))) return false
      const succeeded = await call({ ...outcome, key: news, transaction })
      await records.set(key, succeeded ? { told: true } : { tries: tries + 1 }, TASK_TTL_MS)
      if (succeeded) return true
    } catch {}
    emit({ type: 'warning', warning: 'notify-failed', requestId, trackingId })
    return false
  }

  async function call(outcome: ChargeOutcome): Promise<boolean> {
    try {
      await onOutcome?.(outcome)
      return true
    } catch {
      return false
    }
  }
}
