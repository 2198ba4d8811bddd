import { expect, it, vi } from 'vitest'
import { createSimulatedClock } from '../lib/simulated-clock.ts'
import { Pacer } from './pacer.ts'

/** Takes steps that throw, as no step should. */
class Faulty extends Pacer {
  steps = 0
  protected override wanted(): boolean {
    return this.observed
  }
  protected override async step(): Promise<void> {
    this.steps += 1
    throw new Error('fault')
  }
}

it('a fault is reported, and does not spin', async () => {
  const reportError = vi.fn()
  vi.stubGlobal('reportError', reportError)
  const clock = createSimulatedClock()
  const pacer = new Faulty(clock)
  pacer.observe(true)
  await clock.advance(29_999)
  expect(pacer.steps).toBe(1)
  await clock.advance(60_001)
  expect(pacer.steps).toBe(4)
  expect(reportError).toHaveBeenCalledTimes(4)
  pacer.observe(false)
  expect(clock.pending).toBe(0)
  vi.unstubAllGlobals()
})
