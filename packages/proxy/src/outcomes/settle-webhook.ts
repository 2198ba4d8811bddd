/**
 * A webhook settles the task, so that the next poll of the browser is the last. It names neither the task nor the attempt,
 * so it is matched by the order, the uid and the time. Protocol section 6.
 */
import { isOurs, parseTime, readTransaction, type Transaction } from '@async-transaction/core/protocol'
import { verifyWebhook, WebhookError } from '@async-transaction/core/webhook'
import { type Answer, type RefusalStatus, refusal, unavailable } from '../answer.ts'
import type { Settings, WebhookOptions } from '../options.ts'
import { orderKey } from '../token/intent-id.ts'
import { dueAfter } from './due.ts'
import { loadAttempt } from './load-attempt.ts'
import { betterOutcome } from './merge-tasks.ts'
import type { Notify } from './notify.ts'
import type { RecordStore } from './record-store.ts'
import { keyOf, type OrderRecord, TASK_TTL_MS, type TaskRecord } from './records.ts'
import { redactBody } from './redact.ts'

/** The body's largest size, which is core's own. */
export const WEBHOOK_BYTES: number = 256 * 1024

/** 204 when it is taken; anything else makes the gateway send it again. */
export function createSettleWebhook(
  settings: Settings,
  webhook: WebhookOptions,
  records: RecordStore,
  notify: Notify,
): (headers: Headers, body: Uint8Array<ArrayBuffer>) => Promise<Answer | undefined> {
  const { gateway, emit } = settings
  const options = settings.redact
  const { publicKey, checkCredentials = true } = webhook

  return async (headers, body) => {
    let transaction: Transaction
    try {
      transaction = await verifyWebhook(
        { headers, arrayBuffer: async () => body.buffer },
        { publicKey, ...(checkCredentials && { credentials: gateway }) },
      )
    } catch (error) {
      emit({ type: 'warning', warning: 'webhook-refused' })
      const status = error instanceof WebhookError ? error.httpStatus : 500
      return status === 500 ? unavailable() : refusal(status as RefusalStatus)
    }
    const outcome = { httpStatus: 200, body: redactBody({ transaction }, options) }
    const task = await settleTask(transaction, outcome)
    const told = task?.outcome
      ? await notify.ofTask(task, 'webhook')
      : await notify({ issued: false, via: 'webhook', ...subjectOf(transaction), ...outcome })
    return told ? undefined : unavailable()
  }

  /**
   * The task it is about, with the newest outcome of the two. It does not wait for a read that is on its way: the reader
   * finds its record changed, and merges.
   */
  async function settleTask(
    transaction: Transaction,
    outcome: NonNullable<TaskRecord['outcome']>,
  ): Promise<TaskRecord | undefined> {
    const found = await taskOf(transaction)
    if (!found) return undefined
    let news = false
    const task = await records.update<TaskRecord>(
      keyOf('task', found.requestId),
      TASK_TTL_MS,
      (record) => {
        news = false
        // A read that was on its way may have found out that it is another one's.
        if (!record || !mayBeAbout(record, transaction) || betterOutcome(record.outcome, outcome) !== outcome) return
        news = true
        const { lastWords: _, ...known } = record
        const dueAt = dueAfter(settings, { ...record, outcome })
        return { ...known, outcome, ...(dueAt !== undefined && { dueAt }) } as TaskRecord
      },
      { record: found },
    )
    const subject = { requestId: found.requestId, trackingId: found.intent.trackingId }
    if (news) emit({ type: 'settled', via: 'webhook', httpStatus: 200, ...subject })
    return task && mayBeAbout(task, transaction) ? task : undefined
  }

  /** By the uid, if a task is known to have it; else the one task it may be about. Never a guess between several. */
  async function taskOf(transaction: Transaction): Promise<TaskRecord | undefined> {
    const { type = '', tracking_id: trackingId, uid, test } = transaction
    if (!trackingId) return undefined
    const order = keyOf('order', await orderKey({ type, trackingId, test: test === true }, gateway))
    const { attempts = [] } = (await records.get<OrderRecord>(order)) ?? {}
    const known = await Promise.all(attempts.map((entry) => loadAttempt(records, entry)))
    const candidates = known.flatMap(({ task }) => (task && mayBeAbout(task, transaction) ? [task] : []))
    const same = candidates.find((record) => uid && transactionOf(record)?.uid === uid)
    return same ?? (candidates.length === 1 ? candidates[0] : undefined)
  }
}

/** The uid of the task's transaction, if that is known; else not older than our submission, by the gateway's own clock. */
function mayBeAbout(record: TaskRecord, transaction: Transaction): boolean {
  const known = transactionOf(record)
  return known?.uid
    ? known.uid === transaction.uid
    : isOurs(transaction, record.intent) && parseTime(transaction.created_at) >= record.takenAt
}

const transactionOf = ({ outcome }: TaskRecord): Transaction | undefined => readTransaction(outcome?.body)

const subjectOf = ({ tracking_id: trackingId, type, amount, currency, test }: Transaction) => ({
  trackingId: trackingId ?? undefined,
  type,
  amount,
  currency,
  test: test === true,
})
