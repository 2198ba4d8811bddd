/**
 * The tasks that are known beside a client, and so outlive the button, the component and the pipeline that submitted them.
 * One place for all adapters: the same request object is the same payment, whichever of them it goes through.
 */
import type { TransactionTask } from '../task/transaction-task.ts'
import type { Client } from './client.ts'

/** The tasks of one client and one type, each by its request object, or by the tracking id of its order. */
export class KnownTasks {
  /** Keeps a task no longer than its request object: a server may see millions of them. */
  readonly #byRequest = new WeakMap<object, TransactionTask>()
  /** For pages, which have few orders. */
  readonly #byOrder = new Map<string, TransactionTask>()
  readonly #forgotten = new WeakSet<TransactionTask>()

  ofRequest(request: unknown): TransactionTask | undefined {
    return this.#byRequest.get(request as object)
  }

  ofOrder(trackingId: string | undefined): TransactionTask | undefined {
    return this.#byOrder.get(trackingId ?? '')
  }

  /** Makes `task` the one of a request object. */
  setOfRequest(request: object, task: TransactionTask): void {
    this.#byRequest.set(request, task)
  }

  /** Makes `task` the one of its order. */
  setOfOrder(task: TransactionTask): void {
    this.#byOrder.set(task.trackingId, task)
  }

  /** Frees the order of a task, if this is the one of its order. */
  forget(task: TransactionTask): void {
    if (this.#byOrder.get(task.trackingId) === task && this.#byOrder.delete(task.trackingId)) this.#forgotten.add(task)
  }

  /** Whether its order was freed: it speaks no longer against another payment. */
  isForgotten(task: TransactionTask): boolean {
    return this.#forgotten.has(task)
  }
}

const known = new WeakMap<Client, Map<string, KnownTasks>>()

export function knownTasks(client: Client, type: string): KnownTasks {
  const byType = known.get(client) ?? new Map<string, KnownTasks>()
  const tasks = byType.get(type) ?? new KnownTasks()
  known.set(client, byType.set(type, tasks))
  return tasks
}
