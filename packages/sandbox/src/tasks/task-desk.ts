/**
 * The desk where tasks are taken, read and, at their time, processed (protocol sections 1 and 2). Everything here is
 * synchronous: of two concurrent requests under one `RequestID` one is first, and the other finds its task.
 */
import type { Agenda } from '../agenda.ts'
import type { Clock } from '../clock.ts'
import { plainError, type RefusalStatus } from '../gateway-error.ts'
import type { Processor } from '../processing/processor.ts'
import type { Random } from '../random.ts'
import { json, type Reply } from '../reply.ts'
import type { Order } from '../request/order.ts'
import type { TransactionType } from '../request/transaction-types.ts'
import type { Shop } from '../shop.ts'
import type { Switches } from '../switches.ts'
import { createDuplicateWindow, duplicateRefusal } from './duplicate-window.ts'
import { createRequestIds, type FirstAnswer } from './request-ids.ts'
import { type Task, viewTask } from './task.ts'

/** A POST, checked for its form. */
export interface Submission {
  readonly endpoint: string
  readonly type: TransactionType
  readonly shop: Shop
  readonly requestIdHeader: string | undefined
  readonly trackingId: string | undefined
  /** What there is to process, or why there is nothing. Called for the first request under an id only. */
  readonly read: () => Order | Reply
  /** What `duplicate_check` compares besides the amount; `undefined` to leave the check out. */
  readonly duplicateKey: (order: Order) => string | undefined
  /** Whether a refusal is the answer to the POST, or that of a task that then fails. */
  readonly refuseAtOnce: boolean
  /** Whether the id is for the async URLs; otherwise the caller waits for the answer itself. */
  readonly listed: boolean
}

export interface TaskDesk {
  take(submission: Submission): FirstAnswer & { readonly repeated: boolean }
  /** Reads a task by one of its URLs; a once-only answer is gone afterwards. */
  read(id: string, shopId: string, which: 'status' | 'result', baseUrl: string): Reply
  find(id: string): Task | undefined
  /** Loses a task: from now on it is unknown. Unless it is `charged` all the same, it is never processed. */
  forget(task: Task, charged: boolean): void
  /** Resolves with the answer of a task once it has been processed. */
  answerOf(task: Task): Promise<Reply>
  all(): Task[]
}

export function createTaskDesk(options: {
  readonly clock: Clock
  readonly agenda: Agenda
  readonly ids: Random
  readonly latency: () => number
  readonly processor: Processor
  readonly switches: Switches
}): TaskDesk {
  const { clock, agenda, ids, latency, processor, switches } = options
  const { processingStatus, statusUrlProcessing, unknownStatus, refusalStatus, foreignTasks } = switches
  const tasks = new Map<string, Task>()
  const waiting = new Map<Task, ((reply: Reply) => void)[]>()
  const requestIds = createRequestIds()
  const duplicates = createDuplicateWindow()

  const decide = (submission: Submission, now: number): FirstAnswer => {
    const { shop, duplicateKey, refuseAtOnce } = submission
    let work = submission.read()
    const key = isOrder(work) ? duplicateKey(work) : undefined
    if (isOrder(work) && key !== undefined) {
      if (duplicates.has(shop.shopId, work.amount, key, now)) work = duplicateRefusal(refusalStatus)
      else duplicates.remember(shop.shopId, work.amount, key, now)
    }
    if (!isOrder(work) && refuseAtOnce) return { refused: work }
    return { task: open(submission, work, now) }
  }

  const open = (submission: Submission, work: Order | Reply, now: number): Task => {
    const { type, shop, trackingId, requestIdHeader } = submission
    const task: Task = {
      id: ids.uuid(),
      type,
      shop,
      trackingId,
      requestIdHeader,
      createdAt: now,
      dueAt: now + latency(),
      work,
      openUid: isOrder(work) ? processor.begin(work) : undefined,
      mishap: undefined,
      answer: undefined,
      ended: false,
      transactionUid: undefined,
      consumed: false,
      forgotten: false,
      heldUntil: undefined,
    }
    if (submission.listed) tasks.set(task.id, task)
    agenda.at(task.dueAt, () => finish(task))
    return task
  }

  const finish = (task: Task): void => {
    const { work, openUid, mishap } = task
    task.work = undefined
    task.ended = true
    if (work && !isOrder(work)) task.answer = work
    else if (work && openUid !== undefined && (!mishap || mishap.charged)) {
      const { reply, uid } = processor.process(work, openUid)
      task.answer = reply
      task.transactionUid = uid
    } else if (openUid !== undefined) processor.abandon(openUid)
    if (mishap) task.answer = mishap.reply
    const answer = task.answer
    if (answer) for (const resolve of waiting.get(task) ?? []) resolve(answer)
    waiting.delete(task)
  }

  return {
    take(submission) {
      const { shop, requestIdHeader, endpoint } = submission
      const now = clock.now()
      const known = requestIdHeader === undefined ? undefined : requestIds.find(shop.shopId, requestIdHeader, now)
      if (known && known.endpoint !== endpoint) return { refused: reusedRequestId(refusalStatus), repeated: false }
      if (known) return { ...known.first, repeated: true }
      const first = decide(submission, now)
      if (requestIdHeader !== undefined) requestIds.remember(shop.shopId, requestIdHeader, endpoint, first, now)
      return { ...first, repeated: false }
    },
    read(id, shopId, which, baseUrl) {
      const task = tasks.get(id)
      const foreign = task !== undefined && task.shop.shopId !== shopId
      if (foreign && foreignTasks === 'forbidden') return plainError(403, 'The task is of another shop')
      const view = task && !foreign ? viewTask(task, which, clock.now()) : undefined
      if (!task || !view || view.kind === 'unknown') return json(unknownStatus, { status: 'unknown', request_id: id })
      if (view.kind === 'answer') {
        task.consumed = view.once
        return view.reply
      }
      if (view.kind === 'processing') {
        return json(which === 'result' ? processingStatus : statusUrlProcessing, {
          status: 'processing',
          request_id: id,
        })
      }
      return json(200, { status: 'completed', request_id: id, response_url: `${baseUrl}/async/result/${id}` })
    },
    find: (id) => tasks.get(id),
    forget(task, charged) {
      task.forgotten = true
      if (charged || task.ended) return
      task.work = undefined
      if (task.openUid !== undefined) processor.abandon(task.openUid)
    },
    answerOf(task) {
      agenda.runDue()
      if (task.answer) return Promise.resolve(task.answer)
      return new Promise((resolve) => {
        waiting.set(task, [...(waiting.get(task) ?? []), resolve])
      })
    },
    all: () => [...tasks.values()],
  }
}

/** The acknowledgement (protocol section 1); a repeat under the same `RequestID` may find the task completed. */
export function acknowledgement(task: Task, baseUrl: string): Reply {
  return json(200, {
    status: task.answer ? 'completed' : 'processing',
    request_id: task.id,
    status_url: `${baseUrl}/async/status/${task.id}`,
    response_url: `${baseUrl}/async/result/${task.id}`,
  })
}

/** The response to a repeat under the `RequestID` of a request that is still being processed. */
export function stillProcessing(status: number): Reply {
  return plainError(status, 'A request with this RequestID is still being processed')
}

function reusedRequestId(status: RefusalStatus): Reply {
  const reason = 'was used for another endpoint'
  return plainError(status, `RequestID ${reason}`, { request_id: [reason] })
}

function isOrder(work: Order | Reply): work is Order {
  return 'takenAt' in work
}
