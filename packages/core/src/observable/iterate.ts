/** An Observable as an async iterator, for `for await`. */
import type { Observer, Subscription } from './subscriber.ts'

/**
 * Every value in order, however slow the reader; of several that are `superseded` before they are read, the last one.
 * Leaving the loop detaches.
 */
export function iterate<T>(
  subscribe: (observer: Observer<T>) => Subscription,
  superseded: (waiting: T, next: T) => boolean,
): AsyncIterableIterator<T> {
  const values: T[] = []
  let ended = false
  let failure: { error: unknown } | undefined
  let wake = (): void => {}

  const end = (error?: { error: unknown }): void => {
    ended = true
    failure = error
    wake()
  }
  const subscription = subscribe({
    next(value) {
      const last = values.length - 1
      values[last >= 0 && superseded(values[last] as T, value) ? last : last + 1] = value
      wake()
    },
    error: (error) => end({ error }),
    complete: () => end(),
  })

  return {
    async next() {
      while (!values.length && !ended)
        await new Promise<void>((resolve) => {
          const others = wake
          wake = () => {
            others()
            resolve()
          }
        })
      if (values.length) return { done: false, value: values.shift() as T }
      if (!failure) return { done: true, value: undefined }
      const { error } = failure
      failure = undefined
      throw error
    },
    async return() {
      subscription.unsubscribe()
      values.length = 0
      end()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
