/**
 * The change that a lookup makes to a task that the gateway forgot, or whose error repeats: a payment that is listed is the
 * result, and an empty list confirms the error. Pure. Protocol section 5.
 */
import type { Reading } from '@async-transaction/core/protocol'
import { unknownTask } from '../answer.ts'
import { type AppliedReading, processing, settled } from './apply-reading.ts'
import type { LastWords, TaskRecord } from './records.ts'
import { type RedactOptions, redactBody } from './redact.ts'

/** Transactions are listed seconds after they exist: so many answered lookups, over so long, prove that none is. */
const LOOKUPS = 5
const LOOKUPS_MS = 10_000
/** Statuses with which the gateway refuses a mistyped card inside the task. */
const REFUSALS: readonly number[] = [400, 402, 422]
/** Statuses that a client reads as "come again". */
const PASSING: readonly number[] = [401, 403, 429, 503]

export function applyLookup(record: TaskRecord, reading: Reading, now: number, options: RedactOptions): AppliedReading {
  const { requestId, gone, lastWords, lookups: before = { answered: 0, empty: 0, since: now } } = record
  const answer = lastWords ? processing(requestId) : unknownTask(requestId, record.lost ? 'answer-lost' : 'not-found')
  if (reading.type !== 'listed') return { record, answer }
  const { ours, candidates, open } = reading
  if (ours?.status === 'successful')
    return settled(record, { httpStatus: 200, body: redactBody({ transaction: ours }, options) })
  const empty = !open && candidates.length === 0
  const running = open || candidates.some(({ status }) => status === 'incomplete' || status === 'pending')
  const lookups = { answered: before.answered + 1, empty: before.empty + (empty ? 1 : 0), since: before.since }
  const next: TaskRecord = { ...record, lookups }
  const enough = lookups.answered >= LOOKUPS && now - lookups.since >= LOOKUPS_MS
  if (!lastWords) return { record: next, answer }
  const confirmed = gone
    ? !running || enough
    : enough && lookups.empty === lookups.answered && lastWords.httpStatus === 200
  if (!confirmed) return { record: next, answer }
  const { httpStatus, body } = lastWords
  const effect = gone && empty && !record.inDoubt && isRefusal(lastWords) ? 'none' : 'unknown'
  return settled(next, {
    httpStatus: PASSING.includes(httpStatus) ? 500 : httpStatus,
    body: { ...body, confirmed: true, effect },
  })
}

/** Of the card or the request, in the gateway's own shape: no money was taken. */
function isRefusal({ httpStatus, body }: LastWords): boolean {
  const { response = body } = body as { readonly response?: object }
  const { errors } = response as { readonly errors?: unknown }
  return REFUSALS.includes(httpStatus) && !!errors && typeof errors === 'object' && Object.keys(errors).length > 0
}
