/**
 * One turn of polling the gateway for a task. An error is delivered once, and servers on the way return errors, too:
 * so a second read and a lookup of the transaction confirm it, in the same turn. Protocol section 1.
 */
import { type Reading, type Reply, readReply, taskPath, trackingPath } from '@async-transaction/core/protocol'
import type { Answer } from '../answer.ts'
import type { Settings } from '../options.ts'
import { applyLookup } from './apply-lookup.ts'
import { type AppliedReading, applyReading } from './apply-reading.ts'
import type { TaskRecord } from './records.ts'
import { sendUpstream } from './upstream.ts'

/**
 * Resolves to the record as it is to be stored, and the answer for the page. `alone`: no page will look up what the gateway
 * forgot. `keep` stores the record between two reads, and resolves to it as it is stored.
 */
export type PollGateway = (
  begun: TaskRecord,
  operation: 'status' | 'result',
  alone: boolean,
  keep: (step: TaskRecord) => Promise<TaskRecord>,
) => Promise<{ readonly record: TaskRecord; readonly answer: Answer }>

/** Between an error and the read that confirms it. */
const CONFIRM_MS = 250

export function createPollGateway(settings: Settings, urlOf: (requestId: string) => string): PollGateway {
  const { clock } = settings
  const options = settings.redact

  return async (begun, operation, alone, keep) => {
    // An earlier turn ended before the lookup was answered.
    if (begun.gone && begun.lastWords) return lookUp(begun)
    const heard = await read(begun, operation)
    if (heard.next === 'look-up' || (alone && heard.answer.status === 404)) return lookUp(heard.record)
    if (heard.next !== 'read') return heard
    // A store that fails now may be back when the error is confirmed: nothing of it must be lost here.
    const kept = await keep(heard.record).catch(() => heard.record)
    // Another one has learned the outcome meanwhile.
    if (kept.outcome) return { ...heard, record: kept }
    await new Promise<void>((resolve) => clock.setTimeout(resolve, CONFIRM_MS))
    const confirmed = await read(kept, 'result')
    return confirmed.next === 'look-up' ? lookUp(confirmed.record) : confirmed
  }

  async function read(record: TaskRecord, operation: 'status' | 'result'): Promise<AppliedReading> {
    const { requestId } = record
    const { reply, reading } = await exchange(record, operation, taskPath(operation, requestId))
    return applyReading(record, reading, reply, urlOf(requestId), options)
  }

  async function lookUp(record: TaskRecord): Promise<AppliedReading> {
    const { reading } = await exchange(record, 'lookup', trackingPath(record.intent.trackingId))
    return applyLookup(record, reading, clock.now(), options)
  }

  async function exchange(
    { requestId, intent, createdAt }: TaskRecord,
    operation: 'status' | 'result' | 'lookup',
    path: string,
  ): Promise<{ readonly reply: Reply; readonly reading: Reading }> {
    const { trackingId } = intent
    const askedAt = clock.now()
    let reading: Reading = { type: 'lost' }
    const reply = await sendUpstream(settings, { operation, path }, { requestId, trackingId }, (reply) => {
      reading = readReply(reply, operation, { ...intent, requestId, createdAt, askedAt }, clock.now())
      return reading.type
    })
    return { reply, reading }
  }
}
