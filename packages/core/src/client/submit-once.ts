/** For pages: one order, one charge, however often it is submitted. An order is a type and a tracking id. */
import type { OpenRequest, Plural, RequestOf, TransactionType } from '../schema/request-types.ts'
import { hasCharged } from '../task/has-charged.ts'
import { isPending, type TaskSnapshot } from '../task/state.ts'
import type { TransactionTask } from '../task/transaction-task.ts'
import type { Client } from './client.ts'
import { knownTasks } from './known-tasks.ts'

/** A task, and what is known of it: more than the task shows, if it was followed after its end. */
export interface KnownTask {
  readonly task: TransactionTask
  readonly state: TaskSnapshot
}

/**
 * The task for a request: the one of the same type and tracking id, unless that left the money alone. One that ended in
 * an error which may have charged is asked for again under its own key, which the gateway answers as the first time.
 *
 * `current` is what the caller is at. Until it is known what came of that, any request gets it, and nothing is sent for
 * another order. A request without a `tracking_id` is for the order that it was submitted for before, or else for that of
 * `current`.
 *
 * @throws TransactionError `request-invalid` for a request that breaks a rule
 */
export function submitOnce<T extends TransactionType>(
  client: Client,
  type: T,
  request: RequestOf<T>,
  current?: KnownTask,
): TransactionTask {
  const { requests, orders, forgotten } = knownTasks(client, type)
  const own = requests.get(request)
  const { tracking_id: id = own?.trackingId } = (request ?? {}) as OpenRequest
  const mine = current?.task.type === type && (id === undefined || id === current.task.trackingId) ? current : undefined
  if (current && !mine && hasCharged(current.state) === undefined) return current.task
  const order = mine?.task.trackingId ?? id
  let known = mine
  // The last of those that speak most against another try. Of `mine` more may be known than its task shows.
  for (const task of [own && !forgotten.has(own) ? own : undefined, orders.get(order)]) {
    if (!task || task === mine?.task || task.trackingId !== order) continue
    const state = task.getSnapshot()
    if (weightOf(state) >= weightOf(known?.state)) known = { task, state }
  }
  const weight = weightOf(known?.state)
  if (known && weight > 1) return known.task
  const requestKey = known && weight ? known.task.requestKey : undefined
  const task = client.submit(type as Plural<T>, { ...request, tracking_id: order }, { requestKey })
  requests.set(request, task)
  return rememberTask(client, task)
}

/**
 * Makes a task that was resumed or recovered the one of its order, for `submitOnce`, unless there is one that speaks more
 * against another charge: a paid one, or else one under way, or else one of which nobody can tell. Returns the one of the
 * order.
 */
export function rememberTask(client: Client, task: TransactionTask): TransactionTask {
  const { orders } = knownTasks(client, task.type)
  const latest = orders.get(task.trackingId)
  if (latest && weightOf(latest.getSnapshot()) > weightOf(task.getSnapshot())) return latest
  orders.set(task.trackingId, task)
  return task
}

/**
 * Lets `submitOnce` charge for the order of a task again, if that has ended and is the one of its order: what somebody
 * knows of an earlier try says nothing about a later one.
 */
export function forgetTask(client: Client, task: TransactionTask): void {
  const { orders, forgotten } = knownTasks(client, task.type)
  if (orders.get(task.trackingId) !== task || weightOf(task.getSnapshot()) === UNDER_WAY) return
  orders.delete(task.trackingId)
  forgotten.add(task)
}

/** How much a try speaks against another one: not at all, in doubt after an error, in doubt, under way, paid. */
function weightOf(state: TaskSnapshot | undefined): number {
  if (!state) return 0
  if (isPending(state)) return UNDER_WAY
  const charged = hasCharged(state)
  return charged ? 4 : charged === false ? 0 : state.status === 'error' ? 1 : 2
}

const UNDER_WAY = 3
