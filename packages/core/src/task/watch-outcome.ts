/** Hearing of a result that comes after the end: an Observable that is complete tells nothing more. */
import { Replay } from '../observable/replay.ts'
import type { ConsumerOptions, Subscription } from '../observable/subscriber.ts'
import type { ObservedTask } from './settings.ts'

/** Beside the tasks, and not in them: there may be a hundred thousand, and hardly one is watched. */
export const watched: WeakMap<ObservedTask, Replay<never>> = new WeakMap()

/**
 * Calls `changed` once, when an `unknown` outcome of the task became a result after all: by `lookup()` or `deliver()`,
 * whoever called it. For what shows a task, and has been told that it is complete. It does not count as observing.
 */
export function watchOutcome(task: ObservedTask, changed: () => void, { signal }: ConsumerOptions = {}): Subscription {
  let watchers = watched.get(task)
  if (!watchers) {
    watchers = new Replay<never>(task, () => {})
    watched.set(task, watchers)
    // First of all, so that who watches again while it is told is not told again.
    watchers.subscribe({ complete: () => void watched.delete(task) })
  }
  return watchers.subscribe({ complete: changed }, signal)
}
