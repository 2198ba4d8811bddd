/**
 * Submitting a charge: one intent, one `RequestID`. Whoever repeats it gets the answer of the first; whoever comes while
 * it is on its way waits for that. Protocol sections 1 and 2.
 */
import {
  RETENTION_MS,
  type Reading,
  type Reply,
  readReply,
  SLACK_MS,
  submitPath,
  taskPath,
} from '@async-transaction/core/protocol'
import { type Answer, attemptUsed, orderTaken, tooMany, unavailable } from '../answer.ts'
import type { Settings } from '../options.ts'
import type { Grant } from '../token/grant.ts'
import { type IntentIds, intentIds, intentOf, orderKey } from '../token/intent-id.ts'
import { throttled } from './apply-reading.ts'
import { taskStatus } from './attempt-status.ts'
import type { CardLimit } from './card-limit.ts'
import { dueAfter } from './due.ts'
import type { Fingerprints } from './fingerprints.ts'
import type { Lease } from './lease.ts'
import { mergeIntents } from './merge-intents.ts'
import type { Orders } from './orders.ts'
import type { RecordStore } from './record-store.ts'
import { INTENT_TTL_MS, type IntentRecord, type KeptAnswer, keyOf, TASK_TTL_MS, type TaskRecord } from './records.ts'
import { redactError } from './redact.ts'
import { sendUpstream } from './upstream.ts'

export interface Charge {
  readonly grant: Grant
  /** The request to send, without the address of the customer. */
  readonly request: Readonly<Record<string, unknown>>
  readonly address: string | undefined
  readonly fingerprints: Fingerprints
  /** Counts a POST of the address; the seconds to wait if there were too many. */
  readonly countSubmit: () => number | undefined
  /** Is given the work that may go on after the answer. */
  readonly background: (work: Promise<unknown>) => void
}

/** How much earlier than the gateway a `RequestID` counts as forgotten, beside the time that a POST may take. */
const DAY_MARGIN_MS = 35_000
/** How much longer than its time-out a POST counts as under way: the store may be slow before it. */
const POSTING_MARGIN_MS = 35_000
/** How much longer one waits for another's submission: less than a client waits for its own. */
const WAIT_MARGIN_MS = 5000
const LATER_S = 5
/** So that a page can say that it shows a payment made before. */
const REPLAYED = { 'Idempotency-Replayed': 'true' }

export function createSubmit(
  settings: Settings,
  records: RecordStore,
  orders: Orders,
  cardLimit: CardLimit,
): (charge: Charge) => Promise<Answer> {
  const { submitTimeoutMs, clock, basePath, gateway } = settings
  const options = settings.redact
  const waitMs = submitTimeoutMs + WAIT_MARGIN_MS

  return async (charge) => {
    const { grant, fingerprints } = charge
    if (grant.readOnly) return orderTaken()
    const ids = await intentIds(intentOf(grant), gateway)
    const key = keyOf('intent', ids.key)
    let before: IntentRecord | undefined
    const answer = await records.withLease<IntentRecord, Answer>(key, {
      ttlMs: INTENT_TTL_MS,
      waitMs,
      merge: mergeIntents,
      seen: async (record) => record && ((await isSpent(record, charge)) ? attemptUsed() : answered(record, charge)),
      // Before the POST: if nothing more is heard of it, it may have been taken. Before the order is looked at, too: of two
      // attempts at once each sees the other, or the order as the other has left it.
      begin(record) {
        before = record
        const [digest] = fingerprints.request
        const [instrument] = fingerprints.instrument
        const now = clock.now()
        return {
          fence: 0,
          writer: '',
          digest,
          instrument,
          sentAt: now,
          ...(record?.sentAt !== undefined && record),
          postingUntil: now + submitTimeoutMs + POSTING_MARGIN_MS,
        }
      },
      async work(begun, lease) {
        const { sentAt: _, postingUntil: __, ...untaken } = begun
        const held =
          (before && doubtful(before, charge)) ??
          (await crowded(before, charge)) ??
          (await orders.admit(grant, { intentKey: ids.key, repeats: before?.sentAt !== undefined }))
        if (!held) return post(charge, ids, before, begun, lease)
        await lease.finish(before ?? untaken)
        return held
      },
    })
    return answer ?? unavailable()
  }

  /** Whether this attempt certainly took no money, and the request is not a repeat of its own: it is one of a new attempt. */
  async function isSpent({ answer, sentAt, digest }: IntentRecord, { fingerprints }: Charge): Promise<boolean> {
    if (!answer || fingerprints.request.includes(digest)) return false
    if (answer.httpStatus > 299) return sentAt === undefined
    const { request_id: requestId = '' } = answer.body as { readonly request_id?: string }
    const task = await records.get<TaskRecord>(keyOf('task', requestId))
    return !!task && taskStatus(task, clock.now()) === 'none'
  }

  /**
   * A repeat gets the answer of the first. So does another card, while the first may be charged: a page is told that it is
   * a replay.
   */
  function answered({ answer, sentAt, digest }: IntentRecord, { fingerprints }: Charge): Answer | undefined {
    if (!answer) return undefined
    const { httpStatus, body } = answer
    if (httpStatus > 299 && sentAt !== undefined) return doubted(answer)
    if (httpStatus > 299 && !fingerprints.request.includes(digest)) return attemptUsed()
    return { status: httpStatus, body, headers: REPLAYED }
  }

  /**
   * A POST that may have been taken is sent again with the same means of payment, and only while the gateway knows its
   * `RequestID`: after that it would be another charge. The client then looks the transaction up.
   */
  function doubtful({ sentAt, instrument }: IntentRecord, { fingerprints }: Charge): Answer | undefined {
    if (sentAt === undefined) return undefined
    const forgotten = clock.now() - sentAt >= RETENTION_MS - DAY_MARGIN_MS - submitTimeoutMs
    return forgotten || !fingerprints.instrument.includes(instrument) ? unavailable() : undefined
  }

  /** Each submission is counted once: sending the same again is no other try. */
  async function crowded(record: IntentRecord | undefined, charge: Charge): Promise<Answer | undefined> {
    if (record && (record.sentAt !== undefined || charge.fingerprints.request.includes(record.digest))) return undefined
    const waitS = charge.countSubmit() ?? (await cardLimit.take(charge.request, charge.address))
    return waitS ? tooMany(waitS) : undefined
  }

  async function post(
    charge: Charge,
    { requestKey }: IntentIds,
    before: IntentRecord | undefined,
    { postingUntil: _, ...begun }: IntentRecord,
    lease: Lease<IntentRecord>,
  ): Promise<Answer> {
    const { grant, address } = charge
    const inDoubt = before?.sentAt !== undefined
    const startedAt = clock.now()
    // Whether an earlier POST may have been taken stays so, whatever this one is answered.
    const { sentAt: __, ...unsent } = begun
    const untaken = inDoubt ? begun : unsent

    let reading: Reading | undefined
    const path = submitPath(grant.type)
    const body = JSON.stringify({ request: withAddress(charge.request, address) })
    const subject = { trackingId: grant.trackingId }
    const reply = await sendUpstream(
      settings,
      { operation: 'submit', path, requestKey, body },
      subject,
      (heard) => {
        reading = readReply(heard, 'submit', { ...grant, createdAt: startedAt, askedAt: startedAt }, clock.now())
        return reading.type
      },
      () => (reading?.type === 'accepted' ? reading.requestId : undefined),
    )
    if (reading?.type === 'accepted') {
      const { requestId } = reading
      const isNew = await bind(grant, requestId, reply, inDoubt)
      const kept = acknowledgement(requestId)
      if (!(await lease.finish({ ...begun, answer: kept }))) return unstored(requestId)
      if (isNew) charge.background(accept(grant, requestId))
      return { status: kept.httpStatus, body: kept.body, date: reply.date }
    }
    if (reading?.type === 'refused' && reading.certain) {
      const kept = { httpStatus: reply.httpStatus, body: redactError(reply.json, options) }
      if (!(await lease.finish({ ...untaken, answer: kept }))) return unstored()
      return inDoubt ? doubted(kept) : { status: kept.httpStatus, body: kept.body }
    }
    const refused = (reading?.type === 'throttled' && reply.httpStatus === 429) || isUnauthorized(reading)
    if (!(await lease.finish(refused ? untaken : begun))) return unstored()
    // 429 says that this one was not taken, and nothing of an earlier one: to a page it must not read as "none was".
    if (reading?.type === 'throttled') return inDoubt ? unavailable(throttled(reply).retryAfter) : throttled(reply)
    return unavailable(isUnauthorized(reading) ? LATER_S : 1)

    /** The record says that a POST is in doubt: the same one may be sent again. */
    function unstored(requestId?: string): Answer {
      settings.emit({ type: 'warning', warning: 'store-failed', requestId, ...subject })
      return unavailable()
    }
  }

  async function accept({ trackingId, attempt }: Grant, requestId: string): Promise<void> {
    try {
      await settings.onAccepted?.({ requestId, trackingId, attempt })
    } catch {
      settings.emit({ type: 'warning', warning: 'notify-failed', requestId, trackingId })
    }
  }

  /** Whose task it is: what reads and webhooks go by. Resolves to whether the task is new. */
  async function bind(grant: Grant, requestId: string, reply: Reply, inDoubt: boolean): Promise<boolean> {
    const intent = intentOf(grant)
    const now = clock.now()
    const dueAt = dueAfter(settings, { createdAt: now })
    const record: TaskRecord = {
      fence: 0,
      writer: '',
      requestId,
      order: await orderKey(intent, gateway),
      intent,
      createdAt: now,
      takenAt: (reply.date ?? now) - reply.durationMs - SLACK_MS,
      ...(inDoubt && { inDoubt }),
      ...(dueAt !== undefined && { dueAt }),
    }
    // A repeat under the same `RequestID` gets the same task, which may be read already.
    const isNew = await records.create(keyOf('task', requestId), record, TASK_TTL_MS)
    return isNew
  }

  function acknowledgement(requestId: string): KeptAnswer {
    const body = {
      status: 'processing',
      request_id: requestId,
      status_url: basePath + taskPath('status', requestId),
      response_url: basePath + taskPath('result', requestId),
    }
    return { httpStatus: 200, body }
  }
}

/**
 * A refusal after a POST that may have been taken does not say that there was no charge: it may be about the second one,
 * as a duplicate is. The words are told, as those of a passing fault, and the client looks the transaction up.
 */
const doubted = ({ body }: KeptAnswer): Answer => ({ ...unavailable(), body })

const isUnauthorized = (reading: Reading | undefined): boolean =>
  reading?.type === 'denied' || (reading?.type === 'refused' && [401, 403].includes(reading.details.httpStatus ?? 0))

/** The proxy sets `customer.ip`; a page could only make one up. */
function withAddress(request: Readonly<Record<string, unknown>>, ip: string | undefined): object {
  const { customer } = request as { readonly customer?: { readonly ip?: unknown } }
  return ip && !customer?.ip ? { ...request, customer: { ...customer, ip } } : request
}
