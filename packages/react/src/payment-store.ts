/**
 * The payment that one component shows, as a store outside of React: its updates are neither held back by a transition
 * nor lost with a render that was thrown away.
 */
import {
  type Client,
  followTransaction,
  forgetTask,
  hasCharged,
  type KnownTask,
  type OpenRequest,
  rememberTask,
  submitOnce,
  type TaskHandle,
  type TaskSnapshot,
  type TransactionTask,
} from '@async-transaction/core'

/** What a task's `getSnapshot()` gives, or that there is no payment yet. */
export type PaymentState = { readonly status: 'idle' } | TaskSnapshot

interface View {
  readonly state: PaymentState
  readonly task?: TransactionTask | undefined
  /** The journal is being read. */
  readonly recovering: boolean
}

export interface PaymentStore {
  /** Observes the payment while somebody listens. */
  subscribe(listener: () => void): () => void
  /** The same object until something changes, also while nobody listens. */
  getSnapshot(): View
  /** What a server renders, and a page until it is hydrated. */
  first(): View
  submit(client: Client, type: string, request: OpenRequest): TransactionTask
  resume(client: Client, handle: TaskHandle): TransactionTask
  /** Looks once for a payment in the journal: one in doubt, or the one of an order. */
  recover(client: Client, type: string, order: true | string): Promise<void>
  lookup(): Promise<void>
  /** Forgets a payment that has ended. One that is under way goes on unseen. */
  reset(): void
}

const idle: PaymentState = { status: 'idle' }

export function createPaymentStore(recovering: boolean): PaymentStore {
  const first: View = { state: idle, recovering }
  let view = first
  let owner: Client
  let followed: PaymentState | undefined
  let asked = false
  let left: AbortController | undefined
  const listeners = new Set<() => void>()

  const tell = (): void => {
    for (const listener of listeners) listener()
  }
  const leave = (): void => {
    left?.abort()
    left = undefined
  }
  const observe = (): void => {
    if (left || !listeners.size) return
    const leaving = new AbortController()
    left = leaving
    view.task?.subscribe({ next: tell, error: tell, complete: () => follow(leaving) }, leaving)
  }
  /** Asks on for a transaction that waits for the customer. */
  const follow = (leaving: AbortController): void => {
    const { state } = getSnapshot()
    if (state.status !== 'result' || hasCharged(state) !== undefined) return
    followTransaction(owner, { uid: state.transaction?.uid ?? '' }).subscribe((transaction) => {
      followed = { ...state, transaction, body: { transaction }, via: 'lookup' }
      tell()
    }, leaving)
  }
  const change = (changed: Partial<View>): void => {
    view = { ...view, ...changed }
    tell()
  }
  const turnTo = (task?: TransactionTask): void => {
    leave()
    followed = undefined
    change({ task })
    observe()
  }
  const getSnapshot = (): View => {
    const state = followed ?? view.task?.getSnapshot() ?? idle
    if (state !== view.state) view = { ...view, state }
    return view
  }
  const show = (client: Client, task: TransactionTask): TransactionTask => {
    owner = client
    if (task !== view.task) turnTo(task)
    return task
  }

  return {
    getSnapshot,
    first: () => first,

    subscribe(listener) {
      listeners.add(listener)
      observe()
      return () => {
        listeners.delete(listener)
        // React leaves and comes back within one commit: that is not leaving.
        queueMicrotask(() => listeners.size || leave())
      }
    },

    submit: (client, type, request) =>
      show(client, submitOnce(client, type, request, view.task && (getSnapshot() as KnownTask))),

    resume: (client, handle) => show(client, rememberTask(client, client.resume(handle))),

    async recover(client, type, order) {
      if (asked) return
      asked = true
      let found: TransactionTask | undefined
      for (const task of await client.recover()) {
        const charged = hasCharged(task.getSnapshot())
        const wanted = order === true ? charged === undefined : order === task.trackingId
        // Of several tries at an order, one that was declined says the least.
        if (task.type === type && wanted && (!found || charged !== false)) found = task
      }
      if (found && !view.task) show(client, rememberTask(client, found))
      change({ recovering: false })
    },

    async lookup() {
      await view.task?.lookup()
      tell()
    },

    reset() {
      if (view.task) forgetTask(owner, view.task)
      turnTo()
    },
  }
}
