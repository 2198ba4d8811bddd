/**
 * The tasks that are known beside a client, and so outlive the button, the component and the pipeline that submitted them.
 * One place for all adapters: the same request object is the same payment, whichever of them it goes through.
 */
import type { TransactionTask } from '../task/transaction-task.ts'
import type { Client } from './client.ts'

/** The tasks of one client and one type. */
export interface KnownTasks {
  /** By request object, and no longer than that is alive: a server may see millions of them. */
  readonly requests: WeakMap<object, TransactionTask>
  /** By the tracking id of the order, as long as the client: for pages, which have few orders. */
  readonly orders: Map<string | undefined, TransactionTask>
  /** Those whose order was freed: they speak no longer against another payment. */
  readonly forgotten: WeakSet<TransactionTask>
}

const known = new WeakMap<Client, Map<string, KnownTasks>>()

export function knownTasks(client: Client, type: string): KnownTasks {
  const byType = known.get(client) ?? new Map<string, KnownTasks>()
  const tasks = byType.get(type) ?? { requests: new WeakMap(), orders: new Map(), forgotten: new WeakSet() }
  known.set(client, byType.set(type, tasks))
  return tasks
}
