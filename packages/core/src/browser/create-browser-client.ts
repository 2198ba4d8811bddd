/** A client for a page: it knows of other tabs, of being hidden, offline or put aside. */
import type { Client } from '../client/client.ts'
import { createClient } from '../client/create-client.ts'
import type { ClientOptions } from '../client/options.ts'
import type { Journal } from '../journal/journal.ts'
import { systemClock } from '../lib/clock.ts'
import { sqrtSchedule } from '../schedule/sqrt-schedule.ts'
import { Attendance } from './attendance.ts'
import { hiddenSchedule } from './hidden-schedule.ts'
import { indexedDbJournal } from './indexed-db-journal.ts'
import type { Page } from './page.ts'
import { pausingClock } from './pausing-clock.ts'
import { shareFetch } from './share-fetch.ts'

export interface BrowserClientOptions extends ClientOptions {
  /**
   * Where the tabs find what one of them heard, for 24 hours and without card data. All tabs must share it. It is not the
   * `journal`, which is still yours to choose.
   * @default indexedDbJournal()
   */
  answers?: Journal
}

/**
 * Creates a client for a page. It is `createClient`, and
 * - the tabs of an origin ask after a task as one: what one of them heard, they all get, even an error that the gateway
 *   tells once. It needs Web Locks, so a secure context; without them each tab asks for itself.
 * - observed tasks are asked after at once when the page is looked at again, comes back from the back-forward cache or
 *   online; four times less often while it is hidden, and not at all while it is offline.
 * - nothing it does keeps the page out of the back-forward cache.
 *
 * Without a page, as on a server that renders it, it is `createClient`.
 *
 * @throws TransactionError `config` for an option that is missing, unknown or wrong, naming it
 *
 * @example
 * ```ts
 * const client = createBrowserClient({ baseUrl: '/pay', auth: bearerAuth(token), journal: indexedDbJournal() })
 * ```
 */
export function createBrowserClient(options: BrowserClientOptions): Client {
  const { answers, ...others } = options
  return createClient('indexedDB' in globalThis ? inPage(options, globalThis as Page) : others)
}

/** The options of a client in `page`. */
export function inPage(options: BrowserClientOptions, page: Page): ClientOptions {
  const { answers = indexedDbJournal(), ...others } = options
  const { fetch: given, clock: time = systemClock, schedule = sqrtSchedule(), onObserved } = options
  const clock = pausingClock(time, page)
  const attendance = new Attendance(page, () => clock.now())
  return {
    ...others,
    clock,
    schedule: hiddenSchedule(schedule, page),
    fetch: shareFetch({
      page,
      answers,
      clock,
      ask: given ?? ((request, init) => fetch(request, init)),
      timeoutMs: options.pollTimeoutMs ?? 30_000,
      maxBodyBytes: options.maxBodyBytes ?? 256 * 1024,
      attendance,
    }),
    onObserved(task, observed) {
      attendance.observed(task, observed)
      onObserved?.(task, observed)
    },
  }
}
