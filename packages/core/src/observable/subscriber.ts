/** One observer's side of a subscription: it ends once, and what the observer throws stays here. */
import { reportError } from '../lib/report-error.ts'
import { type AbortSignalLike, onAbort } from './on-abort.ts'

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

/** Which consumer leaves when. */
export interface ConsumerOptions {
  /** Detaches this consumer, and no other, when it aborts. */
  signal?: AbortSignalLike | undefined
}

/** An observer that is told, too, when its signal made it leave; or that says itself that it left, as those of rxjs do. */
export type Listener<T> = Observer<T> & { aborted?: (reason: unknown) => void; readonly closed?: boolean }

/** What there is to see: nothing yet, a value, the last value, or an error, which is all that late ones get. */
export interface Sight<T> {
  readonly value?: T
  readonly last?: boolean
  readonly error?: unknown
}

/** What is told that an observer left. */
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

  show(sight: Sight<T>): void {
    if ('error' in sight) this.#end('error', sight.error)
    else if ('value' in sight && !this.closed) this.#call('next', sight.value)
    if (sight.last) this.#end('complete')
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
