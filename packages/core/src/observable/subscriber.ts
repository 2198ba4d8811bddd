/** One observer's side of a subscription: it ends once, and what the observer throws stays here. */
import { reportError } from '../lib/report-error.ts'

/** Receives the states of a task. Every method is optional; exactly one of `error` and `complete` ends it. */
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

export class Subscriber<T> implements Subscription {
  closed = false
  readonly #observer: Observer<T> & { aborted?: (reason: unknown) => void }
  readonly #left: (subscriber: Subscriber<T>) => void
  #forget: (() => void) | undefined

  /** `aborted` of the observer is called with the reason when the signal aborts, instead of anything else. */
  constructor(
    observer: Observer<T> & { aborted?: (reason: unknown) => void },
    left: (subscriber: Subscriber<T>) => void,
    signal?: AbortSignalLike,
  ) {
    this.#observer = observer
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

  end(how: 'error' | 'complete', error?: unknown): void {
    if (this.closed) return
    this.unsubscribe()
    this.#call(how, error)
  }

  #call(method: 'next' | 'error' | 'complete' | 'aborted', value: unknown): void {
    try {
      this.#observer[method]?.(value as never)
    } catch (error) {
      reportError(error)
    }
  }
}
