/** Records that several processes write: none overwrites what it has not seen. */
import type { OutcomeRecord } from '../store/outcome-store.ts'

/** A record with a fencing number: each write raises it, so a write that is based on an older record is refused. */
export interface Fenced extends OutcomeRecord {
  readonly fence: number
  /** The id of the write: of two with the same number, the first counts, and a repeat of it is no other. */
  readonly writer: string
}

/** `mine` with all that `stored` knows. */
export type Merge<R> = (stored: R | undefined, mine: R) => R

export const fenceOf = (record: Fenced | undefined): number => record?.fence ?? 0
