/**
 * Polling a task. An error is delivered once, and others on the way return errors in JSON as well: so an error is kept as
 * the last words of the task, and only a 404 `unknown` of the gateway confirms it. Protocol section 1.
 */
import type { PaymentEvent } from './payment-event.ts'
import { type FailureDetails, type PaymentRecord, RETRY_QUOTA } from './record.ts'
import { fail } from './settle.ts'

/** Equal errors in a row after which the transaction is looked up. */
const REPEATS = 10
/** 401 or 403 in a row that end the polling, and over how many milliseconds. */
const DENIALS = 3
const DENIED_MS = 30_000
/** Statuses of errors that servers on the way return: none of them replaces another error. */
const OF_OTHERS: readonly unknown[] = [404, 408, 429, 502, 503, 504]

export function polled(record: PaymentRecord, event: PaymentEvent, now: number): PaymentRecord {
  const { lost, lastWords } = record
  const next: PaymentRecord = { ...record, polls: record.polls + 1 }
  switch (event.type) {
    case 'processing':
      return alive(next, event.askedAt)
    case 'completed':
      return { ...alive(next, event.askedAt), completed: true }
    case 'error':
      return spend(withWords(next, event.details, now))
    case 'confirmed':
      return fail(next, { ...event.details, code: 'gateway-error', effect: event.effect })
    case 'throttled':
      return event.details.message ? withWords(next, event.details, now) : next
    case 'denied':
      return denied(next, event.details, now)
    case 'lost':
    case 'unsent':
      return { ...spend(next), lost: lost + 1 }
    case 'gone': {
      // Who returns it without our id confirms nothing.
      if (lastWords && !event.certain) return { ...spend(next), lost: lost + 1 }
      const { lastWords: words, repeated, denied: _, ...known } = next
      const gone = lost ? 'answer-lost' : event.cause
      // A proxy of ours would have returned the gateway's error: none of those before was its own, in no journal either.
      const refuted = words && event.told && { alive: { polls: known.polls, at: now } }
      return { ...known, ...(refuted ?? (words && { lastWords: words })), gone, lookups: { asked: 0, empty: 0 } }
    }
    case 'failed':
      return fail(record, { ...(event.failure.code === 'deadline' && spoken(lastWords)), ...event.failure })
    default:
      return record
  }
}

/** The words alone, as the details of an error. */
export function spoken(words: PaymentRecord['lastWords']): FailureDetails {
  const { polls, at, ...details } = words ?? { polls: 0, at: 0 }
  return details
}

/** The gateway works on the task: an error before was not its own. */
function alive(record: PaymentRecord, at: number): PaymentRecord {
  const { lastWords, repeated, denied: _, retryQuota, ...known } = record
  const quota = (retryQuota ?? RETRY_QUOTA) + 1
  return { ...known, alive: { polls: record.polls, at }, ...(quota < RETRY_QUOTA && { retryQuota: quota }) }
}

const spend = (record: PaymentRecord): PaymentRecord => ({
  ...record,
  retryQuota: Math.max(0, (record.retryQuota ?? RETRY_QUOTA) - 1),
})

function withWords(record: PaymentRecord, details: FailureDetails, at: number): PaymentRecord {
  const { lastWords, repeated } = record
  const text = `${details.httpStatus} ${details.message}`
  const times = repeated?.text === text ? repeated.times + 1 : 1
  const kept = lastWords && OF_OTHERS.includes(details.httpStatus)
  return {
    ...record,
    lastWords: kept ? lastWords : { ...details, polls: record.polls, at },
    repeated: { text, times },
    ...(times % REPEATS === 0 && { lookups: { asked: 0, empty: 0 } }),
  }
}

/** It may have been the once-only answer, and the credentials may be in order again. */
function denied(record: PaymentRecord, details: FailureDetails, now: number): PaymentRecord {
  const times = (record.denied?.times ?? 0) + 1
  const since = Math.min(record.denied?.since ?? now, now)
  const next = { ...(details.message ? withWords(record, details, now) : record), denied: { times, since } }
  return times >= DENIALS && now - since >= DENIED_MS
    ? fail(next, { ...details, code: 'unauthorized', effect: 'unknown' })
    : next
}
