import { environmentManager, QueryClient, QueryObserver } from '@tanstack/query-core'
import { authorization, type Contestant } from '../contestant.ts'

/** A query that is refetched until it is done; the requests themselves are a bare `fetch`, with its signal. */
// On a server it does not refetch, unless it is told that it is none.
environmentManager.setIsServer(() => false)

const contestant: Contestant = {
  name: '@tanstack/query-core',
  start({ baseUrl, fetch }, intervalMs) {
    const client = new QueryClient({ defaultOptions: { queries: { retry: false, gcTime: 0, staleTime: Infinity } } })
    const get = async (path: string, signal?: AbortSignal) =>
      (await fetch(baseUrl + path, { headers: { authorization }, signal: signal ?? null })).json()
    return async (request) => {
      const taken = await fetch(`${baseUrl}/async/transactions/payments`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ request }),
      })
      const { request_id: id } = await taken.json()
      const observer = new QueryObserver<{ status: string }>(client, {
        queryKey: ['status', id],
        queryFn: ({ signal }) => get(`/async/status/${id}`, signal),
        refetchInterval: ({ state }) => (state.data?.status === 'completed' ? false : intervalMs),
        refetchIntervalInBackground: true,
      })
      await new Promise<void>((resolve, reject) => {
        const leave = observer.subscribe(({ data, error }) => {
          if (data?.status !== 'completed' && !error) return
          leave()
          if (error) reject(error)
          else resolve()
        })
      })
      return get(`/async/result/${id}`)
    }
  },
}
export default contestant
