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
  let ended: { readonly error?: unknown } | undefined
  let wake = (): void => {}
  let news: Promise<void>

  const told = (): void => {
    wake()
    news = new Promise((resolve) => {
      wake = resolve
    })
  }
  const end = (how: { readonly error?: unknown }): void => {
    ended = how
    told()
  }
  told()
  const subscription = subscribe({
    next(value) {
      const last = values.length - 1
      values[last >= 0 && superseded(values[last] as T, value) ? last : last + 1] = value
      told()
    },
    error: (error) => end({ error }),
    complete: () => end({}),
  })

  return {
    async next() {
      while (!values.length && !ended) await news
      if (values.length) return { done: false, value: values.shift() as T }
      const how = ended
      ended = {}
      if (how && 'error' in how) throw how.error
      return { done: true, value: undefined }
    },
    async return() {
      subscription.unsubscribe()
      values.length = 0
      end({})
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
