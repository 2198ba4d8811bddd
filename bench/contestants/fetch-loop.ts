import { setTimeout as sleep } from 'node:timers/promises'
import { authorization, type Contestant } from '../contestant.ts'

/** Without a time-out, a way to stop, or a look at what it is told: what nobody should pay with, and the floor of the figures. */
export default {
  name: 'bare fetch loop',
  start({ baseUrl, fetch }, intervalMs) {
    const get = async (path: string) => (await fetch(baseUrl + path, { headers: { authorization } })).json()
    return async (request) => {
      const taken = await fetch(`${baseUrl}/async/transactions/payments`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ request }),
      })
      const { request_id: id } = await taken.json()
      while ((await get(`/async/status/${id}`)).status !== 'completed') await sleep(intervalMs)
      return get(`/async/result/${id}`)
    }
  },
} satisfies Contestant
