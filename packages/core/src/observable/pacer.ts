/** One step at a time, each when it is due, while somebody wants it. */
import type { Clock } from '../lib/clock.ts'
import { reportError } from '../lib/report-error.ts'

/** Nothing foreseen throws in a step. Whatever does must not do so without a pause, in milliseconds. */
const FAULT_MS = 30_000

export abstract class Pacer {
  /** When the next step is due, in epoch milliseconds, and how long that was from when it was planned. */
  nextAt: number
  waitMs = 0
  protected observed = false
  protected readonly clock: Clock
  /** Who keeps the step that is under way: the first of those that take turns. */
  readonly #first: Pacer
  #underWay: Promise<void> | undefined
  #timer: unknown

  /** With an `earlier` one it takes turns: of all that follow one another, one takes a step at a time. */
  constructor(clock: Clock, earlier?: Pacer) {
    this.clock = clock
    this.nextAt = clock.now()
    this.#first = earlier ? earlier.#first : this
  }

  /** Whether steps are to be taken by themselves. */
  protected abstract wanted(): boolean
  /** Does what is next, and plans what comes then. */
  protected abstract step(): Promise<void>

  observe(observed: boolean): void {
    this.observed = observed
    this.go()
  }

  /** Takes the next step when it is due, if it is wanted and none is under way. */
  protected go(): void {
    const wanted = this.wanted()
    if (!wanted) this.pause()
    if (!wanted || this.#timer !== undefined) return
    const underWay = this.#first.#underWay
    if (underWay) {
      // Another's, maybe, who would not go on here.
      if (this.#first !== this) void underWay.then(() => this.go())
      return
    }
    // Not longer than it was meant to be: a clock that was set back must not stretch it.
    const waitMs = Math.min(this.waitMs, this.nextAt - this.clock.now())
    const take = (): void => void this.take(() => this.step())
    if (waitMs > 0) this.#timer = this.clock.setTimeout(take, waitMs) ?? {}
    else take()
  }

  /** Takes a step now, or waits for the one under way. */
  protected take(step: () => Promise<void>): Promise<void> {
    this.pause()
    const first = this.#first
    first.#underWay ??= step()
      .catch((error) => {
        this.plan(FAULT_MS)
        reportError(error)
      })
      .then(() => {
        first.#underWay = undefined
        this.go()
      })
    return first.#underWay
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
