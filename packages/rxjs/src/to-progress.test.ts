import type { ProcessingState, TaskState } from '@async-transaction/core'
import { from, toArray } from 'rxjs'
import { expect, it } from 'vitest'
import { toProgress } from './to-progress.ts'

const at = (elapsedMs: number, estimate: Partial<ProcessingState> = {}): TaskState => ({
  status: 'processing',
  requestId: 'a',
  polls: 1,
  elapsedMs,
  nextPollMs: 1,
  ...estimate,
})

const numbers = (...states: TaskState[]): number[] => {
  let seen: number[] = []
  from(states)
    .pipe(toProgress({ expectedMs: 1000 }), toArray())
    .subscribe((all) => {
      seen = all
    })
  return seen
}

it('goes by time, and is 1 when the gateway is done', () => {
  expect(numbers(at(0), at(1000), { status: 'completed', requestId: 'a' })).toEqual([0, 0.5, 1])
})

it('goes by what the schedule has learned', () => {
  expect(numbers(at(0, { progress: 0.1 }), at(1000, { progress: 0.2 }))).toEqual([0.1, 0.2])
})

it('never falls, also when the schedule cannot tell any more', () => {
  expect(numbers(at(0, { progress: 0.8 }), at(1000), at(9000))).toEqual([0.8, 0.8, 0.9])
})
