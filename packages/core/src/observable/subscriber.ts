/** One observer's side of a subscription: it ends once, and what the observer throws stays here. */
import { reportError } from '../lib/report-error.ts'

/** Receives what is observed. Every method is optional; exactly one of `error` and `complete` ends it. */
export interface Observer<T> {
  next?: ((value: T) => void) | undefined
  error?: ((error: unknown) => void) | undefined
  complete?: (() => void) | undefined
}

/** What `subscribe` returns. */
export interface Subscription {
  /** Detaches the observer. The payment goes on. */
  unsubscribe(): void
  /** Whether the observer gets nothing more. */
  readonly closed: boolean
}

/** What is used of an `AbortSignal`, so that no platform's types are needed. */
export interface AbortSignalLike {
  readonly aborted: boolean
  readonly reason?: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Which consumer leaves when. */
export interface ConsumerOptions {
  /** Detaches this consumer, and no other, when it aborts. */
  signal?: AbortSignalLike | undefined
}

/** An observer that is told, too, when its signal made it leave; or that says itself that it left, as those of rxjs do. */
export type Listener<T> = Observer<T> & { aborted?: (reason: unknown) => void; readonly closed?: boolean }

export class Subscriber<T> implements Subscription {
  closed = false
  readonly #listener: Listener<T>
  readonly #left: (subscriber: Subscriber<T>) => void
  #forget: (() => void) | undefined

  constructor(listener: Listener<T>, left: (subscriber: Subscriber<T>) => void, signal?: AbortSignalLike) {
    this.#listener = listener
    this.#left = left
    if (!signal) return
    const abort = (): void => {
      this.unsubscribe()
      this.#call('aborted', signal.reason)
    }
    // Removed when it ends: a signal may outlive a hundred thousand tasks.
    this.#forget = () => signal.removeEventListener('abort', abort)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort)
  }

  unsubscribe(): void {
    if (this.closed) return
    this.closed = true
    this.#forget?.()
    this.#left(this)
  }

  next(value: T): void {
    if (!this.closed) this.#call('next', value)
  }

  end(how: { readonly error?: unknown }): void {
    if (this.closed) return
    this.unsubscribe()
    if ('error' in how) this.#call('error', how.error)
    else this.#call('complete')
  }

  #call(method: Exclude<keyof Listener<T>, 'closed'>, value?: unknown): void {
    try {
      this.#listener[method]?.(value as never)
    } catch (error) {
      reportError(error)
    }
  }
}
