/**
 * One poller for all tabs, as a `fetch`: one question about a task at a time, in whichever tab it is due, and its answer
 * for all. Nobody leads, so nobody's death is noticed: the next tab whose question is due asks it.
 */
import type { Clock } from '../lib/clock.ts'
import { readText } from '../transport/attempt.ts'
import type { Fetch, FetchedResponse } from '../transport/send.ts'
import type { AnswerStore } from './answer-store.ts'
import type { Attendance } from './attendance.ts'
import { exclusively } from './exclusively.ts'
import type { Page } from './page.ts'
import { endOf, type Heard, hear, merge, type Question, type SharedAnswer } from './shared-answers.ts'

export interface SharingOptions {
  readonly page: Page
  /** Where the tabs find each other's answers. */
  readonly store: AnswerStore
  /** Runs out while a question is under way. */
  readonly clock: Clock
  /** Runs out while another tab is waited for, offline as well. */
  readonly time: Clock
  /** Asks the gateway. */
  readonly ask: Fetch
  /** How long a question can take, without the wait for another tab, in milliseconds. */
  readonly timeoutMs: number
  readonly maxBodyBytes: number
  /** What this tab knows, and whom it tells. */
  readonly attendance: Attendance
}

interface AskRequest {
  readonly url: string
  readonly method: string
}
interface WebResponse extends FetchedResponse {
  clone?(): WebResponse
}
declare const Response: new (
  body: string,
  init: { status: number; headers: Readonly<Record<string, string>> },
) => WebResponse

/** The two questions that can consume their answer. Everything else passes by. */
const QUESTION = /^(.*\/async\/)(status|result)\/([^/?#]+)$/
/** What another tab heard this long ago is still news, in milliseconds. */
const FRESH_MS = 30_000
/** Beyond the time-out, a question that is under way is one of a frozen tab, in milliseconds. */
const GRACE_MS = 5000
/** A timer that is this late was one of a page that slept, in milliseconds. */
const SLEPT_MS = 1000

/** How long a question can take with the wait for another tab, in milliseconds: each has its whole time-out. */
export const sharedTimeoutMs = (timeoutMs: number): number => 2 * (timeoutMs + GRACE_MS)

/** A `fetch` that shares the answers about tasks between the tabs of an origin, where they have Web Locks. */
export function shareFetch(options: SharingOptions): Fetch {
  const { page, store, clock, time, ask, timeoutMs, maxBodyBytes, attendance } = options
  const { seen } = attendance
  const seenWords = new Map<string, number>()
  const patienceMs = timeoutMs + GRACE_MS

  const news = (known: SharedAnswer | undefined, requestId: string, question: Question): Heard | undefined => {
    const { heard, askedAt, words } = known ?? {}
    const end = endOf(known)
    if (end) return end
    // Whatever came since: it came once.
    if (words && seenWords.get(requestId) !== words.at) {
      seenWords.set(requestId, words.at)
      return words
    }
    if (!heard) return undefined
    const fresh = heard.at >= Math.max(attendance.wokenAt, clock.now() - FRESH_MS)
    const fits = heard.news === 'none' || question === 'status'
    return fresh && fits && seen.get(requestId) !== askedAt ? heard : undefined
  }

  /**
   * Asks, and reads the whole answer within the time-out. A page that slept reads first what came meanwhile: it may have
   * come once.
   */
  const askWhole = (request: AskRequest): Promise<Whole> =>
    new Promise((resolve, reject) => {
      const late = new AbortController()
      const dueAt = clock.now() + timeoutMs
      const give = (): void => {
        late.abort()
        reject(Object.assign(new Error('No whole answer came in time'), { name: 'TimeoutError' }))
      }
      let timer = clock.setTimeout(() => {
        if (clock.now() < dueAt + SLEPT_MS) give()
        else timer = clock.setTimeout(give, SLEPT_MS)
      }, timeoutMs)
      const whole = async (): Promise<Whole> => {
        const response = (await ask(request, { signal: late.signal })) as WebResponse
        const reader = response.clone?.().body?.getReader() as Parameters<typeof readText>[0] | undefined
        return { response, text: reader && (await readText(reader, maxBodyBytes)) }
      }
      whole()
        .finally(() => clock.clearTimeout(timer))
        .then(resolve, reject)
    })

  return async (request: AskRequest, init: AskInit) => {
    const [, base = '', question, requestId] = (request.method === 'GET' && QUESTION.exec(request.url)) || []
    if (request.method !== 'GET') return ask(request, init)
    const alone = async (): Promise<FetchedResponse> => (await askWhole(request)).response
    if (!requestId || !page.navigator?.locks) return alone()
    const task = base + requestId

    const askOnce = async (): Promise<FetchedResponse> => {
      const known = await store.load(task)
      const told = news(known, requestId, question as Question)
      if (told) {
        seen.set(requestId, known?.askedAt ?? 0)
        return replay(told)
      }
      const askedAt = Math.max(clock.now(), (known?.askedAt ?? 0) + 1)
      const lost = !!known && (known.lost || known.heard === undefined)
      seen.set(requestId, askedAt)
      await store.note(task, (latest) => {
        const words = latest?.words
        return latest && endOf(latest) ? latest : { askedAt, lost, ...(words && { words }) }
      })
      const { response, text } = await askWhole(request)
      const heard = hear(response, text, question as Question, { requestId, lost, now: clock.now() })
      if (heard === undefined) return response
      // The client may have given up meanwhile: then it is news for it.
      if (heard?.news === 'words' && !init.signal.aborted) seenWords.set(requestId, heard.at)
      await store.merge(task, (latest) => merge(latest, { askedAt, lost, heard }))
      if (!heard) return response
      attendance.announce(requestId, askedAt)
      return lost && heard.news === 'none' ? replay(heard) : response
    }

    const known = await store.load(task)
    const end = endOf(known)
    if (end) return replay(end)
    const since = time.now()
    const patience = async (): Promise<number> => {
      const { askedAt = since, heard } = (await store.load(task)) ?? {}
      const now = time.now()
      // Each question that another tab asks is waited for. The clock may have been set back.
      const underWay = heard === undefined && askedAt <= now
      // A note may be of a question that was lost, and who holds the lock now about to write a new one.
      const leftMs = underWay
        ? Math.max(patienceMs - (now - askedAt), GRACE_MS - (now - since))
        : patienceMs - (now - since)
      // Of several that have waited as long, one takes it over.
      return leftMs > 0 || (await store.takeOver(task, GRACE_MS)) ? leftMs : GRACE_MS
    }
    const lock = { page, clock: time, name: `async-transaction:${task}`, signal: init.signal, patience }
    return exclusively(lock, askOnce, alone)
  }
}

interface AskInit {
  readonly signal: AbortSignal
}
interface Whole {
  readonly response: FetchedResponse
  readonly text: string | undefined
}

const replay = ({ body, status, headers }: Heard): WebResponse => new Response(body, { status, headers })
