/** For pipelines, which subscribe again: the same request object is the same payment, and a new object is a new one. */
import type { Plural, RequestOf, TransactionType } from '../schema/request-types.ts'
import type { TransactionTask } from '../task/transaction-task.ts'
import type { Client } from './client.ts'
import { knownTasks } from './known-tasks.ts'

/**
 * Submits a request object once. Given again, with the same client and type, it is the same payment under the same
 * `requestKey`: under way or answered, its task is returned; ended without an answer, it goes on. It keeps nothing alive but
 * what the client and the request object keep alive. `submitOnce` is the stricter rule of pages: one order, one charge.
 *
 * @throws TransactionError `request-invalid` for a request that breaks a rule, or whose amount, currency or tracking id was
 * changed since
 */
export function submitRequest<T extends TransactionType>(
  client: Client,
  type: T,
  request: RequestOf<T>,
): TransactionTask {
  const { requests } = knownTasks(client, type)
  const known = requests.get(request)
  const task = client.submit(type as Plural<T>, request, known && { requestKey: known.requestKey })
  requests.set(request, task)
  return task
}
