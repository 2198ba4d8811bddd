import { type Breakage, breakage } from './breakage.ts'

const OTHERS = 'tests/conformance/others.test.ts'
const READING = 'tests/conformance/reading.test.ts'
const SUBMIT = 'tests/conformance/submit.test.ts'

/** What a response means: only the gateway's own word ends a payment. */
export const reading: readonly Breakage[] = [
  breakage(
    'an error of a server on the way ends the payment',
    'payment/polling.ts',
    'return spend(withWords(next, event.details, now))',
    "return fail(next, { ...event.details, code: 'gateway-error' })",
    OTHERS,
  ),
  breakage('last words are dropped', 'payment/polling.ts', '(refuted ?? (words &&', '(refuted ?? (words && !words &&'),
  breakage(
    'an error is confirmed by a page that is nobody’s',
    'payment/polling.ts',
    'if (lastWords && !event.certain)',
    'if (lastWords && !lastWords)',
    OTHERS,
  ),
  breakage(
    'an error outlives the task being processed',
    'payment/polling.ts',
    'const { lastWords, repeated, denied: _, retryQuota, ...known } = record',
    'const { repeated, denied: _, retryQuota, ...known } = record',
    OTHERS,
  ),
  breakage(
    'a later page of a balancer replaces the words of the gateway',
    'payment/polling.ts',
    'const kept = lastWords && OF_OTHERS',
    'const kept = lastWords && !lastWords && OF_OTHERS',
    OTHERS,
  ),
  breakage(
    'an HTML page is an error of the gateway',
    'payment/read-reply.ts',
    'if (!details.message) return unexpected()',
    '',
    READING,
  ),
  breakage(
    '"try again later" is an error of the gateway',
    'payment/read-reply.ts',
    'httpStatus === 429 || (httpStatus === 503 && retryAfterMs !== undefined)',
    'httpStatus === 9',
    READING,
  ),
  breakage(
    'a lost response leaves no mark',
    'payment/polling.ts',
    '...spend(next), lost: lost + 1 }\n    case',
    '...spend(next), lost }\n    case',
    READING,
  ),
  breakage(
    '401 is polled over for ever',
    'payment/polling.ts',
    'times >= DENIALS && now - since >= DENIED_MS',
    'times >= 1e9 && now - since >= DENIED_MS',
    READING,
  ),
  breakage(
    'one 401 ends the polling',
    'payment/polling.ts',
    'times >= DENIALS && now - since >= DENIED_MS',
    'times >= 1',
    OTHERS,
  ),
  breakage(
    '`completed` is taken for the result',
    'payment/polling.ts',
    'return { ...alive(next, event.askedAt), completed: true }',
    "return fail(next, { code: 'gateway-error' })",
    'tests/conformance/main-path.test.ts',
  ),
  breakage(
    'a task is asked for under any id',
    'payment/read-reply.ts',
    "const foreign = typeof id === 'string' && id !== asked.requestId",
    'const foreign = false',
  ),
  breakage(
    'a lost POST left the money alone',
    'payment/submission.ts',
    "case 'lost':\n      return tried(inDoubtOf(record), event)",
    "case 'lost':\n      return tried(record, event)",
  ),
  breakage(
    'a POST that was answered 503 left the money alone',
    'payment/submission.ts',
    'return event.details.httpStatus === 429 ? refused',
    'return event.details.httpStatus ? refused',
    OTHERS,
  ),
  breakage(
    'a lost POST is given up without a lookup',
    'payment/submission.ts',
    "if (inDoubt) return lookUp(record, { ...details, code: 'submit-lost', effect: 'unknown' })",
    "if (inDoubt) return fail(record, { ...details, code: 'submit-lost', effect: 'unknown' })",
    SUBMIT,
  ),
  breakage(
    'a refusal of a server on the way proves that nothing was taken',
    'payment/read-reply.ts',
    'certain: !denied && (isGatewayShape(json) || isSpentAttempt(reply))',
    'certain: !denied',
    OTHERS,
  ),
  breakage(
    'a refusal after a POST in doubt proves that nothing was taken',
    'payment/submission.ts',
    'if (event.certain && isSure(record, event.details.httpStatus, ...AT_THE_DOOR))',
    'if (event.certain)',
    OTHERS,
  ),
  breakage(
    'a 409 proves that nothing was taken',
    'payment/read-reply.ts',
    'const IN_DOUBT: readonly number[] = [408, 409, 423, 425, 499]',
    'const IN_DOUBT: readonly number[] = []',
    OTHERS,
  ),
  breakage(
    'a duplicate proves that nothing was taken',
    'payment/read-reply.ts',
    ' || isDuplicate(details)',
    '',
    OTHERS,
  ),
  breakage(
    'a version 3 answer is read by the acquirer’s section',
    'schema/transaction.ts',
    '!inner?.uid && is(flat(), value)',
    '!inner && is(flat(), value)',
    OTHERS,
  ),
  breakage(
    'credentials that were refused are never fetched anew',
    'transport/attempt.ts',
    '...(refused && { refused }),',
    '',
    OTHERS,
  ),
  breakage('Retry-After is ignored', 'payment/exchange.ts', 'waitMs: retryAfterMs ?? 0', 'waitMs: 0', READING),
]
