/** A journal that all tabs of an origin share, and that survives the browser. */
import type { Journal } from '../journal/journal.ts'

export interface IndexedDbJournalOptions {
  /** The name of the database. @default 'async-transaction' */
  name?: string
}

/** The part of the platform's IndexedDB that is needed. */
interface Db {
  createObjectStore(name: string): void
  transaction(store: string, mode: 'readonly' | 'readwrite'): Transaction
  close(): void
}
interface Transaction {
  objectStore(name: string): Store
  readonly error: unknown
  oncomplete: (() => void) | null
  onabort: (() => void) | null
}
interface Store {
  get(key: string): Pending<unknown>
  put(value: string, key: string): Pending<unknown>
  delete(key: string): Pending<unknown>
  getAllKeys(): Pending<string[]>
}
interface Pending<T> {
  readonly result: T
  readonly error: unknown
  onsuccess: (() => void) | null
  onerror: (() => void) | null
  onupgradeneeded?: (() => void) | null
}
declare const indexedDB: { open(name: string, version: number): Pending<Db> }

const STORE = 'journal'

/** A journal that can write what follows from what is stored, with nobody writing in between. */
export interface AtomicJournal extends Journal {
  /** `next` gets the stored value, and returns the new one; nothing to leave it. */
  update?(key: string, next: (stored: unknown) => string | undefined): PromiseLike<unknown>
}

/**
 * A journal in IndexedDB, for all tabs of an origin. Each operation opens the database and closes it again: an open one
 * could keep the page out of the back-forward cache. What a private window refuses is a failing journal, which warns.
 */
export function indexedDbJournal({ name = 'async-transaction' }: IndexedDbJournalOptions = {}): AtomicJournal {
  const use = async <T>(mode: 'readonly' | 'readwrite', operation: (store: Store) => Pending<T>): Promise<T> => {
    const db = await open(name)
    try {
      return await new Promise<T>((resolve, reject) => {
        const transaction = db.transaction(STORE, mode)
        const request = operation(transaction.objectStore(STORE))
        // Not at the request's success: what was written is there once the transaction is complete.
        transaction.oncomplete = () => resolve(request.result)
        transaction.onabort = () => reject(transaction.error ?? request.error)
      })
    } finally {
      db.close()
    }
  }
  return {
    getItem: (key) => use('readonly', (store) => store.get(key)),
    setItem: (key, value) => use('readwrite', (store) => store.put(value, key)),
    update: (key, next) =>
      use('readwrite', (store) => {
        const request = store.get(key)
        request.onsuccess = () => {
          const value = next(request.result)
          if (value !== undefined) store.put(value, key)
        }
        return request
      }),
    removeItem: (key) => use('readwrite', (store) => store.delete(key)),
    getKeys: () => use('readonly', (store) => store.getAllKeys()),
  }
}

const open = (name: string): Promise<Db> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
