/** What was under way before a reload or a crash. */
import type { Client, TransactionTask } from '@async-transaction/core'
import { from, mergeMap, type Observable } from './peers.ts'

/**
 * The tasks in the client's journal, one by one, read anew for each subscriber; also those that settled within 24 hours.
 * Each goes on when it is observed.
 *
 * @example
 * ```ts
 * recoverTasks(client).pipe(mergeMap(fromTask)).subscribe(render)
 * ```
 */
export const recoverTasks = (client: Pick<Client, 'recover'>): Observable<TransactionTask> =>
  from([client]).pipe(
    mergeMap((given) => given.recover()),
    mergeMap((tasks) => tasks),
  )
