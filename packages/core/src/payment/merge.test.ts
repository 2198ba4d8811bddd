/** Two records of one payment: a process that knows less never overwrites one that knows more. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { merge } from './merge.ts'
import { type Ending, isAnswer, type PaymentRecord } from './record.ts'

const submitted: PaymentRecord = {
  v: 1,
  requestKey: 'k',
  trackingId: 't',
  type: 'payments',
  createdAt: 9,
  polls: 0,
  lost: 0,
  tries: 0,
}
const accepted: PaymentRecord = { ...submitted, requestId: 'id', polls: 2, lost: 1 }
const result = (fields: object = {}): Ending => ({
  status: 'result',
  body: { transaction: { uid: 'u', status: 'successful', ...fields } },
  via: 'task',
})
const error: Ending = { status: 'error', code: 'gateway-error', effect: 'unknown', message: 'Boom' }
const unknown: Ending = { status: 'unknown', cause: 'not-found', candidates: [] }
const refused: Ending = { status: 'error', code: 'submit-rejected', effect: 'none', fieldErrors: {} }
const words = { message: 'Boom', polls: 3, at: 100 }

describe('the union of two records', () => {
  it.each([
    ['a task that another process had accepted', submitted, accepted, { requestId: 'id', polls: 2 }],
    [
      'a submission that another process may have sent',
      submitted,
      { ...submitted, createdAt: 1, inDoubt: true },
      { createdAt: 1, inDoubt: true },
    ],
    ['the further of two tasks', accepted, { ...accepted, polls: 5, lost: 3 }, { polls: 5, lost: 3 }],
    [
      'what is completed, whoever polled more',
      { ...accepted, completed: true },
      { ...accepted, polls: 5 },
      { polls: 5, completed: true },
    ],
    ['a result', accepted, { ...accepted, ending: result() }, { ending: result() }],
    [
      'a result over a confirmed error',
      { ...accepted, ending: error },
      { ...accepted, ending: result() },
      { ending: result() },
    ],
    [
      'a result over a confirmed error, either way',
      { ...accepted, ending: result() },
      { ...accepted, ending: error },
      { ending: result() },
    ],
    [
      'a confirmed error over `unknown`',
      { ...accepted, ending: unknown },
      { ...accepted, ending: error },
      { ending: error },
    ],
    [
      'a correction',
      { ...accepted, ending: result() },
      { ...accepted, ending: result({ status: 'failed', manually_corrected_at: '2026-11-30T00:00:00Z' }) },
      { ending: { body: { transaction: { status: 'failed' } } } },
    ],
    [
      'a success over a late failure',
      { ...accepted, ending: result() },
      { ...accepted, ending: result({ status: 'failed' }) },
      { ending: result() },
    ],
    ['an error that came once', accepted, { ...accepted, lastWords: words }, { lastWords: words }],
    [
      'the newer of two errors',
      { ...accepted, lastWords: words },
      { ...accepted, lastWords: { ...words, message: 'New', at: 200 } },
      { lastWords: { message: 'New' } },
    ],
    [
      'an error that came later than the other polled, however often it had',
      { ...accepted, polls: 9, alive: { polls: 9, at: 50 } },
      { ...accepted, lastWords: words },
      { lastWords: words },
    ],
    ['a task over the refusal of another process', { ...submitted, ending: refused }, accepted, { requestId: 'id' }],
    ['the uid', accepted, { ...accepted, uid: 'u' }, { uid: 'u' }],
  ] as [string, PaymentRecord, PaymentRecord, object][])('has %s', (_, mine, other, expected) => {
    expect(merge(mine, other)).toMatchObject(expected)
  })

  it.each([
    [
      'an error that a `processing` after more polls refuted',
      { ...accepted, polls: 4, alive: { polls: 4, at: 100 } },
      { ...accepted, lastWords: words },
      'lastWords',
    ],
    [
      'the `unknown` of another process: it is no answer',
      accepted,
      { ...accepted, polls: 9, gone: 'not-found', ending: unknown },
      'gone',
    ],
    [
      'the end of the polling of another process',
      accepted,
      { ...accepted, polls: 9, ending: { status: 'error', code: 'deadline' } },
      'ending',
    ],
    ['a refusal, where another process had it accepted', { ...submitted, ending: refused }, accepted, 'ending'],
  ] as [string, PaymentRecord, PaymentRecord, string][])('has not %s', (_, mine, other, field) => {
    expect(merge(mine, other)).not.toHaveProperty(field)
  })

  it('turns a refusal into a loss, where another process may have sent it too', () => {
    const merged = merge({ ...submitted, ending: refused }, { ...submitted, inDoubt: true })
    expect(merged.ending).toMatchObject({ code: 'submit-lost', effect: 'unknown' })
  })

  it('is one of them, if they are of two tasks', () => {
    const mine = { ...accepted, requestId: 'mine' }
    expect(merge(mine, { ...accepted, polls: 99, ending: result() })).toBe(mine)
  })

  it('is the same object, if the other knows nothing new', () => {
    for (const mine of [submitted, accepted, { ...accepted, ending: result() }, { ...accepted, lastWords: words }])
      expect(merge(mine, structuredClone(mine))).toBe(mine)
  })

  const endings = fc.constantFrom(undefined, unknown, error, result(), result({ status: 'failed' }), refused)
  const arbitrary = fc
    .record({
      ending: endings,
      polls: fc.nat(5),
      lost: fc.nat(2),
      createdAt: fc.nat(5),
      requestId: fc.constantFrom(undefined, 'id'),
      inDoubt: fc.constantFrom(undefined, true),
      completed: fc.constantFrom(undefined, true),
    })
    // A refusal is certain only where nothing is in doubt.
    .filter(({ ending, inDoubt, requestId }) => ending !== refused || !(inDoubt || requestId))
    .map((fields) => JSON.parse(JSON.stringify({ ...submitted, ...fields })) as PaymentRecord)

  it('loses no answer, no doubt, no loss and no age, whatever it is made of', () => {
    fc.assert(
      fc.property(arbitrary, arbitrary, (mine, other) => {
        const merged = merge(mine, other)
        const rank = ({ ending }: PaymentRecord): number =>
          ending?.status === 'result' ? 2 : ending?.status === 'error' && ending.code === 'gateway-error' ? 1 : 0
        expect(rank(merged)).toBe(Math.max(rank(mine), rank(other)))
        expect(merged.createdAt).toBe(Math.min(mine.createdAt, other.createdAt))
        expect(merged.polls).toBe(Math.max(mine.polls, other.polls))
        expect(merged.lost).toBe(Math.max(mine.lost, other.lost))
        for (const field of ['requestId', 'inDoubt', 'completed'] as const)
          expect(merged[field]).toBe(mine[field] ?? other[field])
        if (merged.ending?.status === 'error' && merged.ending.effect === 'none') expect(merged.inDoubt).toBeUndefined()
        if (isAnswer(merged.ending)) expect(merge(merged, other)).toBe(merged)
      }),
    )
  })
})
