/**
 * Reading a task: the outcome from the store if it is there, else from the gateway, by one reader at a time, stored before
 * it is passed on. Protocol section 1.
 */
import { RETENTION_MS, taskPath } from '@async-transaction/core/protocol'
import { type Answer, unavailable, unknownTask } from '../answer.ts'
import type { Settings } from '../options.ts'
import { completed } from './apply-reading.ts'
import { dueAfter } from './due.ts'
import type { Lease } from './lease.ts'
import { mergeTasks } from './merge-tasks.ts'
import type { Notify } from './notify.ts'
import { createPollGateway } from './poll-gateway.ts'
import { type RecordStore, StoreError } from './record-store.ts'
import { keyOf, TASK_TTL_MS, type TaskRecord } from './records.ts'
import { Unstored } from './unstored.ts'

export type TaskOperation = 'status' | 'result'

/** What one step by `proxy.check()` found. */
export interface TaskCheck {
  /** Whether the outcome is stored, and `onOutcome` knows: there is nothing more to do. */
  readonly settled: boolean
  /** How long to wait before the next check at least, in milliseconds. */
  readonly waitMs: number
}

export interface TaskReader {
  /** `background` is given the work that may go on after the answer. */
  read(
    requestId: string,
    order: string,
    operation: TaskOperation,
    background: (work: Promise<unknown>) => void,
  ): Promise<Answer>
  check(requestId: string): Promise<TaskCheck>
}

interface Turn {
  readonly operation: TaskOperation
  /** How long to wait for another reader. */
  readonly waitMs: number
  /** No page is there to look up what the gateway forgot. */
  readonly alone?: boolean
}

const CHECK_MS = 1000
/** Pauses before an outcome that the store did not take is offered again, after the answer. A Worker has 30 s. */
const STORE_AGAIN_MS = [1000, 2000, 4000, 8000]

export function createTaskReader(settings: Settings, records: RecordStore, notify: Notify): TaskReader {
  const { pollTimeoutMs, clock, basePath, emit } = settings
  const unstored = new Unstored()
  const pollGateway = createPollGateway(settings, urlOf)

  return {
    read: (requestId, order, operation, background) =>
      readTask(requestId, order, { operation, waitMs: pollTimeoutMs }, background),

    async check(requestId) {
      const key = keyOf('task', requestId)
      const known = unstored.addTo(await records.get<TaskRecord>(key), requestId)
      if (!known) {
        // Of a store that keeps an index, it may be left there.
        await records.set(key, { fence: 0, writer: '' }, 1)
        return { settled: true, waitMs: 0 }
      }
      let told: Promise<unknown> = Promise.resolve(false)
      const turn: Turn = { operation: 'result', waitMs: 0, alone: true }
      const { retryAfter = 0 } = await readTask(requestId, known.order, turn, (work) => {
        told = work
      }).catch((error: unknown) => {
        if (error instanceof StoreError) return unavailable()
        throw error
      })
      const expired = clock.now() - known.createdAt >= RETENTION_MS
      return {
        settled: ((await told) === true || expired) && !retryAfter,
        waitMs: Math.max(CHECK_MS, retryAfter * 1000),
      }
    },
  }

  async function readTask(
    requestId: string,
    order: string,
    turn: Turn,
    background: (work: Promise<unknown>) => void,
  ): Promise<Answer> {
    let latest: TaskRecord | undefined
    const answer = await records.withLease<TaskRecord, Answer>(keyOf('task', requestId), {
      ttlMs: TASK_TTL_MS,
      waitMs: turn.waitMs,
      merge: mergeTasks,
      seen(record, waited) {
        const known = unstored.addTo(record, requestId)
        if (known?.order !== order) return unknownTask(requestId, 'not-found')
        latest = known
        return record && (replay(record, turn.operation) ?? (waited ? shared(record, turn.operation) : undefined))
      },
      begin(record, owner) {
        const known = unstored.addTo(record, requestId) as TaskRecord
        if (known.outcome) return known
        // The last reader died between sending its read and storing the answer.
        return { ...known, reading: owner, ...((known.lost || known.reading) && { lost: true }) }
      },
      async work(begun, lease) {
        const read = await readOnce(begun, lease, turn)
        latest = read.record
        if (!read.stored) background(storeAgain(read.record))
        return read.answer
      },
    })
    if (latest?.outcome) background(notify.ofTask(latest))
    return answer ?? unavailable()
  }

  async function readOnce(
    begun: TaskRecord,
    lease: Lease<TaskRecord>,
    { operation, alone = false }: Turn,
  ): Promise<{ readonly record: TaskRecord; readonly answer: Answer; readonly stored: boolean }> {
    unstored.forget(begun.requestId)
    const { record, answer } = begun.outcome
      ? { record: begun, answer: unavailable() }
      : await pollGateway(begun, operation, alone, (step) => lease.keep(step))
    const { reading: _, latest: __, dueAt: ___, ...known } = record
    const { status, body, retryAfter } = answer
    const dueAt = dueAfter(settings, record, retryAfter)
    const next = {
      ...known,
      ...(!record.outcome && { latest: { operation, status, body, ...(retryAfter && { retryAfter }) } }),
      ...(dueAt !== undefined && { dueAt }),
    } as TaskRecord
    const { requestId, intent, outcome, lastWords } = next
    const subject = { requestId, trackingId: intent.trackingId }
    if (next.lost && !begun.lost) emit({ type: 'warning', warning: 'answer-lost', ...subject })

    const stored = await lease.finish(next)
    if (stored) {
      if (stored.outcome) emit({ type: 'settled', via: 'task', httpStatus: stored.outcome.httpStatus, ...subject })
      return { record: stored, answer: replay(stored, operation) ?? answer, stored: true }
    }
    if (outcome || lastWords) unstored.keep(next)
    emit({ type: 'warning', warning: outcome ? 'outcome-not-stored' : 'store-failed', ...subject })
    // Not before it is stored: another process would not know it.
    return { record: next, answer: outcome ? unavailable() : answer, stored: !(outcome || lastWords) }
  }

  /** Offers the store again what it did not take, merged with what it has by then. */
  async function storeAgain(heard: TaskRecord): Promise<void> {
    for (const pauseMs of STORE_AGAIN_MS) {
      await records.sleep(pauseMs)
      const key = keyOf('task', heard.requestId)
      const stored = await records.updateSurely<TaskRecord>(key, TASK_TTL_MS, (known) => mergeTasks(known, heard), 1)
      if (!stored) continue
      unstored.forget(heard.requestId)
      if (stored.outcome) await notify.ofTask(stored)
      return
    }
  }

  /** What is known already; the gateway is not polled for it again. */
  function replay({ outcome, completed: done, requestId }: TaskRecord, operation: TaskOperation): Answer | undefined {
    const isResult = outcome && (outcome.httpStatus < 300 || 'transaction' in outcome.body)
    if (operation === 'status' && (isResult || (done && !outcome))) return completed(requestId, urlOf(requestId))
    return outcome && { status: outcome.httpStatus, body: outcome.body }
  }

  /** What another reader learned while we waited for it. */
  function shared({ latest, reading }: TaskRecord, operation: TaskOperation): Answer | undefined {
    return !reading && latest?.operation === operation ? latest : undefined
  }

  function urlOf(requestId: string): string {
    return `${basePath}${taskPath('result', requestId)}`
  }
}
