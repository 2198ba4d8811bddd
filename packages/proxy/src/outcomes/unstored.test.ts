import { describe, expect, it } from 'vitest'
import type { TaskRecord } from './records.ts'
import { Unstored } from './unstored.ts'

const record = (fields: Partial<TaskRecord>): TaskRecord =>
  ({ requestId: 'task', fence: 3, writer: 'other/1', createdAt: 1, takenAt: 1, ...fields }) as TaskRecord
const outcome = { httpStatus: 500, body: { message: 'It blew up', confirmed: true } }

describe('an outcome that could not be stored', () => {
  it.each<[string, TaskRecord | undefined, object]>([
    ['is all that is known, when the store knows nothing', undefined, { outcome }],
    ['ends the read that the store still has on its way', record({ reading: 'ours' }), { outcome }],
    ['is added when another process has read since', record({ fence: 5, lost: true }), { lost: true, outcome }],
    [
      'leaves the outcome that is stored',
      record({ fence: 5, outcome: { httpStatus: 200, body: {} } }),
      { outcome: { httpStatus: 200, body: {} } },
    ],
  ])('%s', (_, stored, known) => {
    const unstored = new Unstored()
    unstored.keep(record({ fence: 4, writer: 'ours/1', outcome }))
    const found = unstored.addTo(stored, 'task')
    expect(found).toMatchObject(known)
    expect(found).not.toHaveProperty('reading')
    unstored.forget('task')
    expect(unstored.addTo(stored, 'task')).toEqual(stored)
  })

  it('stays small: the oldest is forgotten', () => {
    const unstored = new Unstored()
    for (let index = 0; index <= 500; index++) unstored.keep(record({ requestId: `task-${index}` }))
    expect(unstored.addTo(undefined, 'task-0')).toBeUndefined()
    expect(unstored.addTo(undefined, 'task-1')).toBeDefined()
    expect(unstored.addTo(undefined, 'task-500')).toBeDefined()
  })
})
