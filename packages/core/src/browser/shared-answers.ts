/**
 * What one tab heard, as the other tabs read it. Reading is destructive (protocol section 1, "What follows"), so what was
 * heard is written down before anybody else may ask.
 */
import type { Journal } from '../journal/journal.ts'
import { type Clock, within } from '../lib/clock.ts'
import { maskCardData } from '../lib/mask-card-data.ts'
import { redact } from '../payment/journal-entry.ts'
import type { PaymentEvent } from '../payment/payment-event.ts'
import { readReply } from '../payment/read-reply.ts'
import { RETENTION_MS } from '../payment/record.ts'
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
}

/** An answer, without card data. */
export interface Heard {
  readonly at: number
  /** The outcome, which is not asked for again; an error that may be it; that only the result is missing; or none. */
  readonly news: 'outcome' | 'words' | 'completed' | 'none'
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
  const asked = { type: 'payments', createdAt: now, requestId }
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

const NEWS: Partial<Record<PaymentEvent['type'], Heard['news']>> = {
  answered: 'outcome',
  confirmed: 'outcome',
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

const PREFIX = 'async-transaction-answer:'

/** A storage that takes longer is done without, in milliseconds. */
const PATIENCE_MS = 2000

/** Where the answers are, for 24 hours each. What fails or hangs is as if it was not there. */
export class AnswerStore {
  readonly #journal: Journal
  readonly #clock: Clock
  #swept = false

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal
    this.#clock = clock
  }

  async load(task: string): Promise<SharedAnswer | undefined> {
    const answer = await this.#use(() => this.#read(PREFIX + task))
    if (!this.#swept) {
      this.#swept = true
      void this.#use(() => this.#sweep())
    }
    return answer
  }

  save(task: string, answer: SharedAnswer): Promise<unknown> {
    return this.#use(() => this.#journal.setItem(PREFIX + task, JSON.stringify(answer)))
  }

  async #read(key: string): Promise<SharedAnswer | undefined> {
    const stored = await this.#journal.getItem(key)
    const answer = (typeof stored === 'string' ? parseJson(stored) : stored) as SharedAnswer | undefined
    return answer && this.#clock.now() - answer.askedAt < RETENTION_MS ? answer : undefined
  }

  async #sweep(): Promise<void> {
    for (const key of await this.#journal.getKeys())
      if (key.startsWith(PREFIX) && !(await this.#read(key))) await this.#journal.removeItem(key)
  }

  async #use<T>(use: () => T | PromiseLike<T>): Promise<T | undefined> {
    try {
      return await within<T | undefined>(this.#clock, PATIENCE_MS, Promise.resolve(use()), () => undefined)
    } catch {
      return undefined
    }
  }
}
