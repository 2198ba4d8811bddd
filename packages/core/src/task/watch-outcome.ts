/** Notice of a result that comes after the end: an Observable that is complete emits nothing more. */
import { ReplaySubject } from '../observable/replay-subject.ts'
import type { ConsumerOptions, Subscription } from '../observable/subscriber.ts'
import type { ObservedTask } from '../payment/settings.ts'

/** A task that is told whether its end is watched. */
interface Watched extends ObservedTask {
  watching?(watched: boolean): void
}

/** Beside the tasks, and not in them: there may be a hundred thousand, and hardly one is watched. */
export const watched: WeakMap<ObservedTask, ReplaySubject<never, Watched>> = new WeakMap()

const watching = (task: Watched, by: boolean): void => task.watching?.(by)

/**
 * Calls `changed` once, when an `unknown` outcome or a `gateway-error` of the task became a result after all, or when its
 * result was superseded: by a lookup or a webhook. For a view that showed the end of the task. It does not count as
 * observing.
 */
export function watchOutcome(task: ObservedTask, changed: () => void, { signal }: ConsumerOptions = {}): Subscription {
  let watchers = watched.get(task)
  if (!watchers) {
    watchers = new ReplaySubject<never, Watched>(task, watching)
    watched.set(task, watchers)
  }
  return watchers.subscribe({ complete: changed }, signal)
}
