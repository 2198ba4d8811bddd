/** What makes a client one for a page: it knows of other tabs, of being hidden, offline or put aside. */
import type { Client } from '../client/client.ts'
import type { ClientOptions } from '../client/options.ts'
import type { Journal } from '../journal/journal.ts'
import { systemClock } from '../lib/clock.ts'
import { emit } from '../payment/emit.ts'
import { sqrtSchedule } from '../schedule/sqrt-schedule.ts'
import type { Fetch } from '../transport/send.ts'
import { AnswerStore } from './answer-store.ts'
import { Attendance } from './attendance.ts'
import { hiddenSchedule } from './hidden-schedule.ts'
import { indexedDbJournal } from './indexed-db-journal.ts'
import { keptResponses } from './kept-responses.ts'
import { OfflineHint } from './offline-hint.ts'
import type { Page } from './page.ts'
import { pausingClock } from './pausing-clock.ts'
import { sharedTimeoutMs, shareFetch } from './share-fetch.ts'

export interface BrowserClientOptions extends ClientOptions {
  /**
   * Where the tabs find what one of them heard, for 24 hours and without card data. All tabs must share it. It is not the
   * `journal`, which is still yours to choose.
   * @default indexedDbJournal()
   */
  answers?: Journal
  /** Makes the client, of a transport. @default that of the entry it comes from */
  createClient?: (options: ClientOptions) => Client
}

/** Creates a client for a page, by the `createClient` of the options or the one that is given. */
export function browserClient(
  create: (options: ClientOptions) => Client,
  { createClient = create, ...options }: BrowserClientOptions,
): Client {
  const { answers, ...others } = options
  return createClient('indexedDB' in globalThis ? inPage(options, globalThis as Page) : others)
}

/** The options of a client in `page`. */
export function inPage(options: Omit<BrowserClientOptions, 'createClient'>, page: Page): ClientOptions {
  const { answers = indexedDbJournal(), ...others } = options
  const { fetch: given, clock: time = systemClock, schedule = sqrtSchedule(), pollTimeoutMs = 30_000 } = options
  const { onObserved, onWatched } = options
  const offline = new OfflineHint(page)
  const clock = pausingClock(time, page, offline)
  const attendance = new Attendance(page, () => time.now(), offline)
  const isKept = keptResponses(page, time)
  let warned = false
  const ask: Fetch = async (request, init) => {
    const askedAt = time.now()
    const response = await (given ? given(request, init) : fetch(request, init))
    offline.refute()
    if (!warned && isKept(response, askedAt)) {
      warned = true
      emit({ onEvent: others.onEvent ?? (() => {}) }, { type: 'warning', warning: 'kept-response' })
    }
    return response
  }
  return {
    ...others,
    clock,
    schedule: hiddenSchedule(schedule, page),
    // One that is none is left for the client to refuse.
    pollTimeoutMs: pollTimeoutMs > 0 ? sharedTimeoutMs(pollTimeoutMs) : pollTimeoutMs,
    fetch: shareFetch({
      page,
      store: new AnswerStore(answers, time),
      clock,
      time,
      ask,
      timeoutMs: pollTimeoutMs,
      maxBodyBytes: options.maxBodyBytes ?? 256 * 1024,
      attendance,
    }),
    onObserved(task, observed) {
      attendance.observed(task, observed)
      onObserved?.(task, observed)
    },
    onWatched(task, watched) {
      attendance.watched(task, watched)
      onWatched?.(task, watched)
    },
  }
}
