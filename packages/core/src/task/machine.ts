/**
 * The task as a pure machine: how each answer changes what is known. It knows no time, no chance and no network, so that
 * every state and every event can be enumerated. A settled record never changes, but for `unknown`, which a verified
 * webhook or a lookup may still turn into a result.
 */
import type { Transaction } from '../schema/transaction.ts'
import { CREDIT, type Ending, type Failure, type FailureDetails, type TaskRecord } from './record.ts'
import type { UnknownCause } from './state.ts'

/** What an exchange, or somebody outside, had to say. */
export type TaskEvent =
  | { readonly type: 'accepted'; readonly requestId: string; readonly skewMs?: number }
  | { readonly type: 'processing' }
  | { readonly type: 'completed' }
  /** A result, by the task, a webhook or a lookup. */
  | { readonly type: 'answered'; readonly body: unknown; readonly via: 'task' | 'webhook' | 'lookup' }
  /** An answer, or our own limit, that is an error. */
  | { readonly type: 'failed'; readonly failure: Failure }
  /** Try again later; with what else it said. */
  | { readonly type: 'throttled'; readonly details: FailureDetails }
  | { readonly type: 'lost' }
  /** 404 `unknown`; `told`: by a proxy that says why, and would have given any last words it had heard itself. */
  | { readonly type: 'gone'; readonly cause: UnknownCause; readonly told?: boolean }
  /** A lookup that found no transaction that is ours for certain. */
  | { readonly type: 'missing'; readonly candidates: readonly Transaction[] }

/** POSTs of one submit, at most. */
const POSTS = 3
/** Lookups in a row, at most: with the default schedule they reach beyond the seven seconds a slow payment takes. */
const LOOKUPS = 5

/** Which exchange comes next. */
export const phaseOf = ({ ending, gone, failure, requestId }: TaskRecord): 'settled' | 'lookup' | 'submit' | 'ask' =>
  ending ? 'settled' : gone || failure ? 'lookup' : requestId ? 'ask' : 'submit'

/** What is known after `event`. The same object if it changes nothing. */
export function reduce(record: TaskRecord, event: TaskEvent): TaskRecord {
  const { ending } = record
  if (event.type === 'answered' && (!ending || (ending.status === 'unknown' && event.via !== 'task')))
    return settle(record, { status: 'result', body: event.body, via: event.via })
  switch (phaseOf(record)) {
    case 'submit':
      return submitted(record, event)
    case 'ask':
      return asked(record, event)
    case 'lookup':
      return lookedUp(record, event)
    default:
      return record
  }
}

function submitted(record: TaskRecord, event: TaskEvent): TaskRecord {
  if (event.type === 'accepted') {
    const { requestId, skewMs } = event
    return { ...record, requestId, tries: 0, ...(skewMs && { skewMs }) }
  }
  if (event.type !== 'failed' && event.type !== 'throttled' && event.type !== 'lost') return record
  const failed = event.type === 'failed' ? event.failure : undefined
  const maybeTaken = record.maybeTaken || mayHaveTaken(event)
  const tries = record.tries + 1
  if (!failed && tries < POSTS) return { ...record, tries, maybeTaken }
  const code = failed ? failed.code : maybeTaken ? 'submit-lost' : 'submit-rejected'
  const told = event.type === 'throttled' ? event.details : failed
  const failure: Failure = { ...told, code, effect: maybeTaken ? 'unknown' : 'none' }
  return maybeTaken && code !== 'unauthorized' ? { ...record, tries: 0, maybeTaken, failure } : fail(record, failure)
}

/** 429 is said before a request is taken; a 503 may come from a server on the way, which does not know what became of it. */
function mayHaveTaken(event: TaskEvent): boolean {
  if (event.type === 'throttled') return event.details.httpStatus === 503
  return event.type === 'lost' || (event.type === 'failed' && event.failure.code === 'protocol')
}

function asked(record: TaskRecord, event: TaskEvent): TaskRecord {
  const { polls, lost, credit, lastWords } = record
  const next = { ...record, polls: polls + 1 }
  switch (event.type) {
    case 'processing':
      return { ...next, credit: Math.min(CREDIT, credit + 1), lastWords: undefined }
    case 'completed':
      return { ...next, completed: true }
    case 'failed':
      return fail(next, event.failure)
    case 'throttled':
      return { ...next, lastWords: event.details.message ? event.details : lastWords }
    case 'lost':
      return { ...next, lost: lost + 1, credit: Math.max(0, credit - 1) }
    case 'gone':
      return lastWords && !event.told
        ? fail(next, { ...lastWords, code: 'gateway-error' })
        : { ...next, tries: 0, gone: lost ? 'answer-lost' : event.cause }
    default:
      return record
  }
}

function lookedUp(record: TaskRecord, event: TaskEvent): TaskRecord {
  if (!/^(missing|lost|throttled|failed)$/.test(event.type)) return record
  const { gone, failure, recovered } = record
  const tries = record.tries + 1
  const heard = gone && event.type === 'missing'
  const over = recovered ? event.type === 'failed' && event.failure.code === 'deadline' : tries >= LOOKUPS
  if (!heard && !over) return { ...record, tries }
  const candidates = event.type === 'missing' ? event.candidates : []
  return gone ? settle(record, { status: 'unknown', cause: gone, candidates }) : fail(record, failure as Failure)
}

const settle = (record: TaskRecord, ending: Ending): TaskRecord => ({ ...record, ending })

const fail = (record: TaskRecord, failure: Failure): TaskRecord => settle(record, { status: 'error', ...failure })
