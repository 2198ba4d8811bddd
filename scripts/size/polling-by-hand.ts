/** What one writes with ky and rxjs before reading what the protocol does: for its size. A second subscriber is a second charge. */
import ky from 'ky'
import { defer, type Observable, switchMap, takeWhile, timer } from 'rxjs'

interface Task {
  readonly status: string
  readonly status_url: string
  readonly response_url: string
}

/** Submits a payment, and asks each second until it is no longer being processed. */
export const pay = (baseUrl: string, authorization: string, request: object): Observable<Task> => {
  const api = ky.create({ headers: { authorization } })
  return defer(() => api.post(`${baseUrl}/async/transactions/payments`, { json: { request } }).json<Task>()).pipe(
    switchMap(({ status_url }) => timer(0, 1000).pipe(switchMap(() => api.get(status_url).json<Task>()))),
    takeWhile(({ status }) => status === 'processing', true),
    switchMap((task) =>
      task.status === 'completed' ? api.get(task.response_url).json<Task>() : Promise.resolve(task),
    ),
  )
}
