/** A client's options, with every default filled in. */
import type { Journal } from '../journal/journal.ts'
import type { Schedule } from '../schedule/schedule.ts'
import type { Transport } from '../transport/attempt.ts'
import type { ClientEvent } from './event.ts'
import type { TaskHandle } from './record.ts'

/** What is told of a task that somebody observes. */
export interface ObservedTask {
  readonly handle: TaskHandle | undefined
  /** Asks now. */
  poll(): Promise<void>
}

export interface Settings extends Transport {
  readonly strategy: 'status' | 'result'
  readonly schedule: Schedule
  readonly random: () => number
  readonly journal: Journal | null
  readonly journalRequired: boolean
  readonly onEvent: (event: ClientEvent) => void
  readonly onObserved: (task: ObservedTask, observed: boolean) => void
  readonly deadlineMs: number
  readonly submitTimeoutMs: number
  readonly pollTimeoutMs: number
}
