import { describe, expect, it } from 'vitest'
import { retryAfter } from './retry-after.ts'

const now = Date.parse('2026-11-22T10:00:00Z')

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['7', 7000],
    [' 12 ', 12_000],
    ['Sun, 22 Nov 2026 10:00:30 GMT', 30_000],
    ['Sunday, 22-Nov-26 10:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 10:00:00 GMT', 0],
    ['Sun, 22 Nov 2020 10:00:00 GMT', 0],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ])('%j asks for %i ms', (header, ms) => {
    expect(retryAfter(header, now)).toBe(ms)
  })

  it.each(['999999999', 'Sun, 22 Nov 2099 10:00:00 GMT', '9'.repeat(400)])('%j is at most five minutes', (header) => {
    expect(retryAfter(header, now)).toBe(300_000)
  })

  it.each([
    null,
    undefined,
    '',
    'soon',
    'soon 2099',
    'wait until 3000',
    '2026-11-22T10:00:30Z',
    'Sun Nov 22 10:00:30 2026',
    'Sun, 99 Nov 2026 10:00:30 GMT',
    'Sun, 22 Nov 2026 10:00:30 GMT or so',
    '-5',
    '1.5e3x',
    'NaN',
  ])('%j is nothing', (header) => {
    expect(retryAfter(header, now)).toBeUndefined()
  })
})
