/** The tasks somebody observes in this page, and what the page and the other tabs tell about them. */
import type { ObservedTask } from '../payment/settings.ts'
import { type Channel, isOffline, type Page, type PageEvent } from './page.ts'

const CHANNEL = 'async-transaction'

/** What a tab tells the others: that it has an answer about a task, and when it asked, which names the answer. */
interface Hint {
  readonly requestId: string
  readonly askedAt: number
}

/**
 * Polls the observed tasks when there may be news: the page is looked at again, came back from the back-forward cache or
 * online, or another tab heard something. It listens only while a task is observed, and holds no channel while the page
 * is away, since one would keep it out of the back-forward cache.
 */
export class Attendance {
  /** What was heard before is no news any more, in epoch milliseconds. */
  wokenAt = 0
  /** The last question about each task whose answer this tab knows, by when it was asked. */
  readonly seen: Map<string, number> = new Map()
  readonly #page: Page
  readonly #now: () => number
  readonly #tasks = new Set<ObservedTask>()
  #channel: Channel | undefined

  constructor(page: Page, now: () => number) {
    this.#page = page
    this.#now = now
  }

  observed(task: ObservedTask, observed: boolean): void {
    if (observed) this.#tasks.add(task)
    else this.#tasks.delete(task)
    const { size } = this.#tasks
    if (size === 0 || (size === 1 && observed)) this.#listen(observed)
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
    if (isOffline(this.#page)) return
    this.wokenAt = this.#now()
    for (const task of this.#tasks) void task.poll()
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
