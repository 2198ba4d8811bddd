/** A journal's storage that outlives its processes, and fails as planned. */
import type { Journal } from '@async-transaction/core'
import { canary } from './network.ts'
import type { Plan, StorageFault } from './plan.ts'
import type { World } from './world.ts'

export interface Storage {
  /** The storage as one process sees it; `step` lets that process die, and resolves or rejects in its time. */
  journalFor(step: (what: string) => boolean): Journal
  /** From now on nothing can be written. */
  fill(): void
  /** Everything is gone. */
  wipe(): void
  readonly items: ReadonlyMap<string, string>
  /** Whether it has always done what it was told, at the time when it said so. */
  readonly faithful: boolean
  /** Whether it holds all that it was told to hold, if maybe later. */
  readonly complete: boolean
}

export interface StorageFaults {
  /** What goes wrong with the next use. */
  next(): StorageFault | undefined
}

/** Faults are counted over all machines. */
export function createStorageFaults(world: World, { storage, faultsEndMs }: Plan): StorageFaults {
  let uses = 0
  return {
    next() {
      const fault = world.now < faultsEndMs ? storage[uses] : undefined
      uses += 1
      return fault
    },
  }
}

/** A late write is applied after so long. */
const LATE_MS = 4000

export function createStorage(world: World, plan: Plan, faults: StorageFaults): Storage {
  const items = new Map<string, string>()
  /** What each key held before its latest value. */
  const before = new Map<string, string | undefined>()
  let full = false
  let faithful = true
  let complete = true

  const write = (key: string, value: string): void => {
    for (const secret of Object.values({ ...canary, token: 'tok_canary_7f3a' }))
      world.must('no card data anywhere', secret.length < 4 || !value.includes(secret), `the journal holds ${secret}`)
    before.set(key, items.get(key))
    items.set(key, value)
  }
  const read = (key: string, from: ReadonlyMap<string, string | undefined> = items): unknown => {
    const value = from.get(key)
    return plan.journal === 'parsed' && value !== undefined ? JSON.parse(value) : value
  }

  const journalFor = (step: (what: string) => boolean): Journal => {
    const use = <T>(name: keyof Journal, act: () => T, late: () => T = act): unknown => {
      if (!step(`storage ${name}`)) return new Promise(() => {})
      const fault = faults.next()
      if (fault) {
        world.strike(fault)
        world.trace(() => `storage  ${name}: ${fault}`)
        faithful = false
        if (fault !== 'storage-stale' && fault !== 'storage-late') complete = false
        if (name === 'getItem') world.note('journal-unread')
        if (fault === 'storage-throws') throw new Error('QuotaExceededError')
        if (fault === 'storage-rejects') return Promise.reject(new Error('storage'))
        if (fault === 'storage-hangs') return new Promise(() => {})
        if (fault === 'storage-loses' && name === 'setItem') return undefined
      }
      const run = fault === 'storage-stale' || fault === 'storage-late' ? late : act
      if (plan.journal === 'sync') return run()
      return new Promise<T>((resolve, reject) => {
        world.after(3, () => {
          try {
            const value = run()
            if (step(`storage ${name} done`)) resolve(value)
          } catch (error) {
            reject(error)
          }
        })
      })
    }
    return {
      getItem: (key) =>
        use(
          'getItem',
          () => read(key),
          () => read(key, before),
        ),
      setItem: (key, value) =>
        use(
          'setItem',
          () => {
            if (!full || world.now >= plan.faultsEndMs) return write(key, value)
            faithful = complete = false
            throw new Error('QuotaExceededError')
          },
          () => void world.after(LATE_MS, () => write(key, value)),
        ),
      removeItem: (key) => use('removeItem', () => void items.delete(key)),
      getKeys: () => use('getKeys', () => [...items.keys()]) as string[],
    }
  }

  return {
    journalFor,
    fill() {
      world.strike('storage-full')
      full = true
    },
    wipe() {
      world.strike('storage-wiped')
      faithful = complete = false
      items.clear()
    },
    items,
    get faithful() {
      return faithful
    },
    get complete() {
      return complete
    },
  }
}
