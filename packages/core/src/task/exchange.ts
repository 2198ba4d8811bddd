/** One HTTP exchange of a task: which path is asked, what the answer means, and what `onEvent` is told of it. */
import type { TaskStatus } from '../schema/task-status.ts'
import { attempt } from '../transport/attempt.ts'
import type { EventDetails, Operation } from './event.ts'
import { areOurs, submitPath, taskPath, trackingPath } from './path.ts'
import { type Reading, readReply } from './read-reply.ts'
import type { TaskRecord } from './record.ts'
import type { Settings } from './settings.ts'

/** What was heard, and until when the gateway said to wait, in epoch milliseconds; 0 if it did not. */
export interface Exchanged {
  readonly reading: Reading
  readonly floorAt: number
}

/** Asks about the task of `record`, or submits it with `body`. Never throws: what goes wrong is a reading as well. */
export async function exchange(
  settings: Settings,
  record: TaskRecord,
  operation: Operation,
  body: string | undefined,
  emit: (details: EventDetails) => void,
): Promise<Exchanged> {
  const { baseUrl, submitTimeoutMs, pollTimeoutMs, clock } = settings
  const { type, trackingId, requestKey, requestId = '', tries, polls } = record
  const submit = operation === 'submit'
  const reply = await attempt(
    settings,
    submit
      ? { path: submitPath(type), timeoutMs: submitTimeoutMs, requestKey, body }
      : {
          path: operation === 'lookup' ? trackingPath(trackingId) : taskPath(operation, requestId),
          timeoutMs: pollTimeoutMs,
        },
  )
  const now = clock.now()
  const reading = readReply(reply, operation, record, now)
  const { durationMs, httpStatus, gatewayRequestId, json, retryAfterMs } = reply
  emit({
    type: 'attempt',
    operation,
    attempt: (submit || operation === 'lookup' ? tries : polls) + 1,
    answer: reading.type,
    durationMs,
    httpStatus,
    gatewayRequestId,
  })
  if (reading.reason) emit({ type: 'lost', operation, reason: reading.reason })
  if (reading.reason === 'unexpected') emit({ type: 'warning', warning: 'unexpected-answer' })
  const taken = reading.type === 'accepted' ? reading.requestId : reading.type === 'completed' && requestId
  if (taken && !areOurs(json as TaskStatus, baseUrl, taken)) emit({ type: 'warning', warning: 'untrusted-url' })
  return { reading, floorAt: retryAfterMs ? now + retryAfterMs : 0 }
}
