import { expect, it } from 'vitest'
import { RateLimiter } from './rate-limiter.ts'

it('lets so many in per window and key, and tells when to come back', () => {
  const limiter = new RateLimiter({ max: 2, windowMs: 10_000 })
  expect([limiter.take('a', 0), limiter.take('a', 1), limiter.take('a', 4000), limiter.take('b', 4000)]).toEqual([
    undefined,
    undefined,
    6,
    undefined,
  ])
  expect(limiter.take('a', 10_000)).toBeUndefined()
})

it('without a key limits nothing', () => {
  const limiter = new RateLimiter({ max: 1, windowMs: 10_000 })
  expect([limiter.take(undefined, 0), limiter.take(undefined, 0)]).toEqual([undefined, undefined])
})

it('stays small, whoever comes: the oldest keys are forgotten', () => {
  const limiter = new RateLimiter({ max: 1, windowMs: 1e9 })
  limiter.take('first', 0)
  for (let key = 0; key < 10_000; key++) limiter.take(`key-${key}`, 0)
  expect(limiter.take('first', 0)).toBeUndefined()
  expect(limiter.take('key-9999', 0)).toBeGreaterThan(0)
})
