/** The table of answers, cell by cell. `tests/conformance` shows what comes of each with a real client. */
import { describe, expect, it } from 'vitest'
import type { Reply } from '../transport/attempt.ts'
import type { Operation } from './event.ts'
import { readReply } from './read-reply.ts'
import { CREDIT, type TaskRecord } from './record.ts'

const now = 1_000_000_000
const record: TaskRecord = {
  v: 1,
  requestKey: 'k',
  trackingId: 't',
  type: 'payments',
  createdAt: now,
  polls: 0,
  lost: 0,
  tries: 0,
  credit: CREDIT,
  requestId: 'id',
}
const read = (operation: Operation, reply: Partial<Reply>, fields: Partial<TaskRecord> = {}) =>
  readReply({ httpStatus: 200, durationMs: 1, ...reply }, operation, { ...record, ...fields }, now)

const error = { message: 'no such thing' }
const word = (status: string, request_id?: string) => ({ status, ...(request_id && { request_id }) })
const transaction = { transaction: { status: 'successful' } }

const failed = (code: string) => expect.objectContaining({ type: 'failed', failure: expect.objectContaining({ code }) })
const unexpected = { type: 'lost', reason: 'unexpected' }
const throttled = expect.objectContaining({ type: 'throttled' })

type Row = [reply: Partial<Reply>, submit: unknown, status: unknown, result: unknown]
const rows: Row[] = [
  [{ lost: 'network', httpStatus: 0 }, ...same({ type: 'lost', reason: 'network' })],
  [{ lost: 'timeout', httpStatus: 0 }, ...same({ type: 'lost', reason: 'timeout' })],
  [{ lost: 'too-large' }, ...same({ type: 'lost', reason: 'too-large' })],
  [{ lost: 'redirect', httpStatus: 307 }, ...same({ type: 'lost', reason: 'redirect' })],
  [{ lost: 'auth', httpStatus: 0 }, ...same(failed('unauthorized'))],
  [{ httpStatus: 429 }, ...same(throttled)],
  [{ httpStatus: 429, json: transaction }, ...same(throttled)],
  [{ httpStatus: 503, retryAfterMs: 0 }, ...same(throttled)],
  [{ httpStatus: 503 }, ...same(unexpected)],
  [{ httpStatus: 401, json: error }, ...same(failed('unauthorized'))],
  [{ httpStatus: 403, json: transaction }, ...same(failed('unauthorized'))],
  [
    { httpStatus: 404, json: word('unknown', 'id') },
    failed('protocol'),
    { type: 'gone', cause: 'not-found' },
    { type: 'gone', cause: 'not-found' },
  ],
  [
    { httpStatus: 404, json: word('unknown') },
    failed('protocol'),
    { type: 'gone', cause: 'not-found' },
    { type: 'gone', cause: 'not-found' },
  ],
  [
    { json: word('unknown', 'id') },
    failed('protocol'),
    { type: 'gone', cause: 'not-found' },
    { type: 'gone', cause: 'not-found' },
  ],
  [{ httpStatus: 404, json: word('unknown', 'other') }, failed('protocol'), failed('protocol'), failed('protocol')],
  [
    { json: word('processing', 'id') },
    { type: 'accepted', requestId: 'id' },
    { type: 'processing' },
    { type: 'processing' },
  ],
  [
    { httpStatus: 202, json: word('processing', 'id') },
    { type: 'accepted', requestId: 'id' },
    { type: 'processing' },
    { type: 'processing' },
  ],
  [{ httpStatus: 425, json: word('processing', 'id') }, unexpected, { type: 'processing' }, { type: 'processing' }],
  [{ httpStatus: 500, json: word('processing', 'id') }, unexpected, { type: 'processing' }, { type: 'processing' }],
  [{ json: word('processing') }, unexpected, { type: 'processing' }, { type: 'processing' }],
  [{ json: word('completed', 'id') }, { type: 'accepted', requestId: 'id' }, { type: 'completed' }, unexpected],
  [
    { json: word('completed', 'other') },
    { type: 'accepted', requestId: 'other' },
    failed('protocol'),
    failed('protocol'),
  ],
  [{ json: word('processing', '../x') }, failed('protocol'), failed('protocol'), failed('protocol')],
  [{ json: word('queued', 'id') }, ...same(unexpected)],
  [{ json: word('reprocessing', 'id') }, ...same(unexpected)],
  [{ json: word('completed_in_part', 'id') }, ...same(unexpected)],
  [{ httpStatus: 499, json: error }, failed('submit-rejected'), failed('gateway-error'), failed('gateway-error')],
  [{ httpStatus: 400, json: error }, failed('submit-rejected'), failed('gateway-error'), failed('gateway-error')],
  [{ httpStatus: 404, json: error }, failed('submit-rejected'), failed('gateway-error'), failed('gateway-error')],
  [
    { httpStatus: 422, json: { ...word('error', 'id'), ...error } },
    failed('submit-rejected'),
    failed('gateway-error'),
    failed('gateway-error'),
  ],
  [
    { httpStatus: 422, json: { request_id: 'not/ours', ...error } },
    failed('submit-rejected'),
    failed('protocol'),
    failed('protocol'),
  ],
  [{ json: { request_id: 'other', ...transaction } }, unexpected, failed('protocol'), failed('protocol')],
  [{ httpStatus: 425 }, unexpected, throttled, throttled],
  [{ httpStatus: 425, json: word('queued', 'id') }, unexpected, throttled, throttled],
  [{ httpStatus: 425, json: error }, failed('submit-rejected'), throttled, throttled],
  [{ json: { ...word('processing'), request_id: null } }, unexpected, { type: 'processing' }, { type: 'processing' }],
  [
    { httpStatus: 404, json: { ...word('unknown'), request_id: null } },
    failed('protocol'),
    { type: 'gone', cause: 'not-found' },
    { type: 'gone', cause: 'not-found' },
  ],
  [{ httpStatus: 500, json: error }, unexpected, failed('gateway-error'), failed('gateway-error')],
  [{ httpStatus: 200, json: error }, unexpected, failed('gateway-error'), failed('gateway-error')],
  [
    { json: transaction },
    unexpected,
    { type: 'answered', body: transaction, via: 'task' },
    { type: 'answered', body: transaction, via: 'task' },
  ],
  [
    { httpStatus: 422, json: transaction },
    unexpected,
    { type: 'answered', body: transaction, via: 'task' },
    { type: 'answered', body: transaction, via: 'task' },
  ],
  [{ json: undefined }, ...same(unexpected)],
  [{ httpStatus: 404, json: undefined }, ...same(unexpected)],
  [{ json: {} }, ...same(unexpected)],
  [{ json: [] }, ...same(unexpected)],
]
function same(reading: unknown): [unknown, unknown, unknown] {
  return [reading, reading, reading]
}

describe.each(rows)('the reply %j', (reply, submit, status, result) => {
  it('is read by what was asked', () => {
    expect({ submit: read('submit', reply), status: read('status', reply), result: read('result', reply) }).toEqual({
      submit,
      status,
      result,
    })
  })
})

describe('a type without a transaction', () => {
  it.each([{ balance: 1 }, [1], { ...word('ok', 'id') }, { message: 'You have 5 left' }])(
    'takes %j for its result',
    (json) => {
      expect(read('result', { json }, { type: 'balance' })).toEqual({ type: 'answered', body: json, via: 'task' })
    },
  )

  it.each([
    ['status', { json: { balance: 1 } }],
    ['result', { httpStatus: 500, json: { balance: 1 } }],
    ['result', { json: 'text' }],
    ['result', { json: word('completed', 'id') }],
  ] as const)('takes nothing from %s that is none: %j', (operation, reply) => {
    expect(read(operation, reply, { type: 'balance' })).toEqual(unexpected)
  })
})

describe('the cause of 404 unknown', () => {
  const day = 24 * 60 * 60_000
  it.each([
    [undefined, day - 1, 'not-found', false],
    [undefined, day, 'expired', false],
    ['answer-lost', 0, 'answer-lost', true],
    ['answer-lost', day, 'answer-lost', true],
    ['expired', 0, 'expired', true],
    ['not-found', 0, 'not-found', true],
    ['made-up', 0, 'not-found', false],
    ['not-expired', 0, 'not-found', false],
    ['expired-soon', 0, 'not-found', false],
    [7, 0, 'not-found', false],
    [{ toString: 1 }, 0, 'not-found', false],
  ])('told %j at the age of %i ms is %s', (cause, age, expected, told) => {
    const json = { ...word('unknown', 'id'), cause }
    expect(read('status', { httpStatus: 404, json }, { createdAt: now - age })).toEqual({
      type: 'gone',
      cause: expected,
      ...(told && { told }),
    })
  })
})

it('is an answer that another tab lost, if that says so; which tells nothing of last words', () => {
  const json = { ...word('unknown', 'id'), lost: true }
  expect(read('status', { httpStatus: 404, json })).toEqual({ type: 'gone', cause: 'answer-lost' })
  const told = { type: 'gone', cause: 'answer-lost', told: true }
  expect(read('status', { httpStatus: 404, json: { ...json, cause: 'expired' } })).toEqual(told)
})

describe('an answer about another task', () => {
  const json = { ...error, request_id: 'other' }
  it.each([{ httpStatus: 500 }, { httpStatus: 429 }, { httpStatus: 401 }])('leaves no words behind: %j', (reply) => {
    const reading = read('status', { ...reply, json })
    expect(JSON.stringify(reading)).not.toContain(error.message)
    expect(reading).toMatchObject({ type: reply.httpStatus === 429 ? 'throttled' : 'failed' })
  })
})

it('a failure has no HTTP status where there was no answer', () => {
  const reading = read('status', { lost: 'auth', httpStatus: 0 })
  expect(reading).toMatchObject({ failure: { code: 'unauthorized' } })
  expect(reading).not.toHaveProperty('failure.httpStatus')
})

it('nothing is answered before it was submitted, though our clock was set back meanwhile', () => {
  const clocks = { createdAt: now + 3_600_000 }
  const accepted = { date: now + 3_600_000 + 5000, json: word('processing', 'id') }
  expect(read('submit', accepted, clocks)).toEqual({ type: 'accepted', requestId: 'id', skewMs: 5000 })
})

describe('a lookup', () => {
  it.each([
    ['404 with JSON', { httpStatus: 404, json: error }, { type: 'missing', candidates: [] }],
    ['an empty list', { json: { transactions: [] } }, { type: 'missing', candidates: [] }],
    ['an empty list with 299', { httpStatus: 299, json: { transactions: [] } }, { type: 'missing', candidates: [] }],
    ['404 without JSON', { httpStatus: 404 }, unexpected],
    ['a list with 500', { httpStatus: 500, json: { transactions: [] } }, unexpected],
    ['a list of something else', { json: { transactions: ['x'] } }, unexpected],
    ['401', { httpStatus: 401 }, failed('unauthorized')],
    ['429', { httpStatus: 429 }, throttled],
  ])('answered by %s', (_, reply, reading) => {
    expect(read('lookup', reply)).toEqual(reading)
  })

  const found = (ageMs: number) => {
    const created_at = new Date(now - ageMs).toISOString()
    return { json: { transactions: [{ type: 'payment', status: 'failed', created_at }] } }
  }
  const lost = { requestId: undefined }

  it.each([
    ['the clock of its own answer, if the task was not taken', 10_000, { date: now - 10_000 }, lost, 'answered'],
    ['our clock, if the answer has none', 2000, {}, lost, 'answered'],
    ['our clock, if the answer has none: older is not ours', 2001, {}, lost, 'missing'],
    ['the clock of the acknowledgement, if it was taken', 10_000, { date: now }, { skewMs: -10_000 }, 'answered'],
    ['our clock, if that was right then', 10_000, { date: now - 10_000 }, {}, 'missing'],
  ])('dates the submission by %s', (_, ageMs, reply, fields, type) => {
    expect(read('lookup', { ...reply, ...found(ageMs) }, fields)).toMatchObject({ type })
  })
})
