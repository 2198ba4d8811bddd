import { expect, it } from 'vitest'
import { createRandom } from './random.ts'

it('repeats itself for the same seed and stream, and differs for another of either', () => {
  const first = createRandom(7, 'tasks')
  const ids = [first.uuid(), first.digits(6), first.hex(8)]
  const again = createRandom(7, 'tasks')
  expect([again.uuid(), again.digits(6), again.hex(8)]).toEqual(ids)
  expect(createRandom(7, 'cards').uuid()).not.toBe(ids[0])
  expect(createRandom(8, 'tasks').uuid()).not.toBe(ids[0])
})

it('makes ids in the shape of a version 4 UUID, and never the same twice', () => {
  const random = createRandom(1, 'tasks')
  const ids = Array.from({ length: 5000 }, () => random.uuid())
  expect(new Set(ids).size).toBe(5000)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

it('spreads evenly from 0 to 1', () => {
  const random = createRandom(3, 'latencies')
  const numbers = Array.from({ length: 10_000 }, () => random.next())
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...numbers)).toBeLessThan(1)
  expect(numbers.reduce((sum, each) => sum + each) / numbers.length).toBeCloseTo(0.5, 1)
})

it('draws nothing before its first use without a seed', () => {
  const original = Math.random
  Math.random = () => {
    throw new Error('drawn while loading')
  }
  try {
    createRandom(undefined, 'tasks')
  } finally {
    Math.random = original
  }
})
