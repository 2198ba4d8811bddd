/**
 * One poller for all tabs, as a `fetch`: one question about a task at a time, in whichever tab it is due, and its answer
 * for all. Nobody leads, so nobody's death is noticed: the next tab whose question is due asks it.
 */
import type { Journal } from '../journal/journal.ts'
import type { Clock } from '../lib/clock.ts'
import { readText } from '../transport/attempt.ts'
import type { Fetch, FetchedResponse } from '../transport/send.ts'
import type { Attendance } from './attendance.ts'
import { once, type Page } from './page.ts'
import { AnswerStore, type Heard, hear, type Question, type SharedAnswer } from './shared-answers.ts'

export interface SharingOptions {
  readonly page: Page
  /** Where the tabs find each other's answers. */
  readonly answers: Journal
  readonly clock: Clock
  /** Asks the gateway. */
  readonly ask: Fetch
  /** How long a question can take, in milliseconds. */
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
  clone(): WebResponse
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

/** A `fetch` that shares the answers about tasks between the tabs of an origin, where they have Web Locks. */
export function shareFetch(options: SharingOptions): Fetch {
  const { page, clock, ask, timeoutMs, maxBodyBytes, attendance } = options
  const { seen } = attendance
  const seenWords = new Map<string, number>()
  const store = new AnswerStore(options.answers, clock)

  const news = (known: SharedAnswer | undefined, requestId: string, question: Question): Heard | undefined => {
    const { heard, askedAt, words } = known ?? {}
    if (heard?.news === 'outcome') return heard
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

  return async (request: AskRequest, init: { signal: AbortSignal }) => {
    const [, base = '', question, requestId] = (request.method === 'GET' && QUESTION.exec(request.url)) || []
    const { locks } = page.navigator ?? {}
    if (!requestId || !locks) return ask(request, init)
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
      await store.save(task, { askedAt, lost, ...(known?.words && { words: known.words }) })
      const response = (await ask(request, init)) as WebResponse
      const reader = response.clone().body?.getReader() as Parameters<typeof readText>[0] | undefined
      const text = reader && (await readText(reader, maxBodyBytes))
      const heard = hear(response, text, question as Question, { requestId, lost, now: clock.now() })
      if (heard === undefined) return response
      // Frozen meanwhile, this tab may be late: only an outcome is worth more than what was heard since.
      if (heard?.news === 'words') seenWords.set(requestId, heard.at)
      const words = heard?.news === 'words' ? heard : heard && isAlive(response, heard) ? undefined : known?.words
      if (heard?.news === 'outcome' || heard?.news === 'words' || (await store.load(task))?.askedAt === askedAt)
        await store.save(task, { askedAt, lost, heard, ...(words && { words }) })
      if (!heard) return response
      attendance.announce(requestId, askedAt)
      return lost && heard.news === 'none' ? replay(heard) : response
    }

    const known = await store.load(task)
    const outcome = known?.heard?.news === 'outcome' && known.heard
    if (outcome) return replay(outcome)
    const frozen = !!known && known.heard === undefined && clock.now() - known.askedAt > timeoutMs + GRACE_MS
    return exclusively(page, `async-transaction:${task}`, init.signal, frozen, askOnce, async () => ask(request, init))
  }
}

/** The gateway works on the task, or is done: an error before was not its own. */
const isAlive = ({ status }: FetchedResponse, { news }: Heard): boolean =>
  news === 'completed' || (news === 'none' && status < 300)

const replay = ({ body, status, headers }: Heard): WebResponse => new Response(body, { status, headers })

/**
 * Does `work` while no other tab does. A page that goes away lets go at once, since a lock would keep it out of the
 * back-forward cache. `steal`: whoever holds the lock is not waited for. `otherwise`, where the browser grants no locks.
 */
function exclusively<T>(
  page: Page,
  name: string,
  signal: AbortSignal,
  steal: boolean,
  work: () => Promise<T>,
  otherwise: () => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = new AbortController()
    const go = (): void => gone.abort()
    const forgetPage = once(page, ['pagehide'], go)
    signal.addEventListener('abort', go)
    const left = new Promise<void>((done) => {
      gone.signal.addEventListener('abort', () => done())
    })
    let working = false
    const hold = (): Promise<unknown> => {
      working = true
      const worked = work()
      worked.then(resolve, reject)
      return Promise.race([worked, left])
    }
    Promise.resolve(page.navigator?.locks?.request(name, steal ? { steal } : { signal: gone.signal }, hold))
      .catch((error) => {
        // Stolen from us, or the work failed: that has been told.
        if (working) return
        if (gone.signal.aborted) reject(error)
        else otherwise().then(resolve, reject)
      })
      .finally(() => {
        forgetPage()
        signal.removeEventListener('abort', go)
      })
  })
}
