import { basicAuth, createClient } from '@async-transaction/core'
import type { Contestant } from '../contestant.ts'

/** Without the step that asks for the status. */
const contestant: Contestant = {
  name: "@async-transaction/core, strategy: 'result'",
  ours: true,
  start({ baseUrl, fetch }, intervalMs) {
    const auth = basicAuth({ shopId: 361, secretKey: 'shop-secret' })
    const client = createClient({ baseUrl, auth, fetch, schedule: () => intervalMs, strategy: 'result' })
    return (order) => client.submit('payments', order).result()
  },
}
export default contestant
