import { describe, expect, it } from 'vitest'
import { createFaultBook } from './fault-book.ts'

describe('a planned fault', () => {
  it('strikes the next matching request, once', () => {
    const book = createFaultBook()
    book.add({ on: 'status', kind: 'stall' })
    expect(book.match('submit', 'a')).toBeUndefined()
    expect(book.match('status', 'a')?.kind).toBe('stall')
    expect(book.match('status', 'a')).toBeUndefined()
  })

  it('strikes from the n-th matching request on, so many times in a row', () => {
    const book = createFaultBook()
    book.add({ on: 'status', kind: 'stall', nth: 2, times: 2 })
    const struck = Array.from({ length: 5 }, () => book.match('status', 'a') !== undefined)
    expect(struck).toEqual([false, true, true, false, false])
  })

  it('counts only requests about its tracking id', () => {
    const book = createFaultBook()
    book.add({ on: 'result', kind: 'stall', trackingId: 'b', nth: 2 })
    expect(book.match('result', 'a')).toBeUndefined()
    expect(book.match('result', 'b')).toBeUndefined()
    expect(book.match('result', undefined)).toBeUndefined()
    expect(book.match('result', 'b')?.kind).toBe('stall')
  })

  it('can strike for ever, and be taken back', () => {
    const book = createFaultBook()
    const remove = book.add({ on: 'any', kind: 'stall', times: Number.POSITIVE_INFINITY })
    for (const operation of ['submit', 'sync', 'status', 'result', 'lookup'] as const) {
      expect(book.match(operation, undefined)?.kind).toBe('stall')
    }
    remove()
    expect(book.match('status', undefined)).toBeUndefined()
  })

  it('waits for the next request if another one is first', () => {
    const book = createFaultBook()
    book.add({ on: 'status', kind: 'drop-after' })
    book.add({ on: 'status', kind: 'stall' })
    expect([1, 2, 3].map(() => book.match('status', 'a')?.kind)).toEqual(['drop-after', 'stall', undefined])
  })

  it('never strikes the customer’s pages, the control API, or what the gateway does not know', () => {
    const book = createFaultBook()
    book.add({ on: 'any', kind: 'stall' })
    for (const operation of ['page', 'control', 'none'] as const) expect(book.match(operation, 'a')).toBeUndefined()
  })
})

it('all are forgotten at once', () => {
  const book = createFaultBook()
  book.add({ on: 'any', kind: 'stall' })
  book.clear()
  expect(book.match('status', 'a')).toBeUndefined()
})
