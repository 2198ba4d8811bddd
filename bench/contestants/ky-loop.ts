import { setTimeout as sleep } from 'node:timers/promises'
import ky from 'ky'
import { authorization, type Contestant, TIMEOUT_MS } from '../contestant.ts'

/**
 * The reference: what a good engineer writes with ky who knows that a GET consumes what it reads. It has a time-out, a way to
 * stop, and no retries, and reads the status of every answer. It has no journal, no lookup, no `Retry-After`, no events, no
 * observers, no limit on bodies, and ends at the first answer that it does not know.
 */
export default {
  name: 'lean ky loop',
  start({ baseUrl, fetch }, intervalMs) {
    return async (request) => {
      const stop = new AbortController()
      const options = {
        fetch,
        headers: { authorization, accept: 'application/json' },
        retry: 0,
        throwHttpErrors: false,
        timeout: TIMEOUT_MS,
        cache: 'no-store',
        signal: stop.signal,
      } as const
      const read = async (response: Response) => {
        const body = JSON.parse(await response.text())
        if (response.status !== 200) throw new Error(`HTTP ${response.status}`)
        return body
      }
      const get = async (path: string) => read(await ky.get(baseUrl + path, options))
      const { request_id: id } = await read(
        await ky.post(`${baseUrl}/async/transactions/payments`, { ...options, json: { request } }),
      )
      for (;;) {
        const { status } = await get(`/async/status/${id}`)
        if (status === 'completed') return get(`/async/result/${id}`)
        if (status !== 'processing') throw new Error(`Unknown status ${status}`)
        await sleep(intervalMs, undefined, { signal: stop.signal })
      }
    }
  },
} satisfies Contestant
