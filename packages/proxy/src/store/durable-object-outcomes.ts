import type { LeasedWrite, OutcomeLease, OutcomeRecord, OutcomeStore } from './outcome-store.ts'

/** What is used of a binding to a Durable Object's class. */
export interface ObjectNamespace {
  idFromName(name: string): unknown
  get(id: never): {
    fetch(
      url: string,
      init: { method: string; body: string },
    ): Promise<{ readonly ok: boolean; json(): Promise<unknown> }>
  }
}

/** A message to the object. `set` with a lease is `setLeased`. */
export type Command =
  | { readonly name: 'get'; readonly key: string }
  | {
      readonly name: 'set'
      readonly key: string
      readonly record: OutcomeRecord
      readonly ttlMs: number
      readonly lease?: OutcomeLease
    }
  | { readonly name: 'claim'; readonly key: string; readonly owner: string; readonly ttlMs: number }

/**
 * Keeps outcomes in Durable Objects on Cloudflare Workers: one object per task, intent, order and card, so that each is
 * one place in the world where one thing happens at a time. The binding is to a class made by `createOutcomeObject`.
 *
 * @example
 * ```ts
 * const proxy = createTokenProxy({ …, outcomes: durableObjectOutcomes(env.OUTCOMES) })
 * ```
 */
export function durableObjectOutcomes(namespace: ObjectNamespace): Required<OutcomeStore> {
  /** A stub belongs to the request in which it was made, so there is a new one each time. */
  const send = async (command: Command): Promise<unknown> => {
    const id = namespace.idFromName(placeOf(command.key))
    const answer = await namespace
      .get(id as never)
      .fetch('https://outcomes/', { method: 'POST', body: JSON.stringify(command) })
    if (!answer.ok) throw new Error('The Durable Object failed')
    return answer.json()
  }
  return {
    get: async (key) => (await send({ name: 'get', key })) as OutcomeRecord | null,
    set: async (key, record, ttlMs) => (await send({ name: 'set', key, record, ttlMs })) === 'stored',
    claim: async (key, owner, ttlMs) => (await send({ name: 'claim', key, owner, ttlMs })) === true,
    setLeased: async (key, record, ttlMs, lease) =>
      (await send({ name: 'set', key, record, ttlMs, lease })) as LeasedWrite,
    // Nothing is left for a sweep: the alarm of each object checks its own task.
    due: async () => [],
  }
}

const placeOf = (key: string): string => key.split('/', 2).join('/')
