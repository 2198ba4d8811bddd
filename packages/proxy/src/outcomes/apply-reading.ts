/**
 * The change that a reply of the gateway makes to the record of a task, and the answer for the page. Pure. The table of
 * answers is core's own. Protocol section 1.
 */
import { type FailureDetails, gatewayFault, type Reading, type Reply } from '@async-transaction/core/protocol'
import { type Answer, tooMany, unavailable, unknownTask } from '../answer.ts'
import { betterOutcome, newerWords } from './merge-tasks.ts'
import type { KeptAnswer, LastWords, TaskRecord } from './records.ts'
import { type RedactOptions, redactBody, redactError } from './redact.ts'

export interface AppliedReading {
  readonly record: TaskRecord
  readonly answer: Answer
  /** What is to be done in the same turn: read once more, or look the transaction up. */
  readonly next?: 'read' | 'look-up'
}

/** Of a failure that a wait of the gateway's own length does not end. */
const LATER_S = 5
/** Equal errors in a row after which the transaction is looked up. */
const REPEATS = 10

/** `record` is the one that was stored when the read began. */
export function applyReading(
  record: TaskRecord,
  reading: Reading,
  reply: Reply,
  responseUrl: string,
  options: RedactOptions,
): AppliedReading {
  const { requestId, lastWords } = record
  const { httpStatus, json } = reply
  switch (reading.type) {
    case 'answered':
      return settled(record, { httpStatus, body: redactBody(json as object, options) })
    case 'processing':
      return { record: alive(record), answer: processing(requestId) }
    case 'completed':
      return { record: { ...alive(record), completed: true }, answer: completed(requestId, responseUrl) }
    case 'gone':
      if (!lastWords) return { record, answer: unknownTask(requestId, record.lost ? 'answer-lost' : reading.cause) }
      // A 404 without our id may be of another server: it confirms nothing.
      return reading.certain
        ? { record: { ...record, gone: true }, answer: processing(requestId), next: 'look-up' }
        : { record: { ...record, lost: true }, answer: processing(requestId) }
    case 'error':
    case 'confirmed': {
      const heard = withWords(record, reading.details, json, options)
      const first = heard.lastWords?.times === 1 && heard.lastWords.read === record.fence
      const { times = 0 } = heard.lastWords ?? {}
      const repeated = times > 0 && (times % REPEATS === 0 || (times > REPEATS && httpStatus === 200))
      return {
        record: heard,
        answer: processing(requestId),
        ...((first || repeated) && { next: first ? 'read' : 'look-up' }),
      }
    }
    case 'throttled':
      return { record: withWords(record, reading.details, json, options), answer: throttled(reply) }
    case 'denied':
      // It may have been the once-only answer.
      return { record: withWords(record, reading.details, json, options), answer: unavailable(LATER_S) }
  }
  return { record: { ...record, lost: true }, answer: unavailable() }
}

export function settled(record: TaskRecord, heard: KeptAnswer): AppliedReading {
  const outcome = betterOutcome(record.outcome, heard) as KeptAnswer
  const { lastWords: _, ...known } = record
  return { record: { ...known, outcome } as TaskRecord, answer: { status: outcome.httpStatus, body: outcome.body } }
}

export const processing = (requestId: string): Answer => ({
  status: 200,
  body: { status: 'processing', request_id: requestId },
})

export const completed = (requestId: string, responseUrl: string): Answer => ({
  status: 200,
  body: { status: 'completed', request_id: requestId, response_url: responseUrl },
})

/** 429 and 503 stay apart: only 429 is said before a submission is taken, and a client goes by that. */
export const throttled = (reply: Reply): Answer =>
  reply.httpStatus === 429 ? tooMany(secondsOf(reply)) : unavailable(secondsOf(reply))

/** At least one: a zero would ask for a storm. */
const secondsOf = ({ retryAfterMs = 0 }: Reply): number => Math.max(1, Math.ceil(retryAfterMs / 1000))

/** The gateway works on the task: an error before was not its own. */
function alive(record: TaskRecord): TaskRecord {
  const { lastWords: _, lookups: __, ...known } = record
  return { ...known, alive: record.fence } as TaskRecord
}

function withWords(
  record: TaskRecord,
  { httpStatus = 0 }: FailureDetails,
  json: unknown,
  options: RedactOptions,
): TaskRecord {
  if (!gatewayFault(json)) return record
  const { lastWords: known } = record
  const body = redactError(json, options)
  const same = known?.httpStatus === httpStatus && JSON.stringify(known.body) === JSON.stringify(body)
  const words: LastWords = { httpStatus, body, read: record.fence, times: same ? known.times + 1 : 1 }
  const lastWords = newerWords(known, words, record.alive ?? 0)
  return { ...record, ...(lastWords && { lastWords }) }
}
