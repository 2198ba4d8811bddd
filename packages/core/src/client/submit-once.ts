/**
 * For pages: one order, one charge, however often somebody asks for it. What was submitted is remembered beside the
 * client, by type and tracking id, and so outlives the button and the component that asked.
 */
import type { OpenRequest, RequestOf, TransactionType } from '../schema/request-types.ts'
import { hasCharged } from '../task/has-charged.ts'
import type { TaskSnapshot } from '../task/state.ts'
import type { TransactionTask } from '../task/transaction-task.ts'
import type { Client } from './client.ts'

/** A task, and what is known of it: more than the task shows, if it was followed after its end. */
export interface KnownTask {
  readonly task: TransactionTask
  readonly state: TaskSnapshot
}

const remembered = new WeakMap<Client, Map<string, TransactionTask>>()

const keyOf = (type: string, trackingId: string | undefined): string => `${type} ${trackingId}`

/**
 * The task for a request: the one of the same type and tracking id, unless that left the money alone. One that ended in
 * an error which may have charged is asked for again under its own key, which the gateway answers as the first time.
 *
 * `current` is what the caller is at: any request is for that, until it is known what came of it; once it is paid, any
 * request that names no other tracking id.
 *
 * @throws TransactionError `request-invalid` for a request that breaks a rule
 */
export function submitOnce<T extends TransactionType>(
  client: Client,
  type: T,
  request: RequestOf<T>,
  current?: KnownTask,
): TransactionTask {
  const id = (request as OpenRequest | undefined)?.tracking_id
  const other = current && hasCharged(current.state) && id !== undefined && id !== current.task.trackingId
  const task = current && !other ? current.task : remembered.get(client)?.get(keyOf(type, id))
  const state = task === current?.task ? current?.state : task?.getSnapshot()
  if (!task || !state || hasCharged(state) === false) return rememberTask(client, client.submit(type, request))
  if (state.status !== 'error') return task
  return rememberTask(client, client.submit(type, request, { requestKey: task.requestKey }))
}

/** Makes a task that was resumed or recovered the one of its order, for `submitOnce`. */
export function rememberTask(client: Client, task: TransactionTask): TransactionTask {
  const tasks = remembered.get(client) ?? new Map<string, TransactionTask>()
  remembered.set(client, tasks.set(keyOf(task.type, task.trackingId), task))
  return task
}

/** Lets `submitOnce` charge for the order of a task again, if that has ended. */
export function forgetTask(client: Client, task: TransactionTask): void {
  if (!isUnderWay(task.getSnapshot())) remembered.get(client)?.delete(keyOf(task.type, task.trackingId))
}

const isUnderWay = ({ status }: TaskSnapshot): boolean => /^(submitting|processing|completed)$/.test(status)
