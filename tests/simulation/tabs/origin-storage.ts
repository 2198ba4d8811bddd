/** The IndexedDB of an origin, as each tab sees it: slow, denied, full or without an answer, and one after the other. */
import type { AtomicJournal } from '../../../packages/core/src/browser/indexed-db-journal.ts'
import type { Tab } from '../../browsers/fake-browser.ts'
import type { ProxyWorld } from '../proxy/world.ts'
import type { TabsPlan } from './plan.ts'

export interface OriginStorage {
  /** `tab` is asked for once it is there. */
  of(tab: () => Tab): AtomicJournal
  readonly items: ReadonlyMap<string, string>
}

export function createOriginStorage(
  world: ProxyWorld,
  plan: TabsPlan,
  written: (key: string, before: string | undefined, value: string) => void,
): OriginStorage {
  const items = new Map<string, string>()
  const began = world.now()
  /** Operations on one store come one after the other. */
  let freeAt = 0
  const fault = () => {
    const now = world.now() - began
    return plan.storage.find(({ at, forMs }) => now >= at && now < at + forMs)
  }
  return {
    items,
    of(tab) {
      const use = async <T>(writes: boolean, operation: () => T): Promise<T> => {
        const { kind, at = 0, forMs = 0 } = fault() ?? {}
        if (kind) world.strike(`storage ${kind}`)
        if (kind === 'denied' || (kind === 'full' && writes)) throw new DOMException(kind, 'QuotaExceededError')
        const waitMs = kind === 'hangs' ? at + forMs - (world.now() - began) : kind === 'slow' ? 1500 : plan.storageMs
        freeAt = Math.max(freeAt, world.now() + waitMs)
        const doneInMs = freeAt - world.now()
        // What a tab asked for is done although it froze; what a closed one asked for may be or not.
        const value = await new Promise<T>((done) => {
          if (doneInMs) world.clock.setTimeout(() => done(operation()), doneInMs)
          else done(operation())
        })
        await new Promise<void>((awake) => tab().run(awake))
        return value
      }
      return {
        getItem: (key) => use(false, () => items.get(key)),
        setItem: (key, value) =>
          use(true, () => {
            const before = items.get(key)
            items.set(key, value)
            written(key, before, value)
          }),
        update: (key, next) =>
          use(true, () => {
            const before = items.get(key)
            const value = next(before)
            if (value === undefined) return
            items.set(key, value)
            written(key, before, value)
          }),
        removeItem: (key) => use(true, () => void items.delete(key)),
        getKeys: () => use(false, () => [...items.keys()]),
      }
    },
  }
}
