/** One HTTP exchange of a payment: the path, the meaning of the response, and the events about it. */
import type { TaskStatus } from '../schema/task-status.ts'
import { attempt } from '../transport/attempt.ts'
import type { Operation } from './client-event.ts'
import type { Ledger } from './ledger.ts'
import { areOurs, submitPath, taskPath, trackingPath, uidPath } from './path.ts'
import { type Reading, readReply } from './read-reply.ts'
import type { PaymentRecord } from './record.ts'
import type { Settings } from './settings.ts'

/** The meaning of the response, and how long the gateway said to wait, in milliseconds; 0 if it did not. */
export interface Exchanged {
  readonly reading: Reading
  readonly waitMs: number
}

/**
 * Polls the task, looks it up, or submits it with `body`; sends nothing that is no longer `wanted`. Never throws: a fault is
 * a reading as well.
 */
export async function exchange(
  settings: Settings,
  ledger: Ledger,
  operation: Operation,
  body: string | undefined,
  wanted: () => boolean,
): Promise<Exchanged> {
  const { baseUrl, submitTimeoutMs, pollTimeoutMs, clock } = settings
  const { record } = ledger
  const { requestId = '', requestKey, trackingId } = record
  const submit = operation === 'submit'
  const askedAt = clock.now()
  const reply = await attempt(settings, {
    operation,
    wanted,
    requestKey,
    trackingId,
    refused: !!record.denied,
    inDoubt: submit && record.inDoubt,
    path: pathOf(record, operation),
    timeoutMs: submit ? submitTimeoutMs : pollTimeoutMs,
    ...(submit && { body }),
  })
  const now = clock.now()
  const cvc = submit ? body?.match(/"verification_value":"(\d{3,4})"/)?.[1] : undefined
  const reading = readReply(reply, operation, { ...record, askedAt, cvc }, now)
  const { durationMs, httpStatus, gatewayRequestId, json, retryAfterMs } = reply
  const attempts = submit ? record.tries : operation === 'lookup' ? (record.lookups?.asked ?? 0) : record.polls
  const answer = reading.type
  ledger.emit({
    type: 'attempt',
    operation,
    attempt: attempts + 1,
    answer,
    durationMs,
    httpStatus,
    gatewayRequestId,
    ...(reply.replayed && { replayed: true }),
  })
  if (reading.reason)
    ledger.emit({ type: 'lost', operation, reason: reading.reason, ...(reply.cause && { cause: reply.cause }) })
  if (reading.reason === 'unexpected') ledger.warn('unexpected-answer')
  const taken = reading.type === 'accepted' ? reading.requestId : reading.type === 'completed' && requestId
  if (taken && !areOurs(json as TaskStatus, baseUrl, taken)) ledger.warn('untrusted-url')
  return { reading, waitMs: retryAfterMs ?? 0 }
}

function pathOf({ type, requestId = '', trackingId, uid }: PaymentRecord, operation: Operation): string {
  switch (operation) {
    case 'submit':
      return submitPath(type)
    case 'lookup':
      return uid ? uidPath(uid) : trackingPath(trackingId)
    default:
      return taskPath(operation, requestId)
  }
}
