/** Every store keeps the contract; Redis and real Durable Objects do in `redis.test.ts` and `deployments/workerd.test.ts`. */
import { memoryOutcomes } from '@async-transaction/proxy'
import { createMovableClock } from './shop.ts'
import { testStore } from './store-contract.ts'

testStore('memory', () => {
  const clock = createMovableClock()
  return { store: memoryOutcomes(clock), pass: clock.move }
})
