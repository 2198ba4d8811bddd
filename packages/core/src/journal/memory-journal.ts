import type { Journal } from './journal.ts'

/** A journal that lives as long as the process: for tests, and for clients that share one process. */
export function memoryJournal(): Journal {
  const items = new Map<string, string>()
  return {
    getItem: (key) => items.get(key),
    setItem: (key, value) => {
      items.set(key, value)
    },
    removeItem: (key) => {
      items.delete(key)
    },
    getKeys: () => [...items.keys()],
  }
}
