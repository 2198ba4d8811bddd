/** Telling the shop the newest of each charge: at least once, and nothing that is older than what it was told. */
import { readTransaction, type Transaction, within } from '@async-transaction/core/protocol'
import { supersedes } from '@async-transaction/core/webhook'
import type { ChargeOutcome } from '../charge-outcome.ts'
import type { Settings } from '../options.ts'
import type { Fenced } from './fenced.ts'
import type { RecordStore } from './record-store.ts'
import { INTENT_TTL_MS, keyOf, TASK_TTL_MS, type TaskRecord } from './records.ts'

/** How long `onOutcome` may take. */
const CALL_MS = 60_000
/** How long to wait while another call for the same charge is on its way. */
const WAIT_MS = 5000

/** The latest news of a charge that `onOutcome` has taken. */
interface NoticeRecord extends Fenced {
  readonly told?: boolean
  /** None of an error. */
  readonly transaction?: Pick<Transaction, 'uid' | 'status' | 'manually_corrected_at'> | undefined
}

/** The union of the parts, without what is added here. */
type News = ChargeOutcome extends infer T ? (T extends ChargeOutcome ? Omit<T, 'key' | 'transaction'> : never) : never

/** Both tell the shop what it does not know yet, and resolve to whether it knows now. */
export interface Notify {
  (news: News): Promise<boolean>
  /** The outcome of the record; after that, the task is not due any more. */
  ofTask(record: TaskRecord, via?: ChargeOutcome['via']): Promise<boolean>
}

export function createNotify({ onOutcome, emit, clock }: Settings, records: RecordStore): Notify {
  return Object.assign(notify, { ofTask })

  async function ofTask(record: TaskRecord, via: ChargeOutcome['via'] = 'task'): Promise<boolean> {
    const { requestId, intent, outcome, dueAt } = record
    if (!outcome) return false
    const told = await notify({ issued: true, via, requestId, ...intent, ...outcome })
    if (told && dueAt !== undefined)
      await records.updateSurely<TaskRecord>(
        keyOf('task', requestId),
        TASK_TTL_MS,
        (stored = record) => {
          const { dueAt: _, ...known } = stored
          // News that came meanwhile are still to be told.
          return stored.outcome && JSON.stringify(stored.outcome) !== JSON.stringify(outcome)
            ? stored
            : (known as TaskRecord)
        },
        1,
      )
    return told
  }

  async function notify(news: News): Promise<boolean> {
    if (!onOutcome) return true
    const { body, requestId, trackingId } = news
    const transaction = readTransaction(body)
    const subject = transaction?.uid ?? requestId ?? ''
    const told = await records
      .withLease<NoticeRecord, boolean>(keyOf('told', encodeURIComponent(subject)), {
        ttlMs: INTENT_TTL_MS,
        waitMs: WAIT_MS,
        merge: (stored, mine) => (stored && !isNews(stored, mine.transaction) ? stored : mine),
        seen: (record) => (isNews(record, transaction) ? undefined : true),
        begin: (record) => record ?? { fence: 0, writer: '' },
        async work(begun, lease) {
          const succeeded = await call({ ...news, key: keyOfNews(subject, transaction), transaction })
          // Told only now: if this process dies before, another one calls again.
          return succeeded && !!(await lease.finish({ ...begun, told: true, transaction: essence(transaction) }))
        },
      })
      .catch(() => false)
    if (!told) emit({ type: 'warning', warning: 'notify-failed', requestId, trackingId })
    return told === true
  }

  async function call(outcome: ChargeOutcome): Promise<boolean> {
    try {
      const taken = (async () => {
        await onOutcome?.(outcome)
        return true
      })()
      return await within(clock, CALL_MS, taken, () => false)
    } catch {
      return false
    }
  }
}

/** An error is news once; a transaction, if it supersedes the one that was told. */
const isNews = (record: NoticeRecord | undefined, transaction: NoticeRecord['transaction']): boolean =>
  !record?.told ||
  (!!transaction && supersedes(record.transaction as Transaction | undefined, transaction as Transaction))

const essence = (transaction: Transaction | undefined): NoticeRecord['transaction'] =>
  transaction &&
  ({
    uid: transaction.uid,
    status: transaction.status,
    manually_corrected_at: transaction.manually_corrected_at,
  } as NoticeRecord['transaction'])

/** The same for the same news. */
function keyOfNews(subject: string, transaction: Transaction | undefined): string {
  const { status = 'error', manually_corrected_at: corrected } = transaction ?? {}
  return [subject, status, ...(corrected ? [corrected] : [])].join(':')
}
