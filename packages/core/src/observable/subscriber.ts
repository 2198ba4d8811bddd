/// <reference lib="esnext.disposable" />
/** One observer's side of a subscription: it ends once, and an exception of the observer stays here. */
import { reportError } from '../lib/report-error.ts'
import { makeDisposable } from './interop.ts'
import { type AbortSignalLike, onAbort } from './on-abort.ts'

/** Receives notifications. Every method is optional; exactly one of `error` and `complete` ends it. */
export interface Observer<T> {
  next?: ((value: T) => void) | undefined
  error?: ((error: unknown) => void) | undefined
  complete?: (() => void) | undefined
}

/** The value that `subscribe` returns. */
export interface Subscription {
  /** Detaches the observer. The payment goes on. */
  unsubscribe(): void
  /** `unsubscribe`, for `using`, where the runtime has `Symbol.dispose`. */
  [Symbol.dispose](): void
  /** Whether the observer gets nothing more. */
  readonly closed: boolean
}

/** When a consumer leaves. */
export interface ConsumerOptions {
  /** Detaches this consumer, and no other, when it aborts. */
  signal?: AbortSignalLike | undefined
}

/** An observer that is also notified when its signal made it leave; or that says itself that it left, as those of rxjs do. */
export type Listener<T> = Observer<T> & { aborted?: (reason: unknown) => void; readonly closed?: boolean }

/** Nothing yet, a value, the last value, or an error, which is all that late observers get. */
export interface Notification<T> {
  readonly value?: T
  readonly last?: boolean
  readonly error?: unknown
}

/** The subject that an observer leaves. */
interface Source<T> {
  left(subscriber: Subscriber<T>): void
}

export class Subscriber<T> implements Subscription {
  closed = false
  readonly #listener: Listener<T>
  readonly #source: Source<T>
  readonly #forget: (() => void) | undefined

  constructor(listener: Listener<T>, source: Source<T>, signal?: AbortSignalLike) {
    this.#listener = listener
    this.#source = source
    makeDisposable(Subscriber, 'unsubscribe')
    this.#forget = onAbort(signal, (reason) => {
      this.unsubscribe()
      this.#call('aborted', reason)
    })
  }

  unsubscribe(): void {
    if (this.closed) return
    this.closed = true
    this.#forget?.()
    this.#source.left(this)
  }

  declare [Symbol.dispose]: () => void

  notify(notification: Notification<T>): void {
    if ('error' in notification) this.#end('error', notification.error)
    else if ('value' in notification && !this.closed) this.#call('next', notification.value)
    if (notification.last) this.#end('complete')
  }

  #end(method: 'error' | 'complete', error?: unknown): void {
    if (this.closed) return
    this.unsubscribe()
    this.#call(method, error)
  }

  #call(method: Exclude<keyof Listener<T>, 'closed'>, value?: unknown): void {
    try {
      this.#listener[method]?.(value as never)
    } catch (error) {
      reportError(error)
    }
  }
}
