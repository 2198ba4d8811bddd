import { describe, expect, it } from 'vitest'
import type { TaskRecord } from './records.ts'
import { Unstored } from './unstored.ts'

const record = (fields: Partial<TaskRecord>): TaskRecord => ({ requestId: 'task', fence: 3, ...fields }) as TaskRecord
const outcome = { httpStatus: 500, body: { message: 'It blew up' } }

describe('what could not be stored', () => {
  it.each<[string, TaskRecord | undefined, TaskRecord | undefined]>([
    ['is all that is known, when the store knows nothing', undefined, record({ fence: 0, outcome })],
    ['is what became of the read that the store still has as read', record({ reading: true }), record({ outcome })],
    [
      'is added when another process has asked since',
      record({ fence: 5, lost: true }),
      record({ fence: 5, lost: true, outcome }),
    ],
    [
      'stands back when the store has an outcome',
      record({ fence: 5, outcome: { httpStatus: 200, body: {} } }),
      record({ fence: 5, outcome: { httpStatus: 200, body: {} } }),
    ],
  ])('%s', (_, stored, known) => {
    const unstored = new Unstored()
    unstored.keep(record({ fence: 4, outcome }))
    expect(unstored.addTo(stored, 'task')).toEqual(known)
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
