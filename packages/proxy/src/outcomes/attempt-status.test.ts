import { describe, expect, it } from 'vitest'
import { attemptStatus, taskStatus } from './attempt-status.ts'
import type { IntentRecord, TaskRecord } from './records.ts'

const NOW = 1_800_000_000_000
const DAY_MS = 24 * 60 * 60_000

const entry = { attempt: 1, intentKey: 'k', postedAt: NOW }
const intent = (more: Partial<IntentRecord>): IntentRecord => ({
  fence: 1,
  writer: 'w',
  digest: 'd',
  instrument: 'i',
  ...more,
})
const task = (more: Partial<TaskRecord> = {}): TaskRecord => ({
  fence: 1,
  writer: 'w',
  requestId: 'r',
  order: 'o',
  intent: { type: 'payments', trackingId: 't', attempt: 1, test: false },
  createdAt: NOW,
  takenAt: NOW,
  ...more,
})
const accepted = { httpStatus: 200, body: { request_id: 'r' } }
const refused = { httpStatus: 422, body: {} }

describe('an attempt', () => {
  it.each([
    ['without a record', undefined, 'doubt'],
    ['that was only told to wait', intent({}), 'none'],
    ['whose POST is under way', intent({ sentAt: NOW, postingUntil: NOW + 1 }), 'running'],
    ['whose POST ended without an answer', intent({ sentAt: NOW }), 'doubt'],
    ['whose process died in the middle of its POST', intent({ sentAt: NOW, postingUntil: NOW }), 'doubt'],
    ['that was refused', intent({ answer: refused }), 'none'],
    ['that was refused after a POST in doubt', intent({ sentAt: NOW, answer: refused }), 'doubt'],
    ['whose task is not known any more', intent({ sentAt: NOW, answer: accepted }), 'doubt'],
  ] as const)('%s', (_, known, status) => {
    expect(attemptStatus({ entry, intent: known }, NOW)).toBe(status)
  })

  it('that the gateway’s list cleared took no money', () => {
    expect(attemptStatus({ entry: { ...entry, verdict: 'none' } }, NOW)).toBe('none')
  })
})

describe('a task', () => {
  const result = (status: string): Partial<TaskRecord> => ({
    outcome: { httpStatus: 200, body: { transaction: { uid: 'u', status } } },
  })
  const error = (effect: string): Partial<TaskRecord> => ({
    outcome: { httpStatus: 500, body: { message: 'x', confirmed: true, effect } },
  })
  it.each([
    ['under way', {}, 'running'],
    ['of a day ago', { createdAt: NOW - DAY_MS }, 'doubt'],
    ['of which an answer was lost', { lost: true }, 'doubt'],
    ['that the gateway forgot', { gone: true }, 'doubt'],
    ['with an error that took no money', error('none'), 'none'],
    ['with an error', error('unknown'), 'doubt'],
    ['successful', result('successful'), 'paid'],
    ['failed', result('failed'), 'none'],
    ['expired', result('expired'), 'none'],
    ['incomplete', result('incomplete'), 'waiting'],
    ['pending', result('pending'), 'waiting'],
    ['of a status that nobody knows', result('odd'), 'doubt'],
  ] as const)('%s', (_, more, status) => {
    expect(taskStatus(task(more as Partial<TaskRecord>), NOW)).toBe(status)
  })
})
