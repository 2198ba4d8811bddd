import { expect, it, vi } from 'vitest'
import type { Clock } from '../lib/clock.ts'
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

/** Takes steps of a second, and says so. */
class Slow extends Pacer {
  readonly #name: string
  readonly #said: string[]
  constructor(clock: Clock, name: string, said: string[], earlier?: Pacer) {
    super(clock, earlier)
    this.#name = name
    this.#said = said
  }
  protected override wanted(): boolean {
    return this.observed
  }
  protected override async step(): Promise<void> {
    this.#said.push(`${this.#name} begins`)
    await new Promise<void>((resolve) => this.clock.setTimeout(resolve, 1000))
    this.#said.push(`${this.#name} ends`)
    this.plan(100)
  }
  hint(): void {
    void this.take(() => this.step())
  }
}

it('those that follow one another take one step at a time, whoever is asked in between', async () => {
  const clock = createSimulatedClock()
  const said: string[] = []
  const first = new Slow(clock, 'first', said)
  const second = new Slow(clock, 'second', said, first)
  const third = new Slow(clock, 'third', said, second)
  first.hint()
  third.observe(true)
  await clock.advance(1500)
  first.hint()
  second.hint()
  await clock.advance(1500)
  third.observe(false)
  await clock.advance(5000)
  expect(said.slice(0, 4)).toEqual(['first begins', 'first ends', 'third begins', 'third ends'])
  for (let at = 0; at < said.length; at += 2) expect(said[at + 1]).toBe(said[at]?.replace('begins', 'ends'))
  expect(clock.pending).toBe(0)
})
