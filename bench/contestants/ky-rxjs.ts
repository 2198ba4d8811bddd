import ky from 'ky'
import { defer, lastValueFrom, type Observable, repeat, switchMap, takeWhile } from 'rxjs'
import { authorization, type Contestant, TIMEOUT_MS } from '../contestant.ts'

/** The lean ky loop as a pipeline: unsubscribing aborts what is under way. */
export default {
  name: 'ky with rxjs by hand',
  start({ baseUrl, fetch }, intervalMs) {
    const ask = <T>(path: string, init: object = {}): Observable<T> =>
      defer(async () => {
        const response = await ky(baseUrl + path, {
          fetch,
          headers: { authorization, accept: 'application/json' },
          retry: 0,
          throwHttpErrors: false,
          timeout: TIMEOUT_MS,
          cache: 'no-store',
          ...init,
        })
        const body = JSON.parse(await response.text())
        if (response.status !== 200) throw new Error(`HTTP ${response.status}`)
        return body as T
      })
    return (request) =>
      lastValueFrom(
        ask<{ request_id: string }>('/async/transactions/payments', { method: 'post', json: { request } }).pipe(
          switchMap(({ request_id: id }) =>
            ask<{ status: string }>(`/async/status/${id}`).pipe(
              repeat({ delay: intervalMs }),
              takeWhile(({ status }) => status === 'processing', true),
              switchMap(({ status }) => (status === 'completed' ? ask(`/async/result/${id}`) : [])),
            ),
          ),
        ),
      )
  },
} satisfies Contestant
