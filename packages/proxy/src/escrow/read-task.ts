/**
 * Reading a task: the outcome from the escrow if it is there, else from the gateway, by one reader at a time, kept before
 * it is told. Protocol section 1.
 */
import { type Asked, type Reading, readReply, taskPath } from '@async-transaction/core/protocol'
import { type Answer, unavailable, unknownTask } from '../http/answer.ts'
import type { Settings } from '../options.ts'
import { completed, learn } from './learn.ts'
import type { Notify } from './notify.ts'
import { keyOf, TASK_TTL_MS, type TaskRecord } from './records.ts'
import { Unstored } from './unstored.ts'
import { ask } from './upstream.ts'
import type { Vault } from './vault.ts'

type Operation = 'status' | 'result'

/** What one step by `proxy.check()` found. */
export interface TaskCheck {
  /** Whether the outcome is in the escrow, and `onOutcome` knows: there is nothing more to do. */
  readonly settled: boolean
  /** How long to wait before the next check at least, in milliseconds. */
  readonly waitMs: number
}

export interface TaskReader {
  /** `tell` is given what may go on after the answer. */
  read(
    requestId: string,
    intentKey: string,
    operation: Operation,
    tell: (work: Promise<unknown>) => void,
  ): Promise<Answer>
  check(requestId: string): Promise<TaskCheck>
}

/** How much longer than the gateway's time-out a reader may hold its turn: for the store, tried several times. */
const CLAIM_MARGIN_MS = 35_000
const CHECK_MS = 1000

export function createTaskReader(settings: Settings, vault: Vault, notify: Notify): TaskReader {
  const { pollTimeoutMs, clock, basePath, emit } = settings
  const turn = { claimMs: pollTimeoutMs + CLAIM_MARGIN_MS, waitMs: pollTimeoutMs }
  const options = { exposeCardToken: settings.exposeCardToken, host: settings.gateway.host }
  const unstored = new Unstored()

  return {
    async read(requestId, intentKey, operation, tell) {
      const isOurs = (record: TaskRecord | undefined): record is TaskRecord => record?.intentKey === intentKey
      let settledAs: TaskRecord | undefined
      const answer = await vault.exclusively<TaskRecord, Answer>(
        keyOf('task', requestId),
        turn,
        (record, waited) => {
          const known = record ?? unstored.addTo(record, requestId)
          if (!isOurs(known)) return unknownTask(requestId, 'not-found')
          if (record?.outcome) unstored.forget(requestId)
          settledAs = known
          return record && (replay(record, operation) ?? (waited ? shared(record, operation) : undefined))
        },
        async (record, giveBack) => {
          const known = unstored.addTo(record, requestId)
          if (!isOurs(known)) {
            await giveBack()
            return unknownTask(requestId, 'not-found')
          }
          const { record: learned, answer } = await (known.outcome
            ? keep({ ...known, turn: known.turn + 1, reading: false }, unavailable(), operation, giveBack)
            : askGateway(known, operation, giveBack))
          settledAs = learned
          return answer
        },
      )
      if (settledAs?.outcome) tell(tellOf(settledAs))
      return answer ?? unavailable()
    },

    async check(requestId) {
      const known = (await vault.get<TaskRecord>(keyOf('task', requestId))) ?? unstored.addTo(undefined, requestId)
      if (!known) return { settled: true, waitMs: 0 }
      let told: Promise<unknown> = Promise.resolve(false)
      const { retryAfter = 0 } = await this.read(requestId, known.intentKey, 'result', (work) => {
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
    giveBack: () => Promise<void>,
  ): Promise<{ record: TaskRecord; answer: Answer }> {
    const key = keyOf('task', before.requestId)
    const { requestId, intent, createdAt } = before
    const subject = { requestId, trackingId: intent.trackingId }
    // The last reader died between asking and storing what it heard.
    const record: TaskRecord = { ...before, reading: true, lost: before.lost === true || before.reading === true }
    await vault.set(key, record, TASK_TTL_MS)
    unstored.forget(requestId)

    let reading: Reading | undefined
    const reply = await ask(settings, { operation, path: taskPath(operation, requestId) }, subject, (heard) => {
      reading = readReply(heard, operation, asked(clock.now()), clock.now())
      return reading.type
    })
    const learned = learn(record, reading ?? { type: 'lost' }, reply, urlOf(requestId), options)
    const { status, body, retryAfter } = learned.answer
    const next: TaskRecord = {
      ...learned.record,
      turn: before.turn + 1,
      reading: false,
      ...(!learned.record.outcome && { latest: { operation, status, body, ...(retryAfter && { retryAfter }) } }),
    }
    if (next.lost && !record.lost) emit({ type: 'warning', warning: 'answer-lost', ...subject })
    return keep(next, learned.answer, operation, giveBack)

    function asked(askedAt: number): Asked {
      const { type, amount, currency } = intent
      return { type, amount, currency, requestId, createdAt, askedAt }
    }
  }

  /** Stores what was learned; an outcome is told after that, and not before. */
  async function keep(
    next: TaskRecord,
    answer: Answer,
    operation: Operation,
    giveBack: () => Promise<void>,
  ): Promise<{ record: TaskRecord; answer: Answer }> {
    const { requestId, intent, outcome, lastWords } = next
    const subject = { requestId, trackingId: intent.trackingId }
    if (await vault.setSurely(keyOf('task', requestId), next, TASK_TTL_MS)) {
      unstored.forget(requestId)
      if (outcome) emit({ type: 'settled', via: 'task', httpStatus: outcome.httpStatus, ...subject })
      return { record: next, answer: replay(next, operation) ?? answer }
    }
    if (outcome || lastWords) unstored.keep(next)
    emit({ type: 'warning', warning: outcome ? 'outcome-not-stored' : 'store-failed', ...subject })
    await giveBack()
    return { record: next, answer: outcome ? unavailable() : (replay(next, operation) ?? answer) }
  }

  function tellOf({ requestId, intent, outcome }: TaskRecord): Promise<boolean> {
    const { trackingId, attempt } = intent
    if (!outcome) return Promise.resolve(false)
    return notify({ via: 'task', requestId, trackingId, attempt, httpStatus: outcome.httpStatus, body: outcome.body })
  }

  function urlOf(requestId: string): string {
    return `${basePath}${taskPath('result', requestId)}`
  }
}
