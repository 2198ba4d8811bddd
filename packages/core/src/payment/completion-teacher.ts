/** Teaches a schedule when tasks complete: between which two polls, as far as it is known. */
import type { Schedule, ScheduledTask } from '../schedule/schedule.ts'

export class CompletionTeacher {
  /** When the task was last seen to be processed, in milliseconds since it was accepted. */
  #runningMs = 0
  /** When it first returned an error, which may have been the gateway's. */
  #erredMs: number | undefined
  readonly #schedule: Schedule
  readonly #failed: () => void

  /** `failed` is called when the schedule throws or rejects, which stops nothing. */
  constructor(schedule: Schedule, failed: () => void) {
    this.#schedule = schedule
    this.#failed = failed
  }

  /** Lets the schedule load its estimates for such tasks. */
  prepare({ type, paymentMethod }: ScheduledTask): void {
    this.#tell((schedule) => schedule.prepare?.({ type, paymentMethod }))
  }

  /** The task was being processed when a poll left, `elapsedMs` after it was accepted. */
  running(elapsedMs: number): void {
    this.#runningMs = Math.max(0, elapsedMs)
    this.#erredMs = undefined
  }

  /** A poll that left then returned an error: if that is confirmed, the task was done. */
  erred(elapsedMs: number): void {
    this.#erredMs ??= elapsedMs
  }

  /** The task was done by then; `Infinity` if polling was given up before. */
  done({ type, paymentMethod }: ScheduledTask, byMs: number): void {
    const afterMs = this.#runningMs
    const doneMs = Math.min(byMs, this.#erredMs ?? byMs)
    if (byMs === Number.POSITIVE_INFINITY && !afterMs) return
    this.#tell((schedule) => schedule.observe?.({ type, paymentMethod, afterMs, byMs: Math.max(afterMs, doneMs) }))
  }

  #tell(use: (schedule: Schedule) => unknown): void {
    new Promise((resolve) => resolve(use(this.#schedule))).catch(this.#failed)
  }
}
