/**
 * An adapter between the suite of the Observable proposal and a task: a constructor that takes a producer, as the suite
 * wants it. What is tested is the task's own `subscribe`: the producer stands where the payment does, which polls the
 * gateway; a value travels as a state, and an end as an outcome.
 */
import { TransactionTask } from '@async-transaction/core'

interface Sink {
  next?: (value: unknown) => void
  error?: (error: unknown) => void
  complete?: () => void
}
type Producer = (sink: Required<Sink> & { readonly closed: boolean }) => unknown

/** What a task uses of its payment. */
class ProducedPayment {
  readonly settings = { baseUrl: '', schedule: () => 0, onObserved: () => {} }
  readonly age = { elapsedMs: () => 0 }
  readonly views: { shared?: object } = {}
  readonly waitMs = 0
  readonly untouched = false
  known: object = { requestKey: 'key', trackingId: 'key', type: 'payments', createdAt: 0, polls: 0, lost: 0 }
  observe: (observed: boolean) => void = () => {}
  #view: { changed(): void } | undefined

  join(view: { changed(): void }): void {
    this.#view = view
  }

  leave(): void {}

  become(known: object): void {
    this.known = { ...this.known, requestId: '1', ...known }
    this.#view?.changed()
  }
}

export class TaskObservable {
  readonly #producer: Producer

  constructor(producer: Producer) {
    if (typeof producer !== 'function') throw new TypeError('A producer must be a function')
    this.#producer = producer
  }

  /** A task takes options where the proposal takes two more functions. */
  subscribe(observer: Sink | ((value: unknown) => void)): unknown {
    const sink: Sink = typeof observer === 'function' ? { next: observer } : observer
    const payment = new ProducedPayment()
    const produced: { error?: unknown } = {}
    const task = TransactionTask.of(payment as never)
    let cleanUp: unknown
    let closed = false
    payment.observe = (observed) => {
      closed = !observed
      if (closed) {
        if (typeof cleanUp === 'function') cleanUp()
        return
      }
      cleanUp = this.#producer({
        get closed() {
          return closed
        },
        next: (value) => payment.become({ polls: value }),
        error: (error) => {
          produced.error = error
          payment.become({ ending: { status: 'error', code: 'protocol' } })
        },
        complete: () => payment.become({ ending: { status: 'result', body: {}, via: 'task' } }),
      })
      if (closed && typeof cleanUp === 'function') cleanUp()
    }
    return task.subscribe({
      next: (state) => {
        if (state.status === 'processing') sink.next?.(state.polls)
      },
      error: () => sink.error?.(produced.error),
      complete: () => sink.complete?.(),
    })
  }
}

// The task's own, not one of the adapter.
Object.defineProperty(
  TaskObservable.prototype,
  '@@observable',
  Object.getOwnPropertyDescriptor(TransactionTask.prototype, '@@observable') ?? {},
)
