/** A value that changes, and that those who come late see as well. */
import { type AbortSignalLike, type Listener, Subscriber, type Subscription } from './subscriber.ts'

export class Replay<T> {
  readonly #subscribers = new Set<Subscriber<T>>()
  readonly #observed: (observed: boolean) => void
  #latest: { readonly value: T } | undefined
  #ended: { readonly error?: unknown } | undefined

  /** `observed` is told when the first observer comes, and when the last one leaves. */
  constructor(observed: (observed: boolean) => void) {
    this.#observed = observed
  }

  /** Gives the observer the latest value at once, and the end, if it has come. */
  subscribe(observer: Listener<T>, signal?: AbortSignalLike): Subscription {
    const subscriber = new Subscriber(observer, this.#left, signal)
    let seen: unknown
    // What the observer does with a value may bring the next one.
    while (!subscriber.closed && this.#latest && seen !== this.#latest) {
      seen = this.#latest
      subscriber.next(this.#latest.value)
      // Before it has a subscription, an Observable's subscriber can only say that it has left.
      if (observer.closed) subscriber.unsubscribe()
    }
    if (this.#ended) subscriber.end(this.#ended)
    if (subscriber.closed) return subscriber
    this.#subscribers.add(subscriber)
    if (this.#subscribers.size === 1) this.#observed(true)
    return subscriber
  }

  next(value: T): void {
    const latest = { value }
    this.#latest = latest
    // An observer may bring the next value: then the others have seen that already.
    for (const subscriber of [...this.#subscribers]) if (this.#latest === latest) subscriber.next(value)
  }

  /** An error is all that late ones get. After an end, another value is for those who come later still. */
  end(how: { readonly error?: unknown }): void {
    this.#ended = how
    if ('error' in how) this.#latest = undefined
    for (const subscriber of [...this.#subscribers]) subscriber.end(how)
  }

  readonly #left = (subscriber: Subscriber<T>): void => {
    if (this.#subscribers.delete(subscriber) && !this.#subscribers.size) this.#observed(false)
  }
}
