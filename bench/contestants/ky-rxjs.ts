import ky from 'ky'
import { defer, fromEvent, lastValueFrom, type Observable, repeat, switchMap, takeUntil, takeWhile } from 'rxjs'
import { authorization, type Contestant, TIMEOUT_MS } from '../contestant.ts'

/** The lean ky loop as a pipeline. */
const contestant: Contestant = {
  name: 'ky with rxjs by hand',
  start({ baseUrl, fetch }, intervalMs) {
    const options = {
      fetch,
      headers: { authorization, accept: 'application/json' },
      retry: 0,
      throwHttpErrors: false,
      timeout: TIMEOUT_MS,
      cache: 'no-store',
    } as const
    const ask = <T>(path: string, init: object): Observable<T> =>
      defer(async () => {
        const response = await ky(baseUrl + path, { ...options, ...init })
        const body = JSON.parse(await response.text())
        if (response.status !== 200) throw new Error(`HTTP ${response.status}`)
        return body as T
      })
    return (request, signal) => {
      const init = signal ? { signal } : {}
      const paid = ask<{ request_id: string }>('/async/transactions/payments', {
        ...init,
        method: 'post',
        json: { request },
      }).pipe(
        switchMap(({ request_id: id }) =>
          ask<{ status: string }>(`/async/status/${id}`, init).pipe(
            repeat({ delay: intervalMs }),
            takeWhile(({ status }) => status === 'processing', true),
            switchMap(({ status }) => (status === 'completed' ? ask(`/async/result/${id}`, init) : [])),
          ),
        ),
      )
      return lastValueFrom(signal ? paid.pipe(takeUntil(fromEvent(signal, 'abort'))) : paid)
    }
  },
}
export default contestant
