/**
 * What one tab heard, as the other tabs read it. Reading is destructive (protocol section 1, "What follows"), so what was
 * heard is written down before anybody else may ask.
 */
import { maskCardData } from '../lib/mask-card-data.ts'
import { redact } from '../payment/journal-entry.ts'
import type { PaymentEvent } from '../payment/payment-event.ts'
import { readReply } from '../payment/read-reply.ts'
import { parseJson } from '../transport/attempt.ts'
import { retryAfter } from '../transport/retry-after.ts'

export type Question = 'status' | 'result'

/** The last question about a task, whoever asked it. */
export interface SharedAnswer {
  /** In epoch milliseconds; no two are alike. */
  readonly askedAt: number
  /** A question was not heard to its end: the answer may have gone with it. */
  readonly lost: boolean
  /** Nothing yet, or never; `null`, one that is for the asker alone. */
  readonly heard?: Heard | null
  /** An error that came before, once: a tab that has not seen it gets it first. */
  readonly words?: Heard | undefined
  /** A tab takes the lock over from one that is frozen, since then; no other one does, meanwhile. */
  readonly takenOverAt?: number
}

/** An answer, without card data. */
export interface Heard {
  readonly at: number
  /**
   * The result, or an error that the proxy confirmed, neither of which is asked for again; an error that may be the end;
   * that only the result is missing; or none.
   */
  readonly news: 'outcome' | 'confirmed' | 'words' | 'completed' | 'none'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What is used of a `Response`. */
export interface Answer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
}

/** What an answer is to the other tabs; nothing if it was not one, and may have cost us the real one. */
export function hear(
  { status, headers }: Answer,
  text: string | undefined,
  question: Question,
  { requestId, lost, now }: { requestId: string; lost: boolean; now: number },
): Heard | null | undefined {
  const json = text === undefined ? undefined : parseJson(text)
  const retryAfterMs = retryAfter(headers.get('retry-after'), now)
  const asked = { type: 'payments', createdAt: now, askedAt: now, requestId }
  const { type } = readReply({ httpStatus: status, json, retryAfterMs, durationMs: 0 }, question, asked, now)
  // A 200 can be read again.
  if (type === 'lost') return status < 300 ? null : undefined
  if (type === 'failed' || type === 'denied') return null
  const told = type === 'gone' && lost ? { ...(json as object), lost } : json
  const kept = ['retry-after', 'x-request-id'].flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  return {
    at: now,
    news: NEWS[type] ?? 'none',
    status,
    headers: Object.fromEntries(kept),
    body: JSON.stringify(told ?? '', status < 300 ? redact : redactEcho),
  }
}

/** The end of the task: nobody asks for it again. */
export const endOf = (answer: SharedAnswer | undefined): Heard | undefined => {
  const { heard } = answer ?? {}
  return heard?.news === 'outcome' || heard?.news === 'confirmed' ? heard : undefined
}

/**
 * What is known after `mine` was heard. `known` may be of a tab that asked later, while ours was frozen: then only an end,
 * and words, are worth more. An error in words is dropped by a later `processing` or `completed`, if it came before the
 * question.
 */
export function merge(
  known: SharedAnswer | undefined,
  mine: SharedAnswer & { readonly heard: Heard | null },
): SharedAnswer {
  const { askedAt, heard } = mine
  const end = endOf(known)
  if (known && end && (end.news === 'outcome' || endOf(mine)?.news !== 'outcome')) return known
  const newer = known && known.askedAt > askedAt ? known : undefined
  const said = heard?.news === 'words' && !isAlive(newer?.heard) ? heard : undefined
  const refuted = isAlive(heard) && (known?.words?.at ?? 0) <= askedAt
  const words = said ?? (refuted ? undefined : known?.words)
  const { words: _, ...answer } = newer && !endOf(mine) && !(said && !newer.heard) ? newer : mine
  return { ...answer, ...(words && { words }) }
}

/** The gateway works on the task, or is done: an error before was not its own. */
const isAlive = (heard: Heard | null | undefined): boolean =>
  heard?.news === 'completed' || (heard?.news === 'none' && heard.status < 300)

const NEWS: Partial<Record<PaymentEvent['type'], Heard['news']>> = {
  answered: 'outcome',
  confirmed: 'confirmed',
  error: 'words',
  completed: 'completed',
}

/** An error may echo what was sent as a number, or as the name of a field. */
const redactEcho = (field: string, value: unknown): unknown => {
  if (value && typeof value === 'object' && !Array.isArray(value))
    return redact(field, Object.fromEntries(Object.entries(value).map(([key, child]) => [maskCardData(key), child])))
  const echoed = typeof value === 'number' ? redact(field, `${value}`) : undefined
  return echoed === undefined || echoed === `${value}` ? redact(field, value) : echoed
}
