/** A journal's storage that outlives its processes, and fails as planned. */
import type { Journal } from '@async-transaction/core'
import { canary } from './network.ts'
import type { Plan } from './plan.ts'
import type { World } from './world.ts'

export interface Storage {
  /** The storage as one process sees it; `step` lets that process die, and resolves or rejects in its time. */
  journalFor(step: (what: string) => boolean): Journal
  /** From now on nothing can be written. */
  fill(): void
  /** Everything is gone. */
  wipe(): void
  readonly items: ReadonlyMap<string, string>
  /** Whether it has always done what it was told. */
  readonly faithful: boolean
}

export function createStorage(world: World, plan: Plan): Storage {
  const items = new Map<string, string>()
  let uses = 0
  let full = false
  let faithful = true

  const journalFor = (step: (what: string) => boolean): Journal => {
    const use = <T>(name: string, act: () => T): unknown => {
      if (!step(`storage ${name}`)) return new Promise(() => {})
      const fault = world.now < plan.faultsEndMs ? plan.storage[uses] : undefined
      uses += 1
      if (fault) {
        world.strike(fault)
        world.trace(() => `storage  ${name}: ${fault}`)
        faithful = false
        if (fault === 'storage-throws') throw new Error('QuotaExceededError')
        if (fault === 'storage-rejects') return Promise.reject(new Error('storage'))
        if (fault === 'storage-hangs') return new Promise(() => {})
        if (name === 'setItem') return undefined
      }
      if (plan.journal === 'sync') return act()
      return new Promise<T>((resolve, reject) => {
        world.after(3, () => {
          try {
            const value = act()
            if (step(`storage ${name} done`)) resolve(value)
          } catch (error) {
            reject(error)
          }
        })
      })
    }
    return {
      getItem: (key) => use('getItem', () => read(key)),
      setItem: (key, value) =>
        use('setItem', () => {
          if (full && world.now < plan.faultsEndMs) {
            faithful = false
            throw new Error('QuotaExceededError')
          }
          for (const secret of Object.values({ ...canary, token: 'tok_canary_7f3a' }))
            if (secret.length > 3 && value.includes(secret))
              world.violate('no card data anywhere', `the journal holds ${secret}`)
          items.set(key, value)
        }),
      removeItem: (key) => use('removeItem', () => void items.delete(key)),
      getKeys: () => use('getKeys', () => [...items.keys()]) as string[],
    }
  }
  const read = (key: string): unknown => {
    const value = items.get(key)
    return plan.journal === 'parsed' && value !== undefined ? JSON.parse(value) : value
  }

  return {
    journalFor,
    fill() {
      world.strike('storage-full')
      full = true
    },
    wipe() {
      world.strike('storage-wiped')
      faithful = false
      items.clear()
    },
    items,
    get faithful() {
      return faithful
    },
  }
}
