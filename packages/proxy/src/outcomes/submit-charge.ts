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
import type { Fingerprints } from './fingerprints.ts'
import type { Orders } from './orders.ts'
import { type RecordStore, StoreError } from './record-store.ts'
import { INTENT_TTL_MS, type IntentRecord, type KeptAnswer, keyOf, TASK_TTL_MS, type TaskRecord } from './records.ts'
import { redactError } from './redact.ts'
import { ask } from './upstream.ts'

export interface Charge {
  readonly grant: Grant
  /** The request to send, without the address of the customer. */
  readonly request: Readonly<Record<string, unknown>>
  readonly address: string | undefined
  readonly fingerprints: Fingerprints
}

/** How much longer than the gateway's time-out a submission may hold its lease. */
const LEASE_MARGIN_MS = 35_000
/** So that a page can say that it shows a payment made before. */
const REPLAYED = { 'Idempotency-Replayed': 'true' }
/** How much longer one waits for another's submission: less than a client waits for its own. */
const WAIT_MARGIN_MS = 5000
const LATER_S = 5

export function createSubmit(
  settings: Settings,
  records: RecordStore,
  orders: Orders,
  cardLimit: CardLimit,
): (charge: Charge) => Promise<Answer> {
  const { submitTimeoutMs, clock, basePath, gateway } = settings
  const options = settings.redact
  const lease = { leaseMs: submitTimeoutMs + LEASE_MARGIN_MS, waitMs: submitTimeoutMs + WAIT_MARGIN_MS }

  return async (charge) => {
    if (charge.grant.readOnly) return orderTaken()
    const ids = await intentIds(intentOf(charge.grant), gateway)
    const key = keyOf('intent', ids.key)
    const known = await records.get<IntentRecord>(key)
    if (known && (await isSpent(known, charge))) return attemptUsed()
    const answer = await records.withLease<IntentRecord, Answer>(
      key,
      lease,
      (record) => record && answered(record, charge),
      async (record, release) => {
        const answer =
          (record && (answered(record, charge) ?? doubtful(record, charge))) ?? (await crowded(record, charge))
        if (!answer) return post(charge, ids, record, release)
        await release()
        return answer
      },
    )
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
    const forgotten = clock.now() - sentAt >= RETENTION_MS - lease.leaseMs
    return forgotten || !fingerprints.instrument.includes(instrument) ? unavailable() : undefined
  }

  /** Each submission is counted once: sending the same again is no other try. */
  async function crowded(record: IntentRecord | undefined, charge: Charge): Promise<Answer | undefined> {
    if (record && (record.sentAt !== undefined || charge.fingerprints.request.includes(record.digest))) return undefined
    const waitS = await cardLimit.take(charge.request)
    return waitS ? tooMany(waitS) : undefined
  }

  async function post(
    charge: Charge,
    { key: intentKey, requestKey }: IntentIds,
    known: IntentRecord | undefined,
    release: () => Promise<void>,
  ): Promise<Answer> {
    const { grant, address, fingerprints } = charge
    const key = keyOf('intent', intentKey)
    const startedAt = clock.now()
    const [digest] = fingerprints.request
    const [instrument] = fingerprints.instrument
    const record: IntentRecord = { fence: known?.fence ?? 0, digest, instrument, sentAt: known?.sentAt ?? startedAt }
    // Whether an earlier POST may have been taken stays so, whatever this one is answered.
    const untaken = {
      fence: record.fence + 1,
      digest,
      instrument,
      ...(known?.sentAt !== undefined && { sentAt: known.sentAt }),
    }
    // Before the POST: if nothing more is heard of it, it may have been taken. Before the order is looked at, too: of two
    // attempts at once each sees the other, or the order as the other has left it.
    await records.set(key, { ...record, postingUntil: startedAt + lease.leaseMs }, INTENT_TTL_MS)
    const refused = await orders.admit(grant, { intentKey, repeats: known?.sentAt !== undefined })
    if (refused) {
      await records.set(key, known ? { ...known, fence: record.fence + 1 } : untaken, INTENT_TTL_MS)
      return refused
    }

    let reading: Reading | undefined
    const path = submitPath(grant.type)
    const body = JSON.stringify({ request: withAddress(charge.request, address) })
    const subject = { trackingId: grant.trackingId }
    const reply = await ask(settings, { operation: 'submit', path, requestKey, body }, subject, (heard) => {
      reading = readReply(heard, 'submit', { ...grant, createdAt: startedAt, askedAt: startedAt }, clock.now())
      return reading.type
    })
    try {
      if (reading?.type === 'accepted') {
        const { requestId } = reading
        const kept = acknowledgement(requestId)
        await bind(grant, requestId, reply)
        await records.set(key, { ...record, fence: record.fence + 1, answer: kept }, INTENT_TTL_MS)
        return { status: kept.httpStatus, body: kept.body, date: reply.date }
      }
      if (reading?.type === 'refused' && reading.certain) {
        const kept = { httpStatus: reply.httpStatus, body: redactError(reply.json, options) }
        await records.set(key, { ...untaken, answer: kept }, INTENT_TTL_MS)
        return known?.sentAt === undefined ? { status: kept.httpStatus, body: kept.body } : doubted(kept)
      }
      const untouched = (reading?.type === 'throttled' && reply.httpStatus === 429) || isUnauthorized(reading)
      await records.set(key, untouched ? untaken : { ...record, fence: record.fence + 1 }, INTENT_TTL_MS)
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      settings.emit({ type: 'warning', warning: 'store-failed', ...subject })
      await release()
      return unavailable()
    }
    if (reading?.type === 'throttled') return throttled(reply)
    return unavailable(isUnauthorized(reading) ? LATER_S : 1)
  }

  /** Whose task it is: what reads and webhooks go by. */
  async function bind(grant: Grant, requestId: string, reply: Reply): Promise<void> {
    const intent = intentOf(grant)
    const order = await orderKey(intent, gateway)
    const key = keyOf('task', requestId)
    const now = clock.now()
    const record: TaskRecord = {
      fence: 0,
      requestId,
      order,
      intent,
      createdAt: now,
      takenAt: (reply.date ?? now) - reply.durationMs - SLACK_MS,
    }
    // A repeat under the same `RequestID` gets the same task, which may be read already.
    if (!(await records.get(key))) await records.set(key, record, TASK_TTL_MS)
    await orders.bind(grant, requestId)
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
