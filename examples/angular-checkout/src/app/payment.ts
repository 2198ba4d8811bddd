/** The payment of this page's order: one client, one payment at a time, and what is known of it as signals. */
import { Injectable, inject, type Signal } from '@angular/core'
import { toSignal } from '@angular/core/rxjs-interop'
import {
  type AnyTransactionError,
  adaptiveSchedule,
  bearerAuth,
  type KnownTask,
  rememberTask,
  submitOnce,
  type TaskSnapshot,
  type TransactionTask,
  webStorageJournal,
} from '@async-transaction/core'
import { createBrowserClient, indexedDbJournal } from '@async-transaction/core/browser'
import { encryptCard } from '@async-transaction/core/encryption'
import { followIncomplete, fromTask, recoverTasks } from '@async-transaction/rxjs'
import {
  catchError,
  EMPTY,
  filter,
  map,
  merge,
  type Observable,
  of,
  reduce,
  Subject,
  scan,
  share,
  startWith,
  switchMap,
  takeUntil,
} from 'rxjs'
import { type Card, cardFields } from '../../../card-input/card-input.ts'
import { type Order, Shop } from './shop.ts'

/** No payment: none was found in the journal, or it is still being read. */
type NoPayment = { readonly task?: undefined; readonly state: { readonly status: 'idle' | 'recovering' } }
export type PaymentView = KnownTask | NoPayment

@Injectable({ providedIn: 'root' })
export class Payment {
  readonly #shop = inject(Shop)
  readonly #journal = indexedDbJournal()
  readonly #client = createBrowserClient({
    baseUrl: '/pay',
    auth: bearerAuth(this.#shop.token),
    journal: this.#journal,
    // What it learns of how long payments take is kept in this browser, and tells how far one is.
    schedule: adaptiveSchedule({ store: webStorageJournal(() => localStorage) }),
  })
  readonly #chosen = new Subject<TransactionTask>()
  readonly #task = merge(this.#recover(), this.#chosen).pipe(share())

  readonly view: Signal<PaymentView> = toSignal(
    this.#task.pipe(switchMap((task) => (task ? this.#observe(task) : of<PaymentView>({ state: { status: 'idle' } })))),
    { initialValue: { state: { status: 'recovering' } } },
  )
  /** From 0 to 1, while the payment is processed. */
  readonly progress: Signal<number> = toSignal(
    this.#task.pipe(switchMap((task) => (task ? progressOf(task) : EMPTY))),
    { initialValue: 0 },
  )

  /** Charges once, however often it is called, unless the last try is known to have failed. */
  async pay({ amount, currency, description, id, cardKey }: Order, card: Card): Promise<void> {
    const encrypted_credit_card = await encryptCard(cardFields(card), cardKey)
    const known = this.view()
    const request = { amount, currency, description, tracking_id: id, encrypted_credit_card }
    this.#chosen.next(submitOnce(this.#client, 'payments', request, known.task && known))
  }

  /** Looks up again what came of a payment that is unknown. */
  async check(): Promise<void> {
    const { task } = this.view()
    await task?.lookup()
    if (task) this.#chosen.next(task)
  }

  /** The order's payment from before a reload or a redirect; of several tries, the one that counts. */
  #recover(): Observable<TransactionTask | undefined> {
    return recoverTasks(this.#client).pipe(
      filter(({ trackingId }) => trackingId === this.#shop.orderId),
      reduce((_: TransactionTask | undefined, task) => rememberTask(this.#client, task), undefined),
      takeUntil(this.#chosen),
    )
  }

  #observe(task: TransactionTask): Observable<PaymentView> {
    return fromTask(task).pipe(
      switchMap((state) => {
        if (state.status !== 'result' || !state.transaction) return of(state)
        return of(state.transaction).pipe(
          followIncomplete(this.#client),
          map((transaction) => ({ ...state, transaction })),
        )
      }),
      catchError((error: AnyTransactionError) => of({ status: 'error' as const, error })),
      startWith<TaskSnapshot>(task.getSnapshot()),
      map((state) => ({ task, state })),
    )
  }
}

/** The share of such payments that are done by now, once the schedule has learned it; until then by time alone. */
const progressOf = (task: TransactionTask): Observable<number> =>
  fromTask(task).pipe(
    map((state) =>
      state.status === 'processing' ? (state.progress ?? state.elapsedMs / (state.elapsedMs + 3000)) : 1,
    ),
    scan((before, now) => Math.max(before, now), 0),
    catchError(() => EMPTY),
    startWith(0),
  )
