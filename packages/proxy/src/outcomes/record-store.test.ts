import { systemClock } from '@async-transaction/core/protocol'
import { describe, expect, it } from 'vitest'
import { memoryOutcomes } from '../store/memory-outcomes.ts'
import type { OutcomeStore } from '../store/outcome-store.ts'
import { RecordStore, StoreError } from './record-store.ts'
import type { Fenced } from './records.ts'

const limits = { leaseMs: 60_000, waitMs: 2000 }
const recordStoreOf = (store: OutcomeStore): RecordStore => new RecordStore(store, systemClock, () => 0)
const never = (): undefined => undefined

describe('withLease', () => {
  it('works one after the other, however many come, in several processes', async () => {
    const store = memoryOutcomes()
    let inside = 0
    const results = await Promise.all(
      Array.from({ length: 8 }, () => {
        const records = recordStoreOf(store)
        return records.withLease<Fenced, number>('task/1', limits, never, async (record) => {
          inside += 1
          expect(inside).toBe(1)
          await new Promise((resolve) => setTimeout(resolve, 3))
          const fence = (record?.fence ?? 0) + 1
          await records.set('task/1', { fence }, 60_000)
          inside -= 1
          return fence
        })
      }),
    )
    expect(results.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('never works on a number that it did not lease: a lease that ran out may be won late', async () => {
    const inner = memoryOutcomes()
    inner.set('task/1', { fence: 0 }, 60_000)
    let late = true
    const store: OutcomeStore = {
      ...inner,
      claim(key, owner, ttlMs) {
        if (!late) return inner.claim(key, owner, ttlMs)
        // While this one slept, another had the lease and it ran out; a third one is at work on the next.
        late = false
        inner.set('task/1', { fence: 1 }, 60_000)
        inner.claim('task/1/lease/1', 'third', 60_000)
        return true
      },
    }
    const work = (): Promise<string> => Promise.reject(new Error('It had no lease'))
    expect(await recordStoreOf(store).withLease('task/1', { leaseMs: 1, waitMs: 50 }, never, work)).toBeUndefined()
  })

  it('gives up when the lease is not free for so long, and answers at once from what it sees', async () => {
    const store = memoryOutcomes()
    store.claim('task/1/lease/0', 'another', 60_000)
    const records = recordStoreOf(store)
    const work = (): Promise<string> => Promise.reject(new Error('It had no lease'))
    expect(await records.withLease('task/1', { leaseMs: 1, waitMs: 50 }, never, work)).toBeUndefined()
    setTimeout(() => store.set('task/1', { fence: 1 }, 60_000), 30)
    const seen = (record: Fenced | undefined, waited: boolean): string | undefined =>
      record && waited ? 'learned' : undefined
    expect(await records.withLease('task/1', limits, seen, work)).toBe('learned')
  })
})

describe('a store that fails', () => {
  it.each(['get', 'claim'] as const)('to %s once leaves the lease to the next one', async (method) => {
    const inner = memoryOutcomes()
    let failing: string | undefined
    const unlessFailing = <T>(name: string, result: T): T => {
      if (failing !== name) return result
      failing = undefined
      throw new Error('down')
    }
    let first = true
    const store: OutcomeStore = {
      ...inner,
      get: (key) => unlessFailing('get', inner.get(key)),
      claim(key, owner, ttlMs) {
        if (first) failing = method
        first = false
        // The store has it, though nobody hears that.
        return unlessFailing('claim', inner.claim(key, owner, ttlMs))
      },
    }
    const records = recordStoreOf(store)
    const work = async (): Promise<string> => 'worked'
    await expect(records.withLease('task/1', limits, never, work)).rejects.toThrow(StoreError)
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await records.withLease('task/1', { ...limits, waitMs: 0 }, never, work)).toBe('worked')
  })

  it.each<[string, () => Promise<undefined>]>([
    ['rejects', () => Promise.reject(new Error('down'))],
    [
      'throws',
      () => {
        throw new Error('down')
      },
    ],
  ])('and %s is told apart, without its own words', async (_, get) => {
    await expect(recordStoreOf({ ...memoryOutcomes(), get }).get('task/1')).rejects.toSatisfy(
      (error: Error) => error instanceof StoreError && !error.message.includes('down') && error.cause === undefined,
    )
  })
})
