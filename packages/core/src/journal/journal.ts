/** Where unsettled payments survive a reload or a crash. */

/**
 * A key-value store, asynchronous or not; an `unstorage` instance fits as it is. Values are JSON strings without card
 * data. A journal that fails or hangs is reported as a warning and never stops a payment.
 */
export interface Journal {
  /** The value as it was stored, or parsed; nothing if there is none. */
  getItem(key: string): unknown
  setItem(key: string, value: string): unknown
  removeItem(key: string): unknown
  /** All keys; those of others are passed over. */
  getKeys(): readonly string[] | PromiseLike<readonly string[]>
}

const PREFIX = 'async-transaction:'

/** The key of a payment's entry. */
export const journalKey = (requestKey: string): string => PREFIX + encodeURIComponent(requestKey)

/** Whether an entry of this library is stored under `key`. */
export const isJournalKey = (key: unknown): key is string => typeof key === 'string' && key.startsWith(PREFIX)
