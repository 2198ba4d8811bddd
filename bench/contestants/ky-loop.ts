import ky from 'ky'
import { authorization, type Contestant, sleep, TIMEOUT_MS } from '../contestant.ts'

/**
 * The reference: what a good engineer writes with ky who knows that a GET consumes what it reads. It has a time-out, a way to
 * stop, and no retries, and looks at the status of every answer. It has no journal, no lookup, no `Retry-After`, no events, no
 * observers and no limit on bodies, and ends at the first answer that it does not know.
 */
const contestant: Contestant = {
  name: 'lean ky loop',
  start({ baseUrl, fetch }, intervalMs) {
    return async (request, signal) => {
      const options = {
        fetch,
        headers: { authorization, accept: 'application/json' },
        retry: 0,
        throwHttpErrors: false,
        timeout: TIMEOUT_MS,
        cache: 'no-store',
        ...(signal && { signal }),
      } as const
      const get = async (path: string) => read(await ky.get(baseUrl + path, options))
      const taken = await ky.post(`${baseUrl}/async/transactions/payments`, { ...options, json: { request } })
      const { request_id: id } = await read(taken)
      for (;;) {
        const { status } = await get(`/async/status/${id}`)
        if (status === 'completed') return get(`/async/result/${id}`)
        if (status !== 'processing') throw new Error(`Unknown status ${status}`)
        await sleep(intervalMs, signal)
      }
    }
  },
}
export default contestant

async function read(response: Response): Promise<{ status: string; request_id: string }> {
  const body = JSON.parse(await response.text())
  if (response.status !== 200) throw new Error(`HTTP ${response.status}`)
  return body
}
