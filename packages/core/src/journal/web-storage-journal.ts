import type { Journal } from './journal.ts'

/** The part of the platform's `Storage` that is needed. */
export interface WebStorage {
  readonly length: number
  key(index: number): string | null
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/**
 * A journal in `sessionStorage` (this tab, survives a reload) or `localStorage` (all tabs).
 *
 * @example
 * ```ts
 * const client = createClient({ baseUrl: '/pay', auth: bearerAuth(token), journal: webStorageJournal(sessionStorage) })
 * ```
 */
export const webStorageJournal = (storage: WebStorage): Journal => ({
  getItem: (key) => storage.getItem(key),
  setItem: (key, value) => storage.setItem(key, value),
  removeItem: (key) => storage.removeItem(key),
  getKeys: () => Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? ''),
})
