/**
 * Reading a task: the outcome from the store if it is there, else from the gateway, by one reader at a time, kept before
 * it is told. Protocol section 1.
 */
import { type Asked, type Reading, readReply, taskPath } from '@async-transaction/core/protocol'
import { type Answer, unavailable, unknownTask } from '../answer.ts'
import type { Settings } from '../options.ts'
import { applyReading, completed } from './apply-reading.ts'
import type { Notify } from './notify.ts'
import type { RecordStore } from './record-store.ts'
import { keyOf, TASK_TTL_MS, type TaskRecord } from './records.ts'
import { Unstored } from './unstored.ts'
import { ask } from './upstream.ts'

type Operation = 'status' | 'result'

/** What one step by `proxy.check()` found. */
export interface TaskCheck {
  /** Whether the outcome is stored, and `onOutcome` knows: there is nothing more to do. */
  readonly settled: boolean
  /** How long to wait before the next check at least, in milliseconds. */
  readonly waitMs: number
}

export interface TaskReader {
  /** `tell` is given what may go on after the answer. */
  read(requestId: string, order: string, operation: Operation, tell: (work: Promise<unknown>) => void): Promise<Answer>
  check(requestId: string): Promise<TaskCheck>
}

/** How much longer than the gateway's time-out a reader may hold its fence: for the store, tried several times. */
const LEASE_MARGIN_MS = 35_000
const CHECK_MS = 1000

export function createTaskReader(settings: Settings, records: RecordStore, notify: Notify): TaskReader {
  const { pollTimeoutMs, clock, basePath, emit } = settings
  const lease = { leaseMs: pollTimeoutMs + LEASE_MARGIN_MS, waitMs: pollTimeoutMs }
  const options = settings.redact
  const unstored = new Unstored()

  return {
    async read(requestId, order, operation, tell) {
      const isOurs = (record: TaskRecord | undefined): record is TaskRecord => record?.order === order
      let settledAs: TaskRecord | undefined
      const answer = await records.withLease<TaskRecord, Answer>(
        keyOf('task', requestId),
        lease,
        (record, waited) => {
          const known = record ?? unstored.addTo(record, requestId)
          if (!isOurs(known)) return unknownTask(requestId, 'not-found')
          if (record?.outcome) unstored.forget(requestId)
          settledAs = known
          return record && (replay(record, operation) ?? (waited ? shared(record, operation) : undefined))
        },
        async (record, release) => {
          const known = unstored.addTo(record, requestId)
          if (!isOurs(known)) {
            await release()
            return unknownTask(requestId, 'not-found')
          }
          const { record: learned, answer } = await (known.outcome
            ? keep({ ...known, fence: known.fence + 1, reading: false }, unavailable(), operation, release)
            : askGateway(known, operation, release))
          settledAs = learned
          return answer
        },
      )
      if (settledAs?.outcome) tell(notifyOf(settledAs))
      return answer ?? unavailable()
    },

    async check(requestId) {
      const known = (await records.get<TaskRecord>(keyOf('task', requestId))) ?? unstored.addTo(undefined, requestId)
      if (!known) return { settled: true, waitMs: 0 }
      let told: Promise<unknown> = Promise.resolve(false)
      const { retryAfter = 0 } = await this.read(requestId, known.order, 'result', (work) => {
        told = work
      })
      return { settled: (await told) === true && !retryAfter, waitMs: Math.max(CHECK_MS, retryAfter * 1000) }
    },
  }

  /** What is known already; the gateway is not asked for it again. */
  function replay({ outcome, completed: done, requestId }: TaskRecord, operation: Operation): Answer | undefined {
    const isResult = outcome && (outcome.httpStatus < 300 || 'transaction' in outcome.body)
    if (operation === 'status' && (isResult || (done && !outcome))) return completed(requestId, urlOf(requestId))
    return outcome && { status: outcome.httpStatus, body: outcome.body }
  }

  /** What another reader learned while we waited for it. */
  function shared({ latest }: TaskRecord, operation: Operation): Answer | undefined {
    return latest?.operation === operation ? latest : undefined
  }

  async function askGateway(
    before: TaskRecord,
    operation: Operation,
    release: () => Promise<void>,
  ): Promise<{ record: TaskRecord; answer: Answer }> {
    const key = keyOf('task', before.requestId)
    const { requestId, intent, createdAt } = before
    const subject = { requestId, trackingId: intent.trackingId }
    // The last reader died between asking and storing what it heard.
    const record: TaskRecord = { ...before, reading: true, lost: before.lost === true || before.reading === true }
    await records.set(key, record, TASK_TTL_MS)
    unstored.forget(requestId)

    let reading: Reading | undefined
    const reply = await ask(settings, { operation, path: taskPath(operation, requestId) }, subject, (heard) => {
      reading = readReply(heard, operation, asked(clock.now()), clock.now())
      return reading.type
    })
    const learned = applyReading(record, reading ?? { type: 'lost' }, reply, urlOf(requestId), options)
    const { status, body, retryAfter } = learned.answer
    const next: TaskRecord = {
      ...learned.record,
      fence: before.fence + 1,
      reading: false,
      ...(!learned.record.outcome && { latest: { operation, status, body, ...(retryAfter && { retryAfter }) } }),
    }
    if (next.lost && !record.lost) emit({ type: 'warning', warning: 'answer-lost', ...subject })
    return keep(next, learned.answer, operation, release)

    function asked(askedAt: number): Asked {
      const { type, amount, currency, test } = intent
      return { type, amount, currency, test, requestId, createdAt, askedAt }
    }
  }

  /** Stores what was learned; an outcome is told after that, and not before. */
  async function keep(
    next: TaskRecord,
    answer: Answer,
    operation: Operation,
    release: () => Promise<void>,
  ): Promise<{ record: TaskRecord; answer: Answer }> {
    const { requestId, intent, outcome, lastWords } = next
    const subject = { requestId, trackingId: intent.trackingId }
    if (await records.setSurely(keyOf('task', requestId), next, TASK_TTL_MS)) {
      unstored.forget(requestId)
      if (outcome) emit({ type: 'settled', via: 'task', httpStatus: outcome.httpStatus, ...subject })
      return { record: next, answer: replay(next, operation) ?? answer }
    }
    if (outcome || lastWords) unstored.keep(next)
    emit({ type: 'warning', warning: outcome ? 'outcome-not-stored' : 'store-failed', ...subject })
    await release()
    return { record: next, answer: outcome ? unavailable() : (replay(next, operation) ?? answer) }
  }

  function notifyOf({ requestId, intent, outcome }: TaskRecord): Promise<boolean> {
    const { trackingId, attempt } = intent
    if (!outcome) return Promise.resolve(false)
    return notify({ via: 'task', requestId, trackingId, attempt, httpStatus: outcome.httpStatus, body: outcome.body })
  }

  function urlOf(requestId: string): string {
    return `${basePath}${taskPath('result', requestId)}`
  }
}
