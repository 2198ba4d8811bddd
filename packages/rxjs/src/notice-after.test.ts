/** Timers of the runtime, which marble diagrams do not see. */
import { NEVER, of, Subject } from 'rxjs'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { noticeAfter } from './notice-after.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('leaves no timer when its source is over, when it is left, and when the first value came', () => {
  of(1).pipe(noticeAfter(1000, 'notice')).subscribe()
  NEVER.pipe(noticeAfter(1000, 'notice')).subscribe().unsubscribe()
  const source = new Subject<number>()
  source.pipe(noticeAfter(1000, 'notice')).subscribe()
  expect(vi.getTimerCount()).toBe(1)
  source.next(1)
  expect(vi.getTimerCount()).toBe(0)
})
