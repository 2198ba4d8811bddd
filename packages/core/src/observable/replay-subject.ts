/** A value that changes, for observers that may come late. */
import type { AbortSignalLike } from './on-abort.ts'
import { type Listener, type Notification, Subscriber, type Subscription } from './subscriber.ts'

export class ReplaySubject<T, Owner = unknown> {
  #subscribers: readonly Subscriber<T>[] = []
  readonly #owner: Owner
  readonly #observed: (owner: Owner, observed: boolean) => void
  #latest: Notification<T> = {}

  /** `observed` is called when the first observer of `owner` comes, and when the last one leaves. */
  constructor(owner: Owner, observed: (owner: Owner, observed: boolean) => void) {
    this.#owner = owner
    this.#observed = observed
  }

  /** Notifies the observer of the latest value at once. */
  subscribe(observer: Listener<T> | ((value: T) => void), signal?: AbortSignalLike): Subscription {
    const listener = typeof observer === 'function' ? { next: observer } : observer
    const subscriber = new Subscriber(listener, this, signal)
    let seen: unknown
    // The observer may bring the next value by what it does with this one.
    while (seen !== this.#latest) {
      seen = this.#latest
      subscriber.notify(this.#latest)
      // Before it has a subscription, an Observable's subscriber can only say that it has left.
      if (listener.closed) subscriber.unsubscribe()
    }
    if (subscriber.closed) return subscriber
    this.#subscribers = this.#subscribers.concat(subscriber)
    if (this.#subscribers.length === 1) this.#observed(this.#owner, true)
    return subscriber
  }

  next(latest: Notification<T>): void {
    this.#latest = latest
    // An observer may bring the next value: then the others have seen that already.
    for (const subscriber of this.#subscribers) if (this.#latest === latest) subscriber.notify(latest)
  }

  left(subscriber: Subscriber<T>): void {
    const before = this.#subscribers
    this.#subscribers = before.filter((each) => each !== subscriber)
    if (before.length && !this.#subscribers.length) this.#observed(this.#owner, false)
  }
}
