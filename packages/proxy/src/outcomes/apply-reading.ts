/**
 * What a read of the gateway changes, and what the browser is told of it. Pure. The table of answers is core's own; here
 * stands what each of its readings means for the task.
 */
import { gatewayFault, type Reading, type Reply } from '@async-transaction/core/protocol'
import { type Answer, tooMany, unavailable, unknownTask } from '../answer.ts'
import type { KeptAnswer, TaskRecord } from './records.ts'
import { type RedactOptions, redactBody, redactError } from './redact.ts'

export interface AppliedReading {
  readonly record: TaskRecord
  readonly answer: Answer
}

/** Of a failure that a wait of the gateway's own length does not end. */
const LATER_S = 5

export function applyReading(
  record: TaskRecord,
  reading: Reading,
  reply: Reply,
  responseUrl: string,
  options: RedactOptions,
): AppliedReading {
  const { requestId } = record
  const { httpStatus, json } = reply
  const settle = (outcome: KeptAnswer): AppliedReading => ({
    record: { ...record, outcome },
    answer: { status: outcome.httpStatus, body: outcome.body },
  })
  switch (reading.type) {
    case 'answered':
      return settle({ httpStatus, body: redactBody(json as object, options) })
    case 'processing':
      return {
        record: without(record, 'lastWords'),
        answer: { status: httpStatus, body: { status: 'processing', request_id: requestId } },
      }
    case 'completed':
      return { record: { ...without(record, 'lastWords'), completed: true }, answer: completed(requestId, responseUrl) }
    case 'gone':
      // It was the once-only answer: the gateway has forgotten the task since.
      if (record.lastWords)
        return settle({ httpStatus: 500, body: { ...record.lastWords, confirmed: true, effect: 'unknown' } })
      return { record, answer: unknownTask(requestId, record.lost ? 'answer-lost' : reading.cause) }
    case 'throttled': {
      const words = gatewayFault(json) && redactError(json, options)
      const answer = throttled(reply)
      return {
        record: words ? { ...record, lastWords: words } : record,
        answer: words ? { ...answer, body: words } : answer,
      }
    }
    case 'error':
      // Servers on the way say errors, too: the next read tells.
      return {
        record: { ...record, lastWords: redactError(json, options) },
        answer: { status: 200, body: { status: 'processing', request_id: requestId } },
      }
    case 'denied':
      // The shop's credentials were refused: nothing was consumed.
      return { record, answer: unavailable(LATER_S) }
  }
  return { record: { ...record, lost: true }, answer: unavailable() }
}

export const completed = (requestId: string, responseUrl: string): Answer => ({
  status: 200,
  body: { status: 'completed', request_id: requestId, response_url: responseUrl },
})

/** 429 and 503 stay apart: only 429 is said before a submission is taken, and a client goes by that. */
export const throttled = (reply: Reply): Answer =>
  reply.httpStatus === 429 ? tooMany(secondsOf(reply)) : unavailable(secondsOf(reply))

/** At least one: a zero would ask for a storm. */
const secondsOf = ({ retryAfterMs = 0 }: Reply): number => Math.max(1, Math.ceil(retryAfterMs / 1000))

function without(record: TaskRecord, field: 'lastWords'): TaskRecord {
  const { [field]: _, ...rest } = record
  return rest as TaskRecord
}
