/** The tasks somebody observes in this page, and what the page and the other tabs tell about them. */
import type { ObservedTask } from '../payment/settings.ts'
import type { OfflineHint } from './offline-hint.ts'
import type { Channel, Page, PageEvent } from './page.ts'

const CHANNEL = 'async-transaction'
/** An end that may be repaired is looked up once in this time, in milliseconds. */
const REPAIR_MS = 60_000

/** What a tab tells the others: that it has an answer about a task, and when it asked, which names the answer. */
interface Hint {
  readonly requestId: string
  readonly askedAt: number
}

/**
 * Polls the observed tasks when there may be news: the page is looked at again, came back from the back-forward cache or
 * online, or another tab heard something. Looks up those whose end may be repaired, such as a `gateway-error` that a
 * webhook turned into a result. It listens only while there are such tasks, and holds no channel while the page is away,
 * since one would keep it out of the back-forward cache.
 */
export class Attendance {
  /** What was heard before is no news any more, in epoch milliseconds. */
  wokenAt = 0
  /** The last question about each task whose answer this tab knows, by when it was asked. */
  readonly seen: Map<string, number> = new Map()
  readonly #page: Page
  readonly #now: () => number
  readonly #offline: OfflineHint
  readonly #tasks = new Set<ObservedTask>()
  readonly #ended = new Set<ObservedTask>()
  readonly #lookedUpAt = new WeakMap<ObservedTask, number>()
  #listening = false
  #channel: Channel | undefined

  constructor(page: Page, now: () => number, offline: OfflineHint) {
    this.#page = page
    this.#now = now
    this.#offline = offline
  }

  observed(task: ObservedTask, observed: boolean): void {
    this.#keep(this.#tasks, task, observed)
  }

  /** The end of a task is shown that may still be repaired. */
  watched(task: ObservedTask, watched: boolean): void {
    this.#keep(this.#ended, task, watched)
    // One that has just ended was looked up for that.
    if (watched && this.#tasks.has(task)) this.#lookedUpAt.set(task, this.#now())
    else if (watched) this.#repair(task)
  }

  #keep(tasks: Set<ObservedTask>, task: ObservedTask, kept: boolean): void {
    if (kept) tasks.add(task)
    else tasks.delete(task)
    const listening = this.#tasks.size + this.#ended.size > 0
    if (listening !== this.#listening) this.#listen(listening)
    this.#listening = listening
  }

  #repair(task: ObservedTask): void {
    const now = this.#now()
    if (Math.abs(now - (this.#lookedUpAt.get(task) ?? 0)) < REPAIR_MS) return
    this.#lookedUpAt.set(task, now)
    void task.lookup()
  }

  /** Tells the other tabs that the gateway's answer about a task can be had. */
  announce(requestId: string, askedAt: number): void {
    const hint: Hint = { requestId, askedAt }
    this.#channel?.postMessage(hint)
  }

  #listen(listening: boolean): void {
    const { document } = this.#page
    const change = listening ? 'addEventListener' : 'removeEventListener'
    document?.[change]('visibilitychange', this.#shown)
    this.#page[change]?.('online', this.#wake)
    this.#page[change]?.('pageshow', this.#returned)
    this.#page[change]?.('pagehide', this.#close)
    if (listening) this.#open()
    else this.#close()
  }

  readonly #wake = (): void => {
    if (this.#offline.holds()) return
    this.wokenAt = this.#now()
    for (const task of this.#tasks) void task.poll()
    for (const task of this.#ended) this.#repair(task)
  }

  readonly #shown = (): void => {
    if (this.#page.document?.visibilityState === 'visible') this.#wake()
  }

  readonly #returned = ({ persisted }: PageEvent): void => {
    if (!persisted) return
    this.#open()
    this.#wake()
  }

  #open(): void {
    const { BroadcastChannel } = this.#page
    if (!BroadcastChannel || this.#channel) return
    try {
      this.#channel = new BroadcastChannel(CHANNEL)
      this.#channel.onmessage = ({ data }) => this.#hinted(data as Hint)
    } catch {
      // Refused where the page has no origin: then each tab finds out by itself.
    }
  }

  /** Known already, it is no reason to ask: tabs would drive each other. */
  #hinted({ requestId, askedAt }: Hint): void {
    if (askedAt <= (this.seen.get(requestId) ?? 0)) return
    for (const task of this.#tasks) if (task.handle?.requestId === requestId) void task.poll()
  }

  readonly #close = (): void => {
    this.#channel?.close()
    this.#channel = undefined
  }
}
