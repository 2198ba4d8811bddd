import { afterEach, describe, expect, it, vi } from 'vitest'
import { Registry } from './registry.ts'

afterEach(() => vi.unstubAllGlobals())

describe('the registry of tasks', () => {
  it('finds what somebody still holds', () => {
    const registry = new Registry<object>()
    const task = {}
    registry.set('a', task)
    expect(registry.get('a')).toBe(task)
    expect(registry.get('b')).toBeUndefined()
  })

  it('keeps nothing alive, and forgets the keys of what is gone', () => {
    const gone = new Set<number>()
    let made = 0
    class Weak {
      readonly index = made++
      readonly target: object
      constructor(target: object) {
        this.target = target
      }
      deref() {
        return gone.has(this.index) ? undefined : this.target
      }
    }
    vi.stubGlobal('WeakRef', Weak)
    const deleted = vi.spyOn(Map.prototype, 'delete')
    const registry = new Registry<object>()
    for (let index = 0; index < 1023; index++) {
      registry.set(`${index}`, {})
      if (index < 1000) gone.add(index)
    }
    expect(deleted).not.toHaveBeenCalled()
    registry.set('last', {})
    expect(deleted).toHaveBeenCalledTimes(1000)
    expect(registry.get('1001')).toBeDefined()
    deleted.mockRestore()
  })

  it('works where there is no WeakRef', () => {
    vi.stubGlobal('WeakRef', undefined)
    const registry = new Registry<object>()
    const task = {}
    registry.set('a', task)
    expect(registry.get('a')).toBe(task)
  })
})
