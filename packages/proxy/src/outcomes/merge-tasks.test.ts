import { describe, expect, it } from 'vitest'
import { mergeTasks } from './merge-tasks.ts'
import type { KeptAnswer, LastWords, TaskRecord } from './records.ts'

const record = (fields: Partial<TaskRecord>): TaskRecord =>
  ({ requestId: 'task', fence: 3, writer: 'ours/2', createdAt: 2, takenAt: 2, ...fields }) as TaskRecord
const result = (fields: object): KeptAnswer => ({
  httpStatus: 200,
  body: { transaction: { uid: 'uid', type: 'payment', ...fields } },
})
const paid = result({ status: 'successful' })
const failed = result({ status: 'failed' })
const waiting = result({ status: 'incomplete' })
const corrected = result({ status: 'failed', manually_corrected_at: '2031-01-01T00:00:00Z' })
const error: KeptAnswer = { httpStatus: 500, body: { message: 'It blew up', confirmed: true, effect: 'unknown' } }
const words = (httpStatus: number, read: number): LastWords => ({ httpStatus, body: { message: 'x' }, read, times: 1 })

describe('the union of two records, whichever is stored first', () => {
  it.each<[string, Partial<TaskRecord>, Partial<TaskRecord>, Partial<TaskRecord>]>([
    ['has the result over a confirmed error', { outcome: paid }, { outcome: error }, { outcome: paid }],
    ['has the confirmed error over last words', { outcome: error }, { lastWords: words(500, 9) }, { outcome: error }],
    ['has the later state of a transaction', { outcome: waiting }, { outcome: paid }, { outcome: paid }],
    ['keeps "successful" under a late "failed"', { outcome: paid }, { outcome: failed }, { outcome: paid }],
    ['has a correction', { outcome: paid }, { outcome: corrected }, { outcome: corrected }],
    ['has the newer words', { lastWords: words(500, 2) }, { lastWords: words(422, 4) }, { lastWords: words(422, 4) }],
    [
      'has the words of the gateway over a server’s on the way',
      { lastWords: words(500, 2) },
      { lastWords: words(502, 4) },
      { lastWords: words(500, 2) },
    ],
    ['drops words that a later read refuted', { lastWords: words(500, 2) }, { alive: 4 }, { alive: 4 }],
    [
      'keeps words of a read after the task was seen in progress',
      { lastWords: words(500, 6) },
      { alive: 4 },
      { alive: 4, lastWords: words(500, 6) },
    ],
    [
      'knows a loss, a completion and a doubt of either',
      { lost: true, inDoubt: true },
      { completed: true, gone: true },
      {
        lost: true,
        inDoubt: true,
        completed: true,
        gone: true,
      },
    ],
    ['is of the earliest submission', { createdAt: 1 }, { createdAt: 5 }, { createdAt: 1 }],
  ])('%s', (_, one, other, union) => {
    for (const [stored, mine] of [
      [one, other],
      [other, one],
    ]) {
      const merged = mergeTasks(record(stored as object), record(mine as object))
      expect(merged).toMatchObject(union)
      if (!union.lastWords) expect(merged).not.toHaveProperty('lastWords')
    }
  })

  it('leaves the read of another one on its way, and ends its own', () => {
    expect(mergeTasks(record({ reading: 'other' }), record({}))).toMatchObject({ reading: 'other' })
    expect(mergeTasks(record({ reading: 'ours' }), record({}))).not.toHaveProperty('reading')
  })

  it('is not due again when its outcome was told', () => {
    expect(mergeTasks(record({ outcome: paid }), record({ dueAt: 9 }))).not.toHaveProperty('dueAt')
    expect(mergeTasks(record({ outcome: waiting }), record({ outcome: paid, dueAt: 9 }))).toMatchObject({ dueAt: 9 })
  })
})
