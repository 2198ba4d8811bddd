/** A client's options, with every default filled in. */
import type { Journal } from '../journal/journal.ts'
import type { Schedule } from '../schedule/schedule.ts'
import type { Transport } from '../transport/attempt.ts'
import type { ClientEvent } from './event.ts'

export interface Settings extends Transport {
  readonly strategy: 'status' | 'result'
  readonly schedule: Schedule
  readonly random: () => number
  readonly journal: Journal | null
  readonly journalRequired: boolean
  readonly onEvent: (event: ClientEvent) => void
  readonly deadlineMs: number
  readonly submitTimeoutMs: number
  readonly pollTimeoutMs: number
}
