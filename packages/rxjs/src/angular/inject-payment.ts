/** One payment as signals, for as long as its injector lives. */
import { computed, Injector, inject, runInInjectionContext, type Signal, signal } from '@angular/core'
import { toSignal } from '@angular/core/rxjs-interop'
import {
  forgetTask,
  hasCharged,
  isPending,
  type RequestOf,
  rememberTask,
  submitOnce,
  type TaskHandle,
  type TaskSnapshot,
  type TransactionTask,
  type TransactionType,
  watchOutcome,
} from '@async-transaction/core'
import { BehaviorSubject, map, Observable, of, switchMap } from 'rxjs'
import { followIncomplete } from '../follow-incomplete.ts'
import { injectTransactions } from './provide.ts'

/** The task's state, or that there is no payment yet. */
export type PaymentState = { readonly status: 'idle' } | TaskSnapshot

export interface InjectPaymentOptions {
  /** Looks once in the client's journal for the payment of this order, after a reload or a return from 3-D Secure. */
  recover?: { readonly trackingId: string } | undefined
  /** Ends the payment's observation. @default the current one */
  injector?: Injector | undefined
}

export interface Payment<T extends TransactionType> {
  /** The latest state; a payment that waits for the customer is followed until it is final. */
  readonly state: Signal<PaymentState>
  /** A payment is under way, or the journal is being read: disable the button. */
  readonly isPending: Signal<boolean>
  readonly task: Signal<TransactionTask | undefined>
  /**
   * Submits a payment, once for an order: while one is under way, in doubt or paid, its task is returned. Call it from an
   * event.
   *
   * @throws TransactionError `request-invalid` for a request that breaks a rule; nothing was sent
   */
  submit(request: RequestOf<T>): TransactionTask
  /** Shows the task of a handle. */
  resume(handle: TaskHandle): TransactionTask
  /** Looks the transaction up, for an `unknown` payment or a `gateway-error`. */
  lookup(): Promise<void>
  /** Back to `idle`. A payment that has ended is forgotten, so that `submit` may charge for its order again. */
  reset(): void
}

const IDLE: PaymentState = { status: 'idle' }

/**
 * A payment as signals. Nothing is charged but by `submit`. Destroying the injector stops nothing: the payment goes on, and
 * is asked after when it is shown again.
 *
 * @example
 * ```ts
 * readonly payment = injectPayment('payments', { recover: { trackingId: 'order-17' } })
 * ```
 */
export function injectPayment<T extends TransactionType>(
  type: T,
  { recover, injector = inject(Injector) }: InjectPaymentOptions = {},
): Payment<T> {
  return runInInjectionContext(injector, () => {
    const client = injectTransactions()
    const shown = new BehaviorSubject<TransactionTask | undefined>(undefined)
    const reading = signal(recover !== undefined)
    const states = shown.pipe(
      switchMap((task) => (task ? statesOf(task) : of(IDLE))),
      switchMap((state) =>
        state.status === 'result' && state.transaction
          ? of(state.transaction).pipe(
              followIncomplete(client, { retry: () => true }),
              map((transaction) => ({ ...state, transaction })),
            )
          : of(state),
      ),
    )
    const state = toSignal<PaymentState, PaymentState>(states, { initialValue: IDLE })
    const task = toSignal(shown)
    const show = (next: TransactionTask): TransactionTask => {
      if (next !== shown.value) shown.next(next)
      return next
    }

    const read = async ({ trackingId }: { readonly trackingId: string }): Promise<void> => {
      // A journal that fails stops no payment.
      const tasks = await client.recover({ trackingId }).catch(() => [])
      // Of several tries at an order, the one that counts.
      const found = tasks.filter((each) => each.type === type).map((each) => rememberTask(client, each))
      const [latest] = found.slice(-1)
      if (latest && !shown.value) show(latest)
      reading.set(false)
    }
    if (recover) void read(recover)

    return {
      state,
      task,
      isPending: computed(() => reading() || isPending(state())),
      submit(request) {
        const current = shown.value && { task: shown.value, state: state() as TaskSnapshot }
        return show(submitOnce(client, type, request, current))
      },
      resume: (handle) => show(rememberTask(client, client.resume(handle))),
      lookup: async () => void (await shown.value?.lookup()),
      reset() {
        if (shown.value && hasCharged(state() as TaskSnapshot) !== true) forgetTask(client, shown.value)
        shown.next(undefined)
      },
    }
  })
}

/** The states of a task, and what becomes of its end. */
const statesOf = (task: TransactionTask): Observable<TaskSnapshot> =>
  new Observable((subscriber) => {
    const left = new AbortController()
    const show = (): void => subscriber.next(task.getSnapshot())
    const watch = (): void =>
      void watchOutcome(
        task,
        () => {
          show()
          watch()
        },
        left,
      )
    show()
    task.subscribe({ next: show, error: show }, left)
    watch()
    return () => left.abort()
  })
