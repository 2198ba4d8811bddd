/** The table of answers, cell by cell. `tests/conformance` shows the outcome of each with a real client. */
import { describe, expect, it } from 'vitest'
import type { Reply } from '../transport/attempt.ts'
import type { Operation } from './client-event.ts'
import { type Asked, readReply } from './read-reply.ts'

const now = 1_000_000_000
const asked: Asked = { type: 'payments', createdAt: now, askedAt: now, requestId: 'id' }
const read = (operation: Operation, reply: Partial<Reply>, fields: Partial<Asked> = {}) =>
  readReply({ httpStatus: 200, durationMs: 1, ...reply }, operation, { ...asked, ...fields }, now)

const error = { message: 'no such thing' }
const shaped = { response: { message: 'no such thing' } }
const word = (status: string, request_id?: string) => ({ status, ...(request_id && { request_id }) })
const transaction = { transaction: { status: 'successful' } }

const failed = (code: string) => expect.objectContaining({ type: 'failed', failure: expect.objectContaining({ code }) })
const lost = expect.objectContaining({ type: 'lost', reason: 'unexpected' })
const throttled = expect.objectContaining({ type: 'throttled' })
const denied = expect.objectContaining({ type: 'denied' })
const said = expect.objectContaining({ type: 'error', details: expect.objectContaining(error) })
const refused = (certain: boolean) => expect.objectContaining({ type: 'refused', certain })
const gone = (certain: boolean) => ({ type: 'gone', cause: 'not-found', certain })
const accepted = { type: 'accepted', requestId: 'id' }
const processing = { type: 'processing', askedAt: now }
const answered = (body: unknown) => ({ type: 'answered', body, via: 'task' })

type Row = [reply: Partial<Reply>, submit: unknown, get: unknown, result?: unknown]
const rows: Row[] = [
  [
    { lost: 'network', httpStatus: 0 },
    { type: 'lost', reason: 'network' },
    { type: 'lost', reason: 'network' },
  ],
  [
    { lost: 'timeout', httpStatus: 0 },
    { type: 'lost', reason: 'timeout' },
    { type: 'lost', reason: 'timeout' },
  ],
  [{ lost: 'too-large' }, { type: 'lost', reason: 'too-large' }, { type: 'lost', reason: 'too-large' }],
  [
    { lost: 'redirect', httpStatus: 307 },
    { type: 'lost', reason: 'redirect' },
    { type: 'lost', reason: 'redirect' },
  ],
  [
    { lost: 'auth', httpStatus: 0 },
    { type: 'unsent', reason: 'auth' },
    { type: 'unsent', reason: 'auth' },
  ],
  [{ httpStatus: 429 }, throttled, throttled],
  [{ httpStatus: 429, json: transaction }, throttled, throttled],
  [{ httpStatus: 503, retryAfterMs: 0 }, throttled, throttled],
  [{ httpStatus: 503 }, lost, lost],
  [{ httpStatus: 503, json: error }, lost, said],
  // The credentials, or a firewall's page.
  [{ httpStatus: 401, json: error }, denied, denied],
  [{ httpStatus: 403, json: transaction }, denied, denied],
  [{ httpStatus: 403 }, refused(false), denied],
  // A refusal is certain in a shape that servers on the way do not use.
  [{ httpStatus: 400, json: shaped }, refused(true), said],
  [{ httpStatus: 422, json: { ...error, errors: {} } }, refused(true), said],
  [{ httpStatus: 422, json: { ...error, errors: 'bad' } }, refused(true), said],
  [{ httpStatus: 402, json: { ...error, code: 'F.1', friendly_message: 'x' } }, refused(true), said],
  [{ httpStatus: 400, json: { ...error, code: 'F.1' } }, refused(false), said],
  [{ httpStatus: 422, json: { ...error, code: 'attempt-used' } }, refused(true), said],
  [{ httpStatus: 409, json: { ...error, code: 'attempt-used' } }, lost, said],
  ...[400, 404, 405, 410, 413, 421].map((httpStatus): Row => [{ httpStatus, json: error }, refused(false), said]),
  ...[400, 404, 405, 413].map((httpStatus): Row => [{ httpStatus }, refused(false), lost]),
  // It may be about an earlier copy of the POST.
  ...[408, 409, 423, 499].map((httpStatus): Row => [{ httpStatus, json: shaped }, lost, said]),
  [{ httpStatus: 425, json: shaped }, lost, throttled],
  [{ httpStatus: 422, json: { ...shaped, response: { message: 'Duplicate transaction' } } }, lost, expect.anything()],
  [{ httpStatus: 422, json: { code: 'F.0108', friendly_message: 'DUPLICATE order', ...error } }, lost, said],
  [{ httpStatus: 400, json: { ...error, errors: { duplicate_check: ['x'] } } }, lost, said],
  [{ httpStatus: 500, json: shaped }, lost, said],
  [{ httpStatus: 200, json: error }, lost, said],
  // The words of a task.
  [{ httpStatus: 404, json: word('unknown', 'id') }, failed('protocol'), gone(true)],
  [{ httpStatus: 404, json: word('unknown') }, failed('protocol'), gone(false)],
  [{ httpStatus: 404, json: { ...word('unknown'), request_id: null } }, failed('protocol'), gone(false)],
  [{ json: word('unknown', 'id') }, failed('protocol'), gone(true)],
  [{ httpStatus: 404, json: word('unknown', 'other') }, failed('protocol'), failed('protocol')],
  [{ json: word('processing', 'id') }, accepted, processing],
  [{ httpStatus: 202, json: word('processing', 'id') }, accepted, processing],
  [{ httpStatus: 425, json: word('processing', 'id') }, lost, processing],
  [{ httpStatus: 500, json: word('processing', 'id') }, lost, processing],
  [{ json: word('processing') }, lost, processing],
  [{ json: { ...word('processing'), request_id: null } }, lost, processing],
  [{ json: word('completed', 'id') }, accepted, { type: 'completed', askedAt: now }, lost],
  [{ json: word('completed', 'other') }, { type: 'accepted', requestId: 'other' }, failed('protocol')],
  [{ json: word('processing', '../x') }, failed('protocol'), failed('protocol')],
  [{ json: word('queued', 'id') }, lost, lost],
  [{ json: word('reprocessing', 'id') }, lost, lost],
  [{ json: word('completed_in_part', 'id') }, lost, lost],
  [{ httpStatus: 422, json: { ...word('error', 'id'), ...error } }, refused(false), said],
  [{ httpStatus: 422, json: { request_id: 'not/ours', ...error } }, refused(false), failed('protocol')],
  [{ json: { request_id: 'other', ...transaction } }, lost, failed('protocol')],
  [{ httpStatus: 425 }, lost, throttled],
  [{ httpStatus: 425, json: word('queued', 'id') }, lost, throttled],
  [{ json: transaction }, lost, answered(transaction)],
  [{ httpStatus: 422, json: transaction }, refused(false), answered(transaction)],
  [{ json: undefined }, lost, lost],
  [{ httpStatus: 404, json: undefined }, refused(false), lost],
  [{ json: {} }, lost, lost],
  [{ json: [] }, lost, lost],
]

describe.each(rows)('the reply %j', (reply, submit, status, result = status) => {
  it('is read by its operation', () => {
    expect({ submit: read('submit', reply), status: read('status', reply), result: read('result', reply) }).toEqual({
      submit,
      status,
      result,
    })
  })
})

describe('an answer of version 3, which is flat', () => {
  const flat = { uid: 'u', status: 'failed', type: 'payment', transaction: { auth_code: '1', status: 'successful' } }
  it.each([flat, { uid: 'u', status: 'successful' }])('%j is a result', (json) => {
    expect(read('result', { json })).toEqual(answered(json))
  })
})

describe('a card token, which is flat', () => {
  const json = { holder: 'J', stamp: 's', brand: 'visa', last_4: '0000', first_1: '4', token: 't', exp_month: 5 }
  it('is the result of a tokenization, and of nothing else', () => {
    expect(read('result', { json }, { type: 'tokenizations' })).toEqual(answered(json))
    expect(read('result', { json }, { type: 'credit_cards' })).toEqual(answered(json))
    expect(read('result', { json })).toEqual(lost)
    expect(read('status', { json }, { type: 'tokenizations' })).toEqual(lost)
  })
})

describe('an error that a proxy confirms', () => {
  it.each([
    ['none', 'none'],
    ['unknown', 'unknown'],
    ['all', 'unknown'],
    [undefined, 'unknown'],
  ])('with the effect %j has the effect %s', (effect, expected) => {
    const json = { ...error, confirmed: true, effect }
    expect(read('status', { httpStatus: 422, json })).toMatchObject({
      type: 'confirmed',
      effect: expected,
      details: error,
    })
  })

  it.each(['yes', 1, false, null])('is not confirmed by %j', (confirmed) => {
    expect(read('status', { httpStatus: 422, json: { ...error, confirmed } })).toEqual(said)
  })
})

describe('a type without a transaction', () => {
  it.each([{ balance: 1 }, [1], { ...word('ok', 'id') }, { message: 'You have 5 left', balance: 5 }])(
    'takes %j for its result',
    (json) => {
      expect(read('result', { json }, { type: 'balance' })).toEqual({ type: 'answered', body: json, via: 'task' })
    },
  )

  it('takes an error for what it is', () => {
    expect(read('result', { json: error }, { type: 'balance' })).toEqual(said)
  })

  it.each([
    ['status', { json: { balance: 1 } }],
    ['result', { httpStatus: 500, json: { balance: 1 } }],
    ['result', { json: 'text' }],
    ['result', { json: word('completed', 'id') }],
  ] as const)('takes nothing from %s that is none: %j', (operation, reply) => {
    expect(read(operation, reply, { type: 'balance' })).toEqual(lost)
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
      certain: true,
      cause: expected,
      ...(told && { told }),
    })
  })
})

it('is an answer that another tab lost, if that says so; which tells nothing of last words', () => {
  const json = { ...word('unknown', 'id'), lost: true }
  expect(read('status', { httpStatus: 404, json })).toEqual({ type: 'gone', certain: true, cause: 'answer-lost' })
  const told = { type: 'gone', certain: true, cause: 'answer-lost', told: true }
  expect(read('status', { httpStatus: 404, json: { ...json, cause: 'expired' } })).toEqual(told)
})

describe('an answer about another task', () => {
  const json = { ...error, request_id: 'other' }
  it.each([{ httpStatus: 500 }, { httpStatus: 429 }, { httpStatus: 401 }])('leaves no words behind: %j', (reply) => {
    const reading = read('status', { ...reply, json })
    expect(JSON.stringify(reading)).not.toContain(error.message)
    expect(reading).toMatchObject({ type: { 429: 'throttled', 401: 'denied' }[reply.httpStatus] ?? 'failed' })
  })
})

it('nothing is answered before it was submitted, though our clock was set back meanwhile', () => {
  const clocks = { createdAt: now + 3_600_000 }
  const accepted = { date: now + 3_600_000 + 5000, json: word('processing', 'id') }
  expect(read('submit', accepted, clocks)).toEqual({ type: 'accepted', requestId: 'id', skewMs: 5000 })
})

describe('a lookup', () => {
  const listed = (fields: object = {}) => ({ type: 'listed', askedAt: now, candidates: [], ...fields })
  const ours = { type: 'payment', uid: 'u', status: 'failed', created_at: new Date(now).toISOString() }
  it.each([
    ['an empty list', { json: { transactions: [] } }, listed()],
    ['an empty list with 299', { httpStatus: 299, json: { transactions: [] } }, listed()],
    ['a null beside ours', { json: { transactions: [null, ours] } }, listed({ candidates: [ours], ours })],
    [
      'a refund without a status beside ours',
      { json: { transactions: [{ uid: 'x', type: 'refund' }, ours] } },
      listed({ candidates: [ours], ours }),
    ],
    [
      'ours without a status beside an earlier failed one',
      { json: { transactions: [{ type: 'payment', created_at: ours.created_at }, ours] } },
      listed({ candidates: [ours], open: true }),
    ],
    ['404 with JSON', { httpStatus: 404, json: error }, lost],
    ['404 with a list', { httpStatus: 404, json: { transactions: [] } }, lost],
    ['404 without JSON', { httpStatus: 404 }, lost],
    ['a message', { json: error }, lost],
    ['a list with 500', { httpStatus: 500, json: { transactions: [] } }, lost],
    ['a list of something else', { json: { transactions: ['x'] } }, lost],
    ['401', { httpStatus: 401, json: error }, lost],
    ['429', { httpStatus: 429 }, throttled],
  ])('answered by %s', (_, reply, reading) => {
    expect(read('lookup', reply)).toEqual(reading)
  })

  it('by uid is answered by one transaction, or that of a list', () => {
    const uid = { uid: 'u' }
    expect(read('lookup', { json: { transaction: ours } }, uid)).toEqual(listed({ candidates: [ours], ours }))
    expect(read('lookup', { json: ours }, uid)).toEqual(listed({ candidates: [ours], ours }))
    expect(read('lookup', { json: { transaction: ours } }, { uid: 'other' })).toEqual(listed())
  })

  it('before the first POST takes a live transaction of any age, and no `failed` one', () => {
    const old = { ...ours, created_at: new Date(now - 90_000_000).toISOString() }
    const unread = { unread: true, requestId: undefined }
    for (const status of ['successful', 'incomplete', 'pending'])
      expect(read('lookup', { json: { transactions: [{ ...old, status }] } }, unread)).toMatchObject({
        ours: { status },
      })
    expect(read('lookup', { json: { transactions: [old] } }, unread)).toEqual(listed())
  })

  const found = (ageMs: number) => {
    const created_at = new Date(now - ageMs).toISOString()
    return { json: { transactions: [{ type: 'payment', status: 'failed', created_at }] } }
  }
  const untaken = { requestId: undefined }

  it.each([
    ['the clock of its own answer, if the task was not taken', 10_000, { date: now - 10_000 }, untaken, 1],
    ['our clock, if the answer has none', 2000, {}, untaken, 1],
    ['our clock, if the answer has none: older is not ours', 2001, {}, untaken, 0],
    ['the clock of the acknowledgement, if it was taken', 10_000, { date: now }, { skewMs: -10_000 }, 1],
    ['our clock, if that was right then', 10_000, { date: now - 10_000 }, { skewMs: 0 }, 0],
    ['the clock of its own answer, if the acknowledgement told none', 10_000, { date: now - 10_000 }, {}, 1],
  ])('dates the submission by %s', (_, ageMs, reply, fields, count) => {
    expect(read('lookup', { ...reply, ...found(ageMs) }, fields)).toHaveProperty('candidates.length', count)
  })
})

describe('a transaction without a zone in its time', () => {
  it.each(['America/New_York', 'Asia/Almaty'])('is dated in UTC, in %s', (zone) => {
    const before = process.env.TZ
    process.env.TZ = zone
    try {
      const created_at = new Date(now).toISOString().replace('Z', '')
      const ours = { type: 'payment', uid: 'u', status: 'failed', created_at }
      expect(read('lookup', { json: { transactions: [ours] } })).toMatchObject({ ours: { uid: 'u' } })
      const older = { ...ours, created_at: new Date(now - 3_600_000).toISOString().replace('T', ' ').replace('Z', '') }
      expect(read('lookup', { json: { transactions: [older] } })).toMatchObject({ candidates: [] })
    } finally {
      process.env.TZ = before
    }
  })
})
