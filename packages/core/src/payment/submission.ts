/**
 * The POSTs of a `submit`: the same bytes under the same `RequestID`, three at most. Only the gateway's own refusal, before
 * anything was in doubt, ends it at once. Protocol sections 1 and 2.
 */
import type { PaymentEvent } from './payment-event.ts'
import type { Failure, FailureDetails, PaymentRecord } from './record.ts'
import { fail } from './settle.ts'

/** POSTs of one submit, at most. */
const POSTS = 3
/** Statuses of a POST that was refused before anybody looked at it. */
const AT_THE_DOOR = [401, 429]

export function submitted(record: PaymentRecord, event: PaymentEvent): PaymentRecord {
  const { inDoubt, refusal } = record
  switch (event.type) {
    case 'accepted': {
      const { refusal: _, ...known } = record
      const { requestId, skewMs } = event
      return { ...known, requestId, tries: 0, ...(skewMs !== undefined && { skewMs }) }
    }
    case 'refused':
      if (event.certain && isSure(record, event.details.httpStatus, ...AT_THE_DOOR))
        return fail(record, { ...event.details, code: 'submit-rejected', effect: 'none' })
      return refused(record, event.details)
    case 'denied': {
      const { details, renewed } = event
      if (renewed && !inDoubt && refusal?.httpStatus !== details.httpStatus) return refused(record, details)
      // A page before, without a message, may be about a second copy of a POST that was taken.
      const proven = isSure(record, details.httpStatus) && (!refusal || refusal.message !== undefined)
      const effect = proven ? 'none' : 'unknown'
      return fail(record, { ...details, code: 'unauthorized', effect })
    }
    case 'throttled':
      // 429 is said before a request is taken; a 503 may come from a server on the way, which does not know.
      return event.details.httpStatus === 429 ? refused(record, event.details) : tried(inDoubtOf(record), {})
    case 'unsent':
      return tried(inDoubt || refusal ? inDoubtOf(record) : record, event)
    case 'lost':
      return tried(inDoubtOf(record), event)
    case 'late':
      return givenUp(record, {})
    case 'failed':
      return event.failure.code === 'config'
        ? fail(record, { effect: inDoubt ? 'unknown' : 'none', ...event.failure })
        : lookUp(inDoubtOf(record), event.failure)
    default:
      return record
  }
}

const inDoubtOf = (record: PaymentRecord): PaymentRecord => ({ ...record, inDoubt: true })

/** Whether no POST before may have been taken, now that one was refused. Only `refusals` of before prove that. */
const isSure = ({ refusal, inDoubt }: PaymentRecord, ...refusals: readonly unknown[]): boolean =>
  !inDoubt && (!refusal || refusals.includes(refusal.httpStatus))

function refused(record: PaymentRecord, details: FailureDetails): PaymentRecord {
  const { fieldErrors, ...said } = details
  return tried(isSure(record, details.httpStatus) ? { ...record, refusal: said } : inDoubtOf(record), {})
}

function tried(record: PaymentRecord, { cause }: { cause?: string | undefined }): PaymentRecord {
  const tries = record.tries + 1
  return tries < POSTS ? { ...record, tries } : givenUp(record, cause ? { cause } : {})
}

/** No further POST: the lookups tell whether one was taken. */
function givenUp(record: PaymentRecord, details: FailureDetails): PaymentRecord {
  const { inDoubt, refusal, tries } = record
  if (inDoubt) return lookUp(record, { ...details, code: 'submit-lost', effect: 'unknown' })
  // Nothing was sent: there were no credentials, or the machine slept.
  if (!refusal) return fail(record, { ...details, code: tries ? 'unauthorized' : 'deadline', effect: 'none' })
  const code = refusal.httpStatus === 401 || refusal.httpStatus === 403 ? 'unauthorized' : 'submit-rejected'
  return lookUp(record, { ...refusal, code, effect: 'none' })
}

const lookUp = (record: PaymentRecord, failure: Failure): PaymentRecord => ({
  ...record,
  tries: 0,
  failure,
  lookups: { asked: 0, empty: 0 },
})
