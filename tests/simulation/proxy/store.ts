/** One store of all isolates, whose calls go wrong as planned. */
import { memoryOutcomes, type OutcomeStore } from '@async-transaction/proxy'
import type { ProxyPlan } from './plan.ts'
import type { Life, ProxyWorld } from './world.ts'

export interface SharedStore {
  /** As a process sees it. */
  seenBy(life: Life): OutcomeStore
  /** All that it had is gone. */
  forget(): void
  /** It cannot be reached for so long. */
  fail(ms: number): void
}

export function createStore(world: ProxyWorld, plan: ProxyPlan, kept: (text: string) => void): SharedStore {
  const { clock } = world
  const began = clock.now()
  let backing = memoryOutcomes(clock)
  let calls = 0
  let failsUntil = 0
  const after = (ms: number): Promise<void> => new Promise((resolve) => void clock.setTimeout(resolve, ms))

  const call = async (name: keyof OutcomeStore, given: unknown[], life: Life): Promise<unknown> => {
    // A process that stands still calls nothing.
    await life.gate(undefined)
    const nth = calls
    calls += 1
    const planned = clock.now() - began < plan.faultsEndMs ? plan.store[nth] : undefined
    const away = clock.now() < failsUntil
    if (planned) world.strike(`store ${planned.kind}`)
    world.trace(
      () => `store    ${name} ${String(given[0])}${planned ? `: ${planned.kind}` : ''}${away ? ': away' : ''}`,
    )
    const apply = (): unknown => {
      if (name === 'set' || name === 'setLeased') kept(JSON.stringify(given[1]))
      const method = backing[name] as (...given: unknown[]) => unknown
      return method.apply(backing, given)
    }
    if (plan.storeMs) await after(plan.storeMs)
    if (away) throw new Error('store: unreachable')
    switch (planned?.kind) {
      case 'throws':
        throw new Error('store: refused')
      case 'applied-unheard':
        apply()
        throw new Error('store: connection lost')
      case 'hangs':
        return new Promise(() => {})
      case 'slow':
        await after(planned.amount % 4000)
        return apply()
      case 'late':
        clock.setTimeout(apply, planned.amount)
        throw new Error('store: timed out')
      default:
        return apply()
    }
  }

  return {
    seenBy(life) {
      const method =
        (name: keyof OutcomeStore) =>
        (...given: unknown[]) =>
          life.gate(call(name, given, life)) as never
      return {
        get: method('get'),
        set: method('set'),
        claim: method('claim'),
        setLeased: method('setLeased'),
        due: method('due'),
      }
    },
    forget() {
      world.strike('store forgets')
      backing = memoryOutcomes(clock)
    },
    fail(ms) {
      world.strike('store outage')
      failsUntil = clock.now() + ms
    },
  }
}
