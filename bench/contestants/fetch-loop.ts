import { authorization, type Contestant, sleep } from '../contestant.ts'

/** Without a time-out, or a look at what it is told: what nobody should pay with, and the floor of the figures. */
const contestant: Contestant = {
  name: 'bare fetch loop',
  start({ baseUrl, fetch }, intervalMs) {
    const headers = { authorization }
    return async (request, signal) => {
      const get = async (path: string) =>
        (await fetch(baseUrl + path, { headers, ...(signal && { signal }) })).json() as Promise<{ status: string }>
      const taken = await fetch(`${baseUrl}/async/transactions/payments`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ request }),
      })
      const { request_id: id } = (await taken.json()) as { request_id: string }
      while ((await get(`/async/status/${id}`)).status !== 'completed') await sleep(intervalMs, signal)
      return get(`/async/result/${id}`)
    }
  },
}
export default contestant
