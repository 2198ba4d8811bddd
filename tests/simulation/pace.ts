/** The rules about when a process may send: by its schedule, after a `Retry-After`, before its deadline, and not once stopped. */
import type { Delivery, Exchange } from './network.ts'
import type { Plan } from './plan.ts'
import type { World } from './world.ts'

/** The pace of one process. */
export interface Pace {
  /** The application did something that may make a request of its own. */
  deed(kind: string): void
  /** The schedule said how long to wait. */
  proposed(delayMs: number): void
  sent(exchange: Exchange): void
  answered(exchange: Exchange, delivery: Delivery & { readonly kind: 'answer' }): void
  /** All tasks of the process were stopped. */
  stopped(): void
  /** Another process goes on after so long, as this one said. */
  handedOn(inMs: number): void
}

const MINUTE = 60_000
/** A deed may make this many requests, within two minutes: one under way may have to end before. */
const FREE = 4
/** Shortest and longest wait that core takes from a schedule; one that is no number is replaced. */
const [SHORTEST_MS, INVALID_MS, LONGEST_MS] = [10, 250, 60 * MINUTE]
const LOOKUP_MS = 2500
/** A submission of an earlier process is looked up for so long. */
const RECOVERY_MS = 10 * MINUTE
const LONGEST_RETRY_MS = 5 * MINUTE
/** After the deadline a request may still be about to leave. */
const SLACK_MS = 1000

/** Deeds after which a payment that was stopped, or ended, goes on; then its deadline counts anew. */
const REVIVING: readonly string[] = ['submit', 'resume', 'recover', 'check', 'step', 'lookup', 'hold']

/** `starts`: when a deadline may have begun to count, in any process. */
export function createPace(world: World, { deadlineMs }: Plan, starts: number[]): Pace {
  let free = 0
  let freeUntil = 0
  let dueAt = 0
  let waitUntil = 0
  let deadlineFrom = world.now
  let overdue = 0
  let submits = 0
  let submittedAt = 0
  let posts = 0
  let isStopped = false
  let last: Exchange['operation'] | undefined
  let answeredAt = 0
  let completed = false
  let polled = false

  const endsAt = (): number => deadlineFrom + deadlineMs + SLACK_MS
  /** Whether so much time has passed, or will have, by any count. */
  const isOver = (limitMs: number, inMs = 0): boolean =>
    starts.some((at) => world.now + inMs >= at + limitMs - SLACK_MS)
  /** Whether a deed allows a request beside the schedule. */
  const isFree = (): boolean => world.now < freeUntil && free-- > 0
  const isPunctual = (operation: Exchange['operation']): boolean => {
    if (operation === 'submit') return true
    // It is polled, or looked up, once more when the deadline has come.
    const atDeadline = isOver(deadlineMs) || (operation === 'lookup' && isOver(RECOVERY_MS))
    if (operation === 'lookup')
      return last !== 'lookup' || world.now >= answeredAt + LOOKUP_MS - 1 || atDeadline || isFree()
    // A process that is given a task polls it at once.
    return completed || atDeadline || !polled || (dueAt > 0 && world.now >= dueAt - 1) || isFree()
  }

  const restart = (): void => {
    deadlineFrom = world.now
    starts.push(world.now)
  }

  return {
    deed(kind) {
      free = FREE
      freeUntil = world.now + 2 * MINUTE
      if (world.now > endsAt()) overdue += 1
      if (!REVIVING.includes(kind)) return
      isStopped = false
      restart()
      if (kind !== 'submit') return
      submits += 1
      submittedAt = world.now
    },
    proposed(delayMs) {
      const valid = Number.isFinite(delayMs) && delayMs >= 0
      dueAt = world.now + (valid ? Math.min(LONGEST_MS, Math.max(SHORTEST_MS, delayMs)) : INVALID_MS)
    },
    sent({ operation }) {
      world.must('nothing is sent once all tasks are stopped', !isStopped, operation)
      world.must('requests stay within the schedule', isPunctual(operation), `${operation} after ${last}`)
      world.must(
        'Retry-After is waited out',
        world.now >= waitUntil - 1,
        `${operation}, ${waitUntil - world.now} ms early`,
      )
      const isFetched = completed
      completed = false
      last = operation
      if (operation === 'submit') {
        posts += 1
        world.must('three POSTs at most for a submit', posts <= 3 * submits, `${posts}`)
        const late = world.now - submittedAt - 2 * MINUTE
        world.must('no POST later than two minutes after submit()', late <= SLACK_MS, `${late} ms late`)
      }
      if (operation === 'submit' || operation === 'lookup') return
      dueAt = 0
      // A process that is given an old task polls it once.
      const due = world.now <= endsAt() || isFetched || !polled
      polled = true
      world.must('nothing outlasts the deadline', due || overdue-- > 0, `${operation}, ${world.now - endsAt()} ms late`)
    },
    answered({ operation }, { answer, heard, retryAfterMs = 0 }) {
      answeredAt = world.now
      waitUntil = Math.max(waitUntil, world.now + Math.min(retryAfterMs, LONGEST_RETRY_MS))
      if (!heard) return
      completed = operation === 'status' && answer.body.startsWith('{"status":"completed"')
      if (operation === 'submit' && answer.status === 200) restart()
    },
    stopped() {
      isStopped = true
    },
    handedOn(inMs) {
      // At the deadline it is asked once more, by a process that knows of no order to wait.
      const early = waitUntil - world.now - inMs
      const allowed = early <= 1 || isOver(deadlineMs, inMs) || isOver(RECOVERY_MS, inMs)
      world.must('Retry-After is waited out', allowed, `${early} ms early`)
    },
  }
}
