import { systemClock } from '@async-transaction/core/protocol'
import { describe, expect, it } from 'vitest'
import { memoryOutcomes } from '../store/memory-outcomes.ts'
import type { OutcomeStore } from '../store/outcome-store.ts'
import type { Turned } from './records.ts'
import { StoreError, Vault } from './vault.ts'

const limits = { claimMs: 60_000, waitMs: 2000 }
const vaultOf = (store: OutcomeStore): Vault => new Vault(store, systemClock, () => 0)
const never = (): undefined => undefined

describe('exclusively', () => {
  it('works one after the other, however many come, in several processes', async () => {
    const store = memoryOutcomes()
    let inside = 0
    const results = await Promise.all(
      Array.from({ length: 8 }, () => {
        const vault = vaultOf(store)
        return vault.exclusively<Turned, number>('task/1', limits, never, async (record) => {
          inside += 1
          expect(inside).toBe(1)
          await new Promise((resolve) => setTimeout(resolve, 3))
          const turn = (record?.turn ?? 0) + 1
          await vault.set('task/1', { turn }, 60_000)
          inside -= 1
          return turn
        })
      }),
    )
    expect(results.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('never works on a turn that it did not claim: a claim that ran out may be won late', async () => {
    const inner = memoryOutcomes()
    inner.set('task/1', { turn: 0 }, 60_000)
    let late = true
    const store: OutcomeStore = {
      ...inner,
      claim(key, owner, ttlMs) {
        if (!late) return inner.claim(key, owner, ttlMs)
        // While this one slept, another had the turn and its claim ran out; a third one is at work on the next.
        late = false
        inner.set('task/1', { turn: 1 }, 60_000)
        inner.claim('task/1/turn/1', 'third', 60_000)
        return true
      },
    }
    const work = (): Promise<string> => Promise.reject(new Error('It was not its turn'))
    expect(await vaultOf(store).exclusively('task/1', { claimMs: 1, waitMs: 50 }, never, work)).toBeUndefined()
  })

  it('gives up when it is not its turn for so long, and answers at once from what it sees', async () => {
    const store = memoryOutcomes()
    store.claim('task/1/turn/0', 'another', 60_000)
    const vault = vaultOf(store)
    const work = (): Promise<string> => Promise.reject(new Error('It was not its turn'))
    expect(await vault.exclusively('task/1', { claimMs: 1, waitMs: 50 }, never, work)).toBeUndefined()
    setTimeout(() => store.set('task/1', { turn: 1 }, 60_000), 30)
    const seen = (record: Turned | undefined, waited: boolean): string | undefined =>
      record && waited ? 'learned' : undefined
    expect(await vault.exclusively('task/1', limits, seen, work)).toBe('learned')
  })
})

describe('a store that fails', () => {
  it.each(['get', 'claim'] as const)('to %s once leaves the turn to the next one', async (method) => {
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
    const vault = vaultOf(store)
    const work = async (): Promise<string> => 'worked'
    await expect(vault.exclusively('task/1', limits, never, work)).rejects.toThrow(StoreError)
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await vault.exclusively('task/1', { ...limits, waitMs: 0 }, never, work)).toBe('worked')
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
    await expect(vaultOf({ ...memoryOutcomes(), get }).get('task/1')).rejects.toSatisfy(
      (error: Error) => error instanceof StoreError && !error.message.includes('down') && error.cause === undefined,
    )
  })
})
