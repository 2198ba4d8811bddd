/** The payments that were under way before a reload or a crash. */
import type { Client, RecoverOptions, TransactionTask } from '@async-transaction/core'
import { from, mergeMap, type Observable } from './peers.ts'

/**
 * The tasks in the client's journal, one by one, read anew for each subscriber; also those that settled within 24 hours.
 * Each goes on when it is observed. A page names its order, by `trackingId`.
 *
 * @example
 * ```ts
 * recoverTasks(client).pipe(mergeMap(fromTask)).subscribe(render)
 * ```
 */
export const recoverTasks = (client: Pick<Client, 'recover'>, options?: RecoverOptions): Observable<TransactionTask> =>
  from([client]).pipe(
    mergeMap((given) => given.recover(options)),
    mergeMap((tasks) => tasks),
  )
