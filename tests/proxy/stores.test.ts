/** Every store keeps the contract; Redis and real Durable Objects do in `redis.test.ts` and `deployments/workerd.test.ts`. */
import { memoryOutcomes } from '@async-transaction/proxy'
import {
  createOutcomeObject,
  durableObjectOutcomes,
  type ObjectStorage,
  type OutcomeObject,
} from '@async-transaction/proxy/durable-object'
import { createMovableClock } from './shop.ts'
import { testStore } from './store-contract.ts'

testStore('memory', () => {
  const clock = createMovableClock()
  return { store: memoryOutcomes(clock), pass: clock.move }
})

testStore('Durable Objects over a storage in memory', () => {
  const Outcomes = createOutcomeObject({ check: async () => ({ settled: false, waitMs: 0 }) })
  const objects = new Map<unknown, OutcomeObject>()
  /** The platform lets no other request in while an object waits for its storage. */
  let gate: Promise<unknown> = Promise.resolve()
  return {
    store: durableObjectOutcomes({
      idFromName: (name) => name,
      get(name) {
        const object = objects.get(name) ?? new Outcomes({ storage: storageInMemory() }, {})
        objects.set(name, object)
        return {
          fetch(url, init) {
            const answer = gate.then(() => object.fetch(new Request(url, init)))
            gate = answer
            return answer
          },
        }
      },
    }),
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    checksItself: true,
  }
})

function storageInMemory(): ObjectStorage {
  const kept = new Map<string, unknown>()
  return {
    get: async (key) => kept.get(key),
    put: async (key, value) => void kept.set(key, structuredClone(value)),
    delete: async (key) => kept.delete(key),
    list: async () => new Map(kept),
    deleteAll: async () => kept.clear(),
    getAlarm: async () => null,
    setAlarm: async () => {},
  }
}
