import { expect, it, vi } from 'vitest'
import { createSimulatedClock } from '../lib/simulated-clock.ts'
import { Poller } from './poller.ts'

/** Takes steps that throw, as no step should. */
class Faulty extends Poller {
  steps = 0
  observed = false
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
  const poller = new Faulty(clock)
  poller.observed = true
  poller.go()
  await clock.advance(29_999)
  expect(poller.steps).toBe(1)
  await clock.advance(60_001)
  expect(poller.steps).toBe(4)
  expect(reportError).toHaveBeenCalledTimes(4)
  poller.observed = false
  poller.go()
  expect(clock.pending).toBe(0)
  vi.unstubAllGlobals()
})
