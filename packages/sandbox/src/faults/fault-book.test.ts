import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import type { Operation } from '../route.ts'
import { createFaultBook, type Target } from './fault-book.ts'

const clock = createManualClock()
const request = (operation: Operation, trackingId?: string, by?: 'uid' | 'trackingId'): Target => ({
  route: { operation, ...(by && { by }) },
  trackingId,
})

describe('a planned fault', () => {
  it('strikes the next matching request, once', () => {
    const book = createFaultBook(clock)
    book.add({ on: 'status', kind: 'stall' })
    expect(book.match(request('submit', 'a'))).toBeUndefined()
    expect(book.match(request('status', 'a'))?.kind).toBe('stall')
    expect(book.match(request('status', 'a'))).toBeUndefined()
  })

  it('strikes from the n-th matching request on, so many times in a row', () => {
    const book = createFaultBook(clock)
    book.add({ on: 'status', kind: 'stall', nth: 2, times: 2 })
    const struck = Array.from({ length: 5 }, () => book.match(request('status', 'a')) !== undefined)
    expect(struck).toEqual([false, true, true, false, false])
  })

  it('counts only requests about its tracking id', () => {
    const book = createFaultBook(clock)
    book.add({ on: 'result', kind: 'stall', trackingId: 'b', nth: 2 })
    expect(book.match(request('result', 'a'))).toBeUndefined()
    expect(book.match(request('result', 'b'))).toBeUndefined()
    expect(book.match(request('result', undefined))).toBeUndefined()
    expect(book.match(request('result', 'b'))?.kind).toBe('stall')
  })

  it('can strike for ever, and be taken back', () => {
    const book = createFaultBook(clock)
    const remove = book.add({ on: 'any', kind: 'stall', times: Number.POSITIVE_INFINITY })
    for (const operation of ['submit', 'sync', 'status', 'result', 'lookup'] as const) {
      expect(book.match(request(operation, undefined))?.kind).toBe('stall')
    }
    remove()
    expect(book.match(request('status', undefined))).toBeUndefined()
  })

  it('strikes for a time from when it is planned, every request, and then no more', () => {
    const book = createFaultBook(clock)
    book.add({ on: 'status', kind: 'stall', forMs: 3000 })
    const strikes = (): boolean => book.match(request('status', 'a')) !== undefined
    expect([strikes(), strikes()]).toEqual([true, true])
    clock.advance(2999)
    expect(strikes()).toBe(true)
    clock.advance(1)
    expect(strikes()).toBe(false)
  })

  it('ends after its time also when it has not struck, and can be taken back before', () => {
    const book = createFaultBook(clock)
    const remove = book.add({ on: 'status', kind: 'stall', forMs: 3000 })
    book.add({ on: 'result', kind: 'stall', forMs: 3000 })
    book.add({ on: 'submit', kind: 'stall', forMs: 9000, nth: 2 })
    remove()
    expect(book.match(request('status', 'a'))).toBeUndefined()
    clock.advance(3000)
    expect(book.match(request('result', 'a'))).toBeUndefined()
    expect([1, 2, 3].map(() => book.match(request('submit', 'a'))?.kind)).toEqual([undefined, 'stall', 'stall'])
  })

  it('gives way to a later one once its time is over', () => {
    const book = createFaultBook(clock)
    book.add({ on: 'any', kind: 'stall', forMs: 8000 })
    book.add({ on: 'any', kind: 'drop-before' })
    expect(book.match(request('status', 'a'))?.kind).toBe('stall')
    clock.advance(8000)
    expect(book.match(request('status', 'a'))?.kind).toBe('drop-before')
  })

  it('is aimed at lookups by uid, by tracking id, or both', () => {
    const aimedAt = (on: 'lookup' | 'lookup-by-uid' | 'lookup-by-tracking-id'): (string | undefined)[] => {
      const book = createFaultBook(clock)
      book.add({ on, kind: 'stall', times: 9, trackingId: 'a' })
      return (['uid', 'trackingId'] as const).filter((by) => book.match(request('lookup', 'a', by)))
    }
    expect(aimedAt('lookup')).toEqual(['uid', 'trackingId'])
    expect(aimedAt('lookup-by-uid')).toEqual(['uid'])
    expect(aimedAt('lookup-by-tracking-id')).toEqual(['trackingId'])
  })

  it('waits for the next request if another one is first', () => {
    const book = createFaultBook(clock)
    book.add({ on: 'status', kind: 'drop-after' })
    book.add({ on: 'status', kind: 'stall' })
    expect([1, 2, 3].map(() => book.match(request('status', 'a'))?.kind)).toEqual(['drop-after', 'stall', undefined])
  })

  it('never strikes the customer’s pages, the control API, or what the gateway does not know', () => {
    const book = createFaultBook(clock)
    book.add({ on: 'any', kind: 'stall' })
    for (const operation of ['page', 'control', 'none'] as const)
      expect(book.match(request(operation, 'a'))).toBeUndefined()
  })
})

it('all are forgotten at once', () => {
  const book = createFaultBook(clock)
  book.add({ on: 'any', kind: 'stall' })
  book.clear()
  expect(book.match(request('status', 'a'))).toBeUndefined()
})
