/**
 * The payment that one component shows, as a store outside of React: its updates are neither held back by a transition
 * nor lost with a render that was thrown away.
 */
import {
  type Client,
  type FollowedTransaction,
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
  watchOutcome,
} from '@async-transaction/core'

/** What a task's `getSnapshot()` gives, or that there is no payment yet. */
export type PaymentState = { readonly status: 'idle' } | TaskSnapshot

interface View {
  readonly state: PaymentState
  readonly task?: TransactionTask | undefined
  /** What was last looked for in the journal, once that is done. */
  readonly read?: string | undefined
}

export interface PaymentStore {
  /** Observes the payment while somebody listens. */
  subscribe(listener: () => void): () => void
  /** The same object until something changes, also while nobody listens. */
  getSnapshot(): View
  /** `wanted` is what is to be looked for in the journal before anything is sent. */
  submit(client: Client, type: string, request: OpenRequest, wanted: string | undefined): TransactionTask
  resume(client: Client, handle: TaskHandle): TransactionTask
  /** Looks once for what is `wanted` of the journal: the payment of an order, or else one in doubt. */
  recover(client: Client, type: string, order: true | string, wanted: string): Promise<void>
  lookup(): Promise<void>
  /** Forgets a payment that has ended. One that is under way goes on unseen. */
  reset(): void
}

/** What a server renders, and a page until it is hydrated. */
export const first: View = { state: { status: 'idle' } }

export function createPaymentStore(): PaymentStore {
  let view = first
  let owner: Client
  let follower: FollowedTransaction | undefined
  let followed: PaymentState | undefined
  let asked: string | undefined
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
    const { task } = view
    if (left || !task || !listeners.size) return
    left = new AbortController()
    const leaving = left
    task.subscribe({ next: tell, error: tell, complete: () => follow(leaving) }, leaving)
    watchOutcome(task, () => turnTo(task), leaving)
  }
  /** Follows a transaction that waits for the customer, whatever goes wrong with a lookup. */
  const follow = (leaving: AbortController): void => {
    const { state } = getSnapshot()
    if (state.status !== 'result' || hasCharged(state) !== undefined || !state.transaction?.uid) return
    follower ??= followTransaction(owner, { uid: state.transaction.uid }, { retry: () => true })
    follower.subscribe((transaction) => {
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
    follower = followed = undefined
    change({ task })
    observe()
  }
  const getSnapshot = (): View => {
    const state = followed ?? view.task?.getSnapshot() ?? first.state
    if (state !== view.state) view = { ...view, state }
    return view
  }
  const show = (client: Client, task: TransactionTask): TransactionTask => {
    if (task !== view.task) {
      owner = client
      turnTo(task)
    }
    return task
  }
  /** No payment is shown of which nobody can tell yet. */
  const isFree = (): boolean => !view.task || hasCharged(getSnapshot().state as TaskSnapshot) !== undefined

  return {
    getSnapshot,

    subscribe(listener) {
      listeners.add(listener)
      observe()
      return () => {
        listeners.delete(listener)
        // React leaves and comes back within one commit: that is not leaving.
        queueMicrotask(() => listeners.size || leave())
      }
    },

    submit(client, type, request, wanted) {
      if (!wanted || wanted === view.read || !isFree())
        return show(client, submitOnce(client, type, request, view.task && (getSnapshot() as KnownTask)))
      // The journal may know of a payment for the same order: stopped before anything is sent.
      const stopped = new AbortController()
      stopped.abort()
      return client.submit(type, request, { signal: stopped.signal })
    },

    resume(client, handle) {
      const task = client.resume(handle)
      rememberTask(client, task)
      return show(client, task)
    },

    async recover(client, type, order, wanted) {
      if (asked === wanted) return
      asked = wanted
      // Those of other orders as well, so that none is charged again. A journal that fails stops no payment.
      const tasks = await client.recover().catch(() => [])
      for (const task of tasks) rememberTask(client, task)
      if (asked !== wanted) return
      let found: TransactionTask | undefined
      // Now that all are known, of several tries at an order the one that counts.
      for (const each of tasks) {
        const task = rememberTask(client, each)
        const fits = order === true ? hasCharged(task.getSnapshot()) === undefined : order === task.trackingId
        if (fits && task.type === type) found = task
      }
      if (found && isFree()) show(client, found)
      change({ read: wanted })
    },

    lookup: async () => void (await (follower ? follower.poll() : view.task?.lookup())),

    reset() {
      if (view.task) forgetTask(owner, view.task)
      turnTo()
    },
  }
}
