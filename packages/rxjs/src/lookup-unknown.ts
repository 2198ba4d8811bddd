/** Looks up by tracking id what the gateway no longer knows as a task. Protocol section 5. */
import type { Client, ResultState, TaskState } from '@async-transaction/core'
import { ownerOf } from './from-task.ts'
import { mergeMap, type Observable } from './peers.ts'

/**
 * Holds an `unknown` state back while it is looked up, once, and then emits the result that was found, or else the
 * `unknown`. Other states pass at once, those of other tasks as well. So does an `unknown` that did not come through
 * `fromTask` or `submitTransaction`: its task is not known.
 *
 * @example
 * ```ts
 * fromTask(task).pipe(lookupUnknown(client), toTransaction(), retry({ count: 5, delay: 60_000 })).subscribe(showReceipt)
 * ```
 */
export const lookupUnknown =
  (client: Pick<Client, 'resume'>): (<T extends TaskState>(states: Observable<T>) => Observable<T | ResultState>) =>
  (states) =>
    states.pipe(
      mergeMap((state) => {
        const handle = state.status === 'unknown' && ownerOf(state)?.handle
        if (!handle) return [state]
        return client
          .resume(handle)
          .lookup()
          .then((found) => (found.status === 'result' ? found : state))
      }),
    )
