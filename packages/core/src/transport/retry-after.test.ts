import { describe, expect, it } from 'vitest'
import { retryAfter } from './retry-after.ts'

const now = Date.parse('2026-11-22T10:00:00Z')

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['7', 7000],
    [' 12 ', 12_000],
    ['Sun, 22 Nov 2026 10:00:30 GMT', 30_000],
  ])('%j asks for %i ms', (header, ms) => {
    expect(retryAfter(header, now)).toBe(ms)
  })

  it.each(['999999999', 'Sun, 22 Nov 2099 10:00:00 GMT', 'Sun Nov 22 10:00:00 2099', '9'.repeat(400)])(
    '%j is at most five minutes',
    (header) => {
      expect(retryAfter(header, now)).toBe(300_000)
    },
  )

  it.each([null, undefined, '', 'soon', '-5', '1.5e3x', 'NaN', 'Sun, 22 Nov 2020 10:00:00 GMT'])(
    '%j is nothing',
    (header) => {
      expect(retryAfter(header, now)).toBeUndefined()
    },
  )
})
