/**
 * One exchange: a request arrives, meets a fault or none, is answered, and is recorded. Ends in a {@link WireReply}, or
 * rejects with the reason of the request's signal if the client gives up while it waits.
 */
import type { Agenda } from './agenda.ts'
import { type Clock, sleep } from './clock.ts'
import { type Controlled, control } from './control.ts'
import { applyFault, mishapOf } from './faults/apply-fault.ts'
import { copiesOf } from './faults/copies.ts'
import type { Fault } from './faults/fault.ts'
import type { FaultBook } from './faults/fault-book.ts'
import type { Gateway, Incoming } from './gateway.ts'
import type { Ledger } from './processing/ledger.ts'
import type { Listing } from './processing/listing.ts'
import type { Random } from './random.ts'
import type { RequestRecord } from './records.ts'
import type { WireReply } from './reply.ts'
import { trackingIdOf } from './request/read-submission.ts'
import type { RequestLog } from './request-log.ts'
import { findRoute, type Route } from './route.ts'
import { type StopSignal, stoppable } from './stop-signal.ts'
import type { TaskDesk } from './tasks/task-desk.ts'

export interface ExchangeParts {
  readonly clock: Clock
  readonly agenda: Agenda
  /** Ids of answers, and ids that no task has. */
  readonly ids: Random
  readonly baseUrl: string | undefined
  readonly gateway: Gateway
  readonly desk: TaskDesk
  readonly ledger: Ledger
  readonly listing: Listing
  readonly faults: FaultBook
  readonly log: RequestLog
  readonly controlled: Controlled
  /** Aborted when the sandbox closes. */
  readonly closing: StopSignal
}

/** @param signals what ends it early; see {@link signalsOf} */
export async function exchange(
  parts: ExchangeParts,
  request: Request,
  signals: readonly StopSignal[],
): Promise<WireReply> {
  const { agenda, ids } = parts
  const { method } = request
  for (const signal of signals) if (signal.aborted) throw signal.reason
  const url = new URL(request.url)
  const route = findRoute(method, url.pathname)
  const body = method === 'POST' ? await stoppable(request.text(), signals) : ''
  agenda.runDue()
  const gatewayRequestId = ids.uuid()
  if (route.operation === 'control') {
    const reply = await control(parts.controlled, method, route.path, url.searchParams, body)
    return onWire(parts, { kind: 'answer', reply }, method, gatewayRequestId)
  }

  const trackingId = trackingIdFor(parts, route, body)
  const met = parts.faults.match({ route, trackingId })
  const answerCopy = (fault: Fault | undefined, id: string): Promise<WireReply> => {
    const record: RequestRecord = {
      at: parts.clock.now(),
      method,
      path: url.pathname,
      operation: route.operation,
      gatewayRequestId: id,
      ...(request.headers.get('requestid') && { requestIdHeader: request.headers.get('requestid') ?? '' }),
      ...('type' in route && { type: route.type }),
      ...(trackingId !== undefined && { trackingId }),
      ...('taskId' in route && { taskId: route.taskId }),
      ...(met && { fault: met.kind }),
    }
    return recorded(parts, record, fault, signals, () => {
      const onTask = (taskId: string, repeated: boolean): void => {
        record.taskId = taskId
        if (repeated) record.repeated = true
        afflict(parts, fault, taskId)
      }
      const baseUrl = parts.baseUrl ?? url.origin
      return answer(parts, { method, route, baseUrl, headers: request.headers, body, onTask }, fault)
    })
  }
  const [first, ...resent] = copiesOf(met)
  let wire = await answerCopy(first, gatewayRequestId)
  for (const fault of resent) wire = await answerCopy(fault, ids.uuid())
  return wire
}

/** What ends the wait for an answer. A `Request` of some runtimes has no signal. */
export function signalsOf(closing: StopSignal, ...given: (StopSignal | null | undefined)[]): StopSignal[] {
  return [...new Set([closing, ...given.filter((signal) => !!signal)])]
}

/** Answers one copy of a request under the fault that it meets, and completes its record. */
async function recorded(
  parts: ExchangeParts,
  record: RequestRecord,
  fault: Fault | undefined,
  signals: readonly StopSignal[],
  answerIt: () => ReturnType<Gateway['answer']>,
): Promise<WireReply> {
  const { clock, ids, log } = parts
  log.open(record)
  try {
    const wire = await applyFault(fault, {
      answer: () => stoppable(answerIt(), signals),
      taskId: record.taskId,
      sleep: (ms) => sleep(clock, ms, signals),
      foreignId: () => ids.uuid(),
    })
    if (wire.kind !== 'drop') record.status = wire.reply.status
    // The response of an intermediary never met the gateway, so it has no id of its.
    const isForeign = fault?.kind === 'html' || fault?.kind === 'proxy-json'
    return onWire(parts, wire, record.method, isForeign ? undefined : record.gatewayRequestId)
  } catch (error) {
    if (signals.some((signal) => signal.aborted)) record.aborted = true
    throw error
  } finally {
    record.durationMs = clock.now() - record.at
    log.close(record)
  }
}

function answer(parts: ExchangeParts, incoming: Incoming, fault: Fault | undefined): ReturnType<Gateway['answer']> {
  // A delayed request arrives later than its exchange began.
  parts.agenda.runDue()
  if ('taskId' in incoming.route) afflict(parts, fault, incoming.route.taskId)
  return parts.gateway.answer(incoming)
}

/** Does to a task what the faults want that are about the task, not the exchange. */
function afflict({ desk, clock }: ExchangeParts, fault: Fault | undefined, taskId: string): void {
  const task = desk.find(taskId)
  if (!task) return
  if (fault?.kind === 'error') task.mishap = mishapOf(fault)
  if (fault?.kind === 'early-completed') task.heldUntil = clock.now() + fault.ms
  if (fault?.kind === 'forget') desk.forget(task, fault.charged ?? false)
}

/** The tracking id that a request is about, by its body, its path, or what it asks for. */
function trackingIdFor({ desk, ledger, listing }: ExchangeParts, route: Route, body: string): string | undefined {
  switch (route.operation) {
    case 'submit':
    case 'sync':
      return trackingIdOf(body)
    case 'status':
    case 'result':
      return desk.find(route.taskId)?.trackingId
    case 'lookup':
      return route.by === 'trackingId' ? route.id : listing.trackingIdOf(route.id)
    case 'page':
      return ledger.byUid(route.uid)?.order.trackingId ?? undefined
    default:
      return undefined
  }
}

/** The reply with the headers that every answer carries, unless a fault gave it others. */
function onWire({ clock }: ExchangeParts, wire: WireReply, method: string, id: string | undefined): WireReply {
  if (wire.kind === 'drop') return wire
  const date = new Date(clock.now()).toUTCString()
  const headers = { date, ...(id !== undefined && { 'x-request-id': id }), ...wire.reply.headers }
  const reply = { ...wire.reply, headers }
  return { ...wire, reply: method === 'HEAD' ? { ...reply, body: null } : reply }
}
