import { basicAuth, createClient } from '@async-transaction/core'
import type { Contestant } from '../contestant.ts'

const contestant: Contestant = {
  name: '@async-transaction/core',
  ours: true,
  start({ baseUrl, fetch }, intervalMs) {
    const auth = basicAuth({ shopId: 361, secretKey: 'shop-secret' })
    // The others ask for the first time at once.
    const schedule = ({ polls }: { polls: number }): number => (polls ? intervalMs : 0)
    const client = createClient({ baseUrl, auth, fetch, schedule })
    return (order, signal) => client.submit('payments', order, { ...(signal && { signal }) }).result()
  },
}
export default contestant
