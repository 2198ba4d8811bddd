import { describe, expect, it } from 'vitest'
import { exponentialSchedule } from './exponential-schedule.ts'
import { fixedSchedule } from './fixed-schedule.ts'
import { sqrtSchedule } from './sqrt-schedule.ts'

const middle = (): number => 0.5

describe.each([
  ['sqrtSchedule', sqrtSchedule()],
  ['exponentialSchedule', exponentialSchedule()],
  ['fixedSchedule', fixedSchedule({ intervalMs: 1000 })],
  ['a fixedSchedule that is too fast', fixedSchedule({ intervalMs: 1 })],
])('%s', (_, schedule) => {
  const inputs = [0, 1, 2, 10, 1000].flatMap((polls) =>
    [0, 1, 3000, 60_000, 86_400_000].map((elapsedMs) => ({ polls, elapsedMs })),
  )

  it('never asks more than four times a second, nor waits beyond 36 s', () => {
    for (const input of inputs)
      for (const random of [() => 0, () => 0.999]) {
        const delayMs = schedule({ ...input, random })
        expect(delayMs).toBeGreaterThanOrEqual(250)
        expect(delayMs).toBeLessThanOrEqual(36_000)
      }
  })

  it.each([
    ['its first wait by 50 %', 0, 0.5],
    ['its other waits by 20 %', 3, 0.2],
    ['the longest ones, so that clients that wait long do not ask together', 1000, 0.2],
  ])('spreads %s to either side', (_, polls, spread) => {
    const [low, mean, high] = [0, 0.5, 1].map((odds) =>
      schedule({ polls, elapsedMs: polls * 20_000, random: () => odds }),
    ) as [number, number, number]
    if (mean === 250) return
    expect(low / mean).toBeCloseTo(1 - spread)
    expect(high / mean).toBeCloseTo(1 + spread)
  })
})

describe('sqrtSchedule', () => {
  it('waits 4 s, then as long as the square root of the time says', () => {
    const schedule = sqrtSchedule()
    expect(schedule({ polls: 0, elapsedMs: 0, random: middle })).toBe(4000)
    expect(schedule({ polls: 1, elapsedMs: 4000, random: middle })).toBe(1000)
    expect(schedule({ polls: 2, elapsedMs: 100_000, random: middle })).toBe(5000)
  })
})
