/** A word to the customer when nothing was heard for a while. */
import { Observable, type OperatorFunction, tap, timer } from './peers.ts'

/**
 * Emits `notice` if nothing was emitted within `dueMs` milliseconds of the subscription. Unlike with `timeout`, nobody is
 * left: what comes later comes all the same.
 *
 * @example
 * ```ts
 * fromTask(task).pipe(noticeAfter(3000, { status: 'slow' })).subscribe(render)
 * ```
 */
export const noticeAfter =
  <T, N>(dueMs: number, notice: N): OperatorFunction<T, T | N> =>
  (source) =>
    new Observable((subscriber) => {
      const late = timer(dueMs).subscribe(() => subscriber.next(notice))
      subscriber.add(late)
      source.pipe(tap(() => late.unsubscribe())).subscribe(subscriber)
    })
