/** A client's options, with every default filled in. */
import type { Schedule } from '../schedule/schedule.ts'
import type { Transport } from '../transport/attempt.ts'
import type { ClientEvent } from './client-event.ts'
import type { TaskHandle } from './handle.ts'
import type { JournalStore } from './journal-store.ts'
import type { Stopwatch } from './stopwatch.ts'

/** A task that is observed, as `onObserved` gets it. */
export interface ObservedTask {
  readonly handle: TaskHandle | undefined
  /** Polls now. */
  poll(): Promise<void>
  /** Looks the transaction up now, also after the end of the task. */
  lookup(): Promise<unknown>
}

export interface Settings extends Transport {
  /** Time since the client was made. */
  readonly uptime: Stopwatch
  readonly strategy: 'status' | 'result'
  readonly schedule: Schedule
  readonly random: () => number
  readonly journal: JournalStore | undefined
  readonly journalRequired: boolean
  /** Whose payments these are, and at which gateway: entries of others in the same journal are left alone. */
  readonly scope: string
  readonly onEvent: (event: ClientEvent) => void
  readonly onObserved: (task: ObservedTask, observed: boolean) => void
  readonly onWatched: (task: ObservedTask, watched: boolean) => void
  readonly deadlineMs: number
  readonly submitTimeoutMs: number
  readonly pollTimeoutMs: number
}
