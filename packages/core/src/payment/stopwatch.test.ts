import { expect, it } from 'vitest'
import { createSimulatedClock } from '../lib/simulated-clock.ts'
import { Stopwatch } from './stopwatch.ts'

it('counts on when the clock is set back', async () => {
  const clock = createSimulatedClock()
  const stopwatch = new Stopwatch(clock, clock.now())
  await clock.advance(1000)
  expect(stopwatch.elapsedMs()).toBe(1000)
  clock.jump(-3_600_000)
  expect(stopwatch.elapsedMs()).toBe(1000)
  await clock.advance(500)
  expect(stopwatch.elapsedMs()).toBe(1500)
})

it('counts the time that a machine slept', async () => {
  const clock = createSimulatedClock()
  const stopwatch = new Stopwatch(clock, clock.now() - 60_000)
  clock.jump(3_600_000)
  expect(stopwatch.elapsedMs()).toBe(3_660_000)
})

it('does not start in the future', async () => {
  const clock = createSimulatedClock()
  const stopwatch = new Stopwatch(clock, clock.now() + 3_600_000)
  await clock.advance(1000)
  expect(stopwatch.elapsedMs()).toBe(1000)
  stopwatch.restart()
  expect(stopwatch.elapsedMs()).toBe(0)
})
