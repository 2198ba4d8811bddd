/** Takes one step at a time, each when it is due, while steps are wanted. */
import type { Clock } from '../lib/clock.ts'
import { reportError } from '../lib/report-error.ts'

/** Nothing foreseen throws in a step. Whatever does must not do so without a pause, in milliseconds. */
const FAULT_MS = 30_000

export abstract class Poller {
  /** When the next step is due, in epoch milliseconds, and how long that was from when it was planned. */
  nextAt: number
  waitMs = 0
  protected readonly clock: Clock
  #underWay: Promise<void> | undefined
  #timer: unknown

  constructor(clock: Clock) {
    this.clock = clock
    this.nextAt = clock.now()
  }

  /** Whether steps are to be taken by themselves. */
  protected abstract wanted(): boolean
  /** Takes the step that is next, and plans the one after it. */
  protected abstract step(): Promise<void>

  /** Takes the next step when it is due, if it is wanted and none is under way. */
  go(): void {
    const wanted = this.wanted()
    if (!wanted) this.pause()
    if (!wanted || this.#timer !== undefined || this.#underWay) return
    // Not longer than it was meant to be: a clock that was set back must not stretch it.
    const waitMs = Math.min(this.waitMs, this.nextAt - this.clock.now())
    const take = (): void => void this.take(() => this.step())
    if (waitMs > 0) this.#timer = this.clock.setTimeout(take, waitMs) ?? {}
    else take()
  }

  /** Takes a step now, or waits for the one under way. */
  protected take(step: () => Promise<void>): Promise<void> {
    this.pause()
    // What the step calls may ask for another one: it is under way before it begins.
    this.#underWay ??= Promise.resolve()
      .then(step)
      .catch((error) => {
        this.plan(FAULT_MS)
        reportError(error)
      })
      .then(() => {
        this.#underWay = undefined
        this.go()
      })
    return this.#underWay
  }

  protected plan(waitMs: number): void {
    this.waitMs = waitMs
    this.nextAt = this.clock.now() + waitMs
  }

  protected pause(): void {
    if (this.#timer !== undefined) this.clock.clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
