/** The record of every request, from its arrival on, so that one still waiting for its answer is seen as well. */
import type { RequestRecord } from './records.ts'

/** Older records make room for newer ones. */
const kept = 10_000

export interface RequestLog {
  /** Begins a record, which the caller completes. */
  open(record: RequestRecord): RequestRecord
  /** Says that the record is complete. */
  close(record: RequestRecord): void
  all(): RequestRecord[]
}

export function createRequestLog(onRequest: ((record: RequestRecord) => void) | undefined): RequestLog {
  const records: RequestRecord[] = []

  return {
    open(record) {
      records.push(record)
      if (records.length > kept) records.shift()
      return record
    },
    close(record) {
      try {
        onRequest?.({ ...record })
      } catch (error) {
        // The observer's mistake is not the request's: it surfaces on its own.
        queueMicrotask(() => {
          throw error
        })
      }
    },
    all: () => records.map((record) => ({ ...record })),
  }
}
