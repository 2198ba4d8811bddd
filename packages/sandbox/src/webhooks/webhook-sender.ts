/**
 * Webhooks (protocol section 6): the standard answer, signed over its raw bytes, to the order's `notification_url`, at
 * least once. How often and after which pauses it is repeated is our assumption.
 */
import type { Agenda } from '../agenda.ts'
import type { Clock } from '../clock.ts'
import type { Entry } from '../processing/entry.ts'
import { standardAnswer } from '../processing/standard-answer.ts'
import type { WebhookRecord } from '../records.ts'
import { basicHeader } from '../shop.ts'
import { createStopSignal, type StopSignal, stoppable } from '../stop-signal.ts'
import type { SigningKey } from './signing-key.ts'

/** The pauses before the second, third, … attempt; after the last one the gateway gives up. */
const pausesMs: readonly number[] = [5_000, 30_000, 120_000, 600_000, 3_600_000]

/** An answer that takes longer than this counts as none. */
const timeoutMs = 20_000

export interface WebhookSender {
  /** Sends the transaction as it is, and again after a pause while it is not answered with 2xx. */
  announce(entry: Entry): void
  /** Sends the transaction as it is, once. */
  redeliver(entry: Entry): Promise<WebhookRecord>
  records(): WebhookRecord[]
}

export function createWebhookSender(options: {
  readonly clock: Clock
  readonly agenda: Agenda
  readonly key: SigningKey
  readonly fetch: (request: Request) => Promise<Response>
  /** Aborted when the sandbox closes. */
  readonly closing: StopSignal
}): WebhookSender {
  const { clock, agenda, key, fetch, closing } = options
  const records: WebhookRecord[] = []

  const attempt = async (entry: Entry, url: string, body: string): Promise<WebhookRecord> => {
    const before = records.filter((record) => record.uid === entry.uid).length
    const record: WebhookRecord = {
      uid: entry.uid,
      transactionStatus: entry.status,
      url,
      attempt: before + 1,
      at: clock.now(),
      outcome: 'pending',
      body,
    }
    records.push(record)
    const timeout = createStopSignal()
    const stopTimer = agenda.at(clock.now() + timeoutMs, () => timeout.abort(new Error('no answer in 20 seconds')))
    try {
      const request = await signedRequest(entry, url, body, key)
      record.signature = request.headers.get('content-signature') ?? ''
      const response = await stoppable(fetch(request), [timeout, closing])
      record.httpStatus = response.status
      record.outcome = response.status >= 200 && response.status < 300 ? 'delivered' : 'failed'
      await response.body?.cancel()
    } catch (error) {
      record.outcome = record.outcome === 'pending' ? 'failed' : record.outcome
      record.error = error instanceof Error ? error.message : String(error)
    } finally {
      stopTimer()
    }
    return record
  }

  const deliver = async (entry: Entry, url: string, body: string, pauses: readonly number[]): Promise<void> => {
    const { outcome } = await attempt(entry, url, body)
    const [pause, ...rest] = pauses
    if (outcome === 'delivered' || pause === undefined) return
    agenda.at(clock.now() + pause, () => void deliver(entry, url, body, rest))
  }

  return {
    announce(entry) {
      const url = entry.order.notificationUrl
      if (url !== undefined) void deliver(entry, url, JSON.stringify(standardAnswer(entry)), pausesMs)
    },
    async redeliver(entry) {
      const url = entry.order.notificationUrl
      if (url === undefined) throw new Error(`The transaction ${entry.uid} has no notification_url`)
      return { ...(await attempt(entry, url, JSON.stringify(standardAnswer(entry)))) }
    },
    records: () => records.map((record) => ({ ...record })),
  }
}

async function signedRequest(entry: Entry, url: string, body: string, key: SigningKey): Promise<Request> {
  const bytes = new TextEncoder().encode(body)
  return new Request(url, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      authorization: basicHeader(entry.order.shop),
      'content-signature': await key.sign(bytes),
    },
    body: bytes,
  })
}
