/** The way in: a client for one gateway, with one shop's credentials. Nothing is shared between clients. */
import { TransactionError } from '../errors/transaction-error.ts'
import { isJournalKey, type Journal } from '../journal/journal.ts'
import type { AbortSignalLike } from '../observable/on-abort.ts'
import { requestComplaint } from '../schema/request.ts'
import type { OpenRequest } from '../schema/request-types.ts'
import { parseRecord } from '../schema/task-record.ts'
import { emit } from '../task/emit.ts'
import { Loop } from '../task/loop.ts'
import { RETENTION_MS } from '../task/read-reply.ts'
import { CREDIT, handleOf, type Intent, type TaskHandle, type TaskRecord } from '../task/record.ts'
import { isAnswer, load, withJournal } from '../task/remember.ts'
import { SUBMITTING, snapshotOf } from '../task/snapshot.ts'
import { TransactionTask } from '../task/transaction-task.ts'
import type { Client } from './client.ts'
import { find } from './find.ts'
import { type ClientOptions, configError, settingsOf, withDefaults } from './options.ts'
import { Registry } from './registry.ts'
import { settingsByClient } from './settings-by-client.ts'

/**
 * Creates a client.
 *
 * @throws TransactionError `config` for an option that is missing, unknown or wrong, naming it
 *
 * @example
 * ```ts
 * const client = createClient({
 *   baseUrl: 'https://gw.horizonpay.kz',
 *   auth: basicAuth({ shopId: env.SHOP_ID, secretKey: env.SECRET_KEY }),
 * })
 * ```
 */
export function createClient(options: ClientOptions): Client {
  const settings = settingsOf(options)
  const { clock, baseUrl } = settings
  const loops = new Registry<Loop>()

  const start = (record: TaskRecord, recall: boolean, body?: string): Loop => {
    const earlier = loops.get(record.requestKey)
    const loop = new Loop(settings, record, recall, body, earlier)
    if (earlier) earlier.replaced = true
    loops.set(record.requestKey, loop)
    return loop
  }

  /** The loop of a payment, unless it ended without an answer of the gateway, or was stopped before it was taken. */
  const loopOf = (requestKey: string): Loop | undefined => {
    const loop = loops.get(requestKey)
    const { ending, requestId } = loop?.known ?? {}
    return (ending ? isAnswer(ending) : requestId || loop?.task) ? loop : undefined
  }

  /** The loop of a handle: one that is under way, also if it was not acknowledged yet, or a new one. */
  const loopFor = (record: TaskRecord): Loop => {
    const loop = loopOf(record.requestKey)
    if (loop && (loop.known.requestId ?? record.requestId) === record.requestId) return loop
    return start(newestOf(record), true)
  }

  /** What was heard until our asking came to an end: a handle, or a journal that failed, may be older than that. */
  const newestOf = (record: TaskRecord): TaskRecord => {
    const earlier = loops.get(record.requestKey)?.known
    const same = earlier?.requestId && earlier.requestId === (record.requestId ?? earlier.requestId)
    return same && !record.ending && earlier.polls >= record.polls ? again(earlier) : record
  }

  const taskOf = (loop: Loop, signal?: AbortSignalLike): TransactionTask =>
    (loop.task as TransactionTask | undefined) ?? TransactionTask.observing(loop, signal)

  const recordOf = (handle: TaskHandle): TaskRecord => {
    const record = parseRecord(handle)
    const wrong = typeof record === 'string' ? record : !handle.requestId && 'requestId is missing'
    if (wrong) throw new TransactionError({ code: 'request-invalid', message: `The handle cannot be used: ${wrong}` })
    return again(record as TaskRecord)
  }

  const client: Client = {
    submit(type, request, options = {}) {
      withDefaults(options, { requestKey: '', paymentMethod: '', signal: null })
      const { requestKey = crypto.randomUUID(), paymentMethod, signal } = options
      if (!/^[\x21-\x7e]{1,255}$/.test(requestKey))
        throw configError('requestKey must be 1 to 255 visible ASCII characters')
      const { tracking_id: trackingId = requestKey } = request ?? {}
      const complete: OpenRequest & { amount?: number; currency?: string } = { ...request, tracking_id: trackingId }
      const body = serialise(type, complete)
      const known = options.requestKey !== undefined && loopOf(requestKey)
      if (known) {
        known.submitAgain(body)
        return taskOf(known)
      }
      const { amount, currency } = complete
      // Under the same key it is the same payment: what was heard of it stays heard, and if it may have been taken it keeps its age.
      const { known: earlier, sent } = loops.get(requestKey) ?? {}
      if (earlier?.requestId) return taskOf(start(again(earlier), true), signal)
      const maybeTaken = earlier?.maybeTaken || (sent && !earlier?.ending)
      const createdAt = (maybeTaken && earlier?.createdAt) || clock.now()
      const intent: Intent = {
        v: 1,
        requestKey,
        trackingId,
        type,
        amount,
        currency,
        createdAt,
        ...(paymentMethod && { paymentMethod }),
      }
      const record = { ...intent, polls: 0, lost: 0, tries: 0, credit: CREDIT, ...(maybeTaken && { maybeTaken }) }
      const loop = start(record, options.requestKey !== undefined, body)
      const task = taskOf(loop, signal)
      loop.observe(false)
      return task
    },

    resume(handle) {
      const loop = loopFor(recordOf(handle))
      const task = taskOf(loop)
      const { statusUrl, responseUrl } = task.handle ?? handle
      if (handle.statusUrl !== statusUrl || handle.responseUrl !== responseUrl) loop.warn('untrusted-url')
      return task
    },

    async check(handle) {
      const loop = loopFor(recordOf(handle))
      await loop.poll()
      const { known: now, nextAt } = loop
      const { gone: cause, ending, requestId = handle.requestId } = now
      return {
        // The lookup is the next step; until then nobody can tell.
        state:
          cause && !ending ? { status: 'unknown', requestId, cause, candidates: [] } : snapshotOf(loop, SUBMITTING),
        handle: handleOf(now, baseUrl) ?? handle,
        ...(!ending && { nextCheckMs: Math.max(0, nextAt - clock.now()) }),
      }
    },

    find: (by) => find(settings, by),

    async recover() {
      const use = <T>(operation: (journal: Journal) => T | PromiseLike<T>): Promise<T | undefined> =>
        withJournal(settings, () => emit(settings, { type: 'warning', warning: 'journal-failed' }), operation)
      const recovered: TransactionTask[] = []
      for (const key of (await use((journal) => journal.getKeys())) ?? []) {
        const record = isJournalKey(key) && (await use((journal) => load(journal, key)))
        if (!record) continue
        if (record.ending && clock.now() - (record.savedAt ?? 0) >= RETENTION_MS)
          await use((journal) => journal.removeItem(key))
        else recovered.push(taskOf(loopOf(record.requestKey) ?? start(newestOf(record), false)))
      }
      return recovered
    },
  }
  settingsByClient.set(client, settings)
  return client
}

/** What is known of a task, without the end that our asking came to. */
function again({ ending, savedAt, ...record }: TaskRecord): TaskRecord {
  return { ...record, tries: 0, credit: CREDIT }
}

/** Once, at the call: what is sent again is the same to the byte, whatever becomes of the object. */
function serialise(type: string, request: object): string {
  let wrong = requestComplaint(type, request)
  try {
    if (!wrong) return JSON.stringify({ request })
  } catch {
    wrong = 'The request cannot be written as JSON'
  }
  throw new TransactionError({ code: 'request-invalid', effect: 'none', message: wrong })
}
