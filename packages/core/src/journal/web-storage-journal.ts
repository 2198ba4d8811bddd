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
 * A journal in `sessionStorage` (this tab, survives a reload) or `localStorage` (all tabs). Given a function, the storage is
 * looked up at each use: on a server there is none, and in a frame without storage reading `sessionStorage` throws. Then it
 * is a failing journal, which warns.
 *
 * @example
 * ```ts
 * const journal = webStorageJournal(() => sessionStorage)
 * const client = createClient({ baseUrl: '/pay', auth: bearerAuth(token), journal })
 * ```
 */
export function webStorageJournal(storage: WebStorage | (() => WebStorage)): Journal {
  const current = (): WebStorage => (typeof storage === 'function' ? storage() : storage)
  return {
    getItem: (key) => current().getItem(key),
    setItem: (key, value) => current().setItem(key, value),
    removeItem: (key) => current().removeItem(key),
    getKeys: () => {
      const used = current()
      return Array.from({ length: used.length }, (_, index) => used.key(index) ?? '')
    },
  }
}
