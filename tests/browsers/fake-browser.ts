/**
 * A browser in this process, as far as the library uses one: tabs of one origin with Web Locks, channels and events, which
 * can be closed, frozen, hidden, put aside and cut off, over one simulated clock and one gateway.
 */
import { basicAuth, type Client, type Clock, createClient, type Journal, memoryJournal } from '@async-transaction/core'
import type { SimulatedClock } from '@async-transaction/core/testing'
import type { Sandbox } from '@async-transaction/sandbox'
import { type BrowserClientOptions, inPage } from '../../packages/core/src/browser/browser-client.ts'
import type { Channel, Locks, Page, PageEvent } from '../../packages/core/src/browser/page.ts'
import { BASE_URL, credentials } from '../conformance/checkout.ts'

type Listener = (event: PageEvent) => void
interface Waiting {
  readonly tab: Tab
  readonly since: number
  readonly grant: () => Promise<unknown>
  readonly settle: { resolve: (value: unknown) => void; reject: (error: unknown) => void }
}

/** What answers the tabs. */
type Gateway = Pick<Sandbox, 'fetch'>

export class FakeBrowser<G extends Gateway = Sandbox> {
  readonly clock: SimulatedClock
  readonly sandbox: G
  /** Hidden tabs have their timers once a second, and once a minute after five minutes. */
  throttles = false
  /** What the tabs share. */
  readonly answers: Journal = memoryJournal()
  readonly channels = new Set<FakeChannel>()
  /** Every message that was sent between tabs. */
  readonly messages: { requestId?: string }[] = []
  readonly held = new Map<string, Waiting>()
  /** Called when a lock is granted, with how long the tab waited for it. */
  onGranted: (tab: Tab, waitedMs: number) => void = () => {}
  readonly queue: { name: string; waiting: Waiting }[] = []

  constructor(clock: SimulatedClock, sandbox: G) {
    this.clock = clock
    this.sandbox = sandbox
  }

  open(options: Partial<BrowserClientOptions> = {}, page: Partial<Page> = {}): Tab {
    return new Tab(this, options, page)
  }

  /** Grants every lock that can be granted. */
  grant(): void {
    for (const entry of [...this.queue]) {
      if (this.held.has(entry.name) || !this.queue.includes(entry)) continue
      this.queue.splice(this.queue.indexOf(entry), 1)
      this.hold(entry.name, entry.waiting)
    }
  }

  hold(name: string, waiting: Waiting): void {
    this.held.set(name, waiting)
    const { settle, tab, since } = waiting
    this.onGranted(tab, this.clock.now() - since)
    const release = (): void => {
      if (this.held.get(name) !== waiting) return
      this.held.delete(name)
      this.grant()
    }
    // A frozen tab may be granted a lock; it then holds it, and does nothing with it.
    new Promise<void>((awake) => tab.run(awake))
      .then(() => waiting.grant())
      .then(settle.resolve, settle.reject)
      .finally(release)
  }
}

class FakeChannel implements Channel {
  onmessage: Channel['onmessage'] = null
  readonly #tab: Tab
  constructor(tab: Tab) {
    this.#tab = tab
    tab.browser.channels.add(this)
    tab.channels.add(this)
  }
  postMessage(data: object): void {
    this.#tab.browser.messages.push(data)
    for (const other of this.#tab.browser.channels)
      if (other !== this && !other.#tab.frozen) queueMicrotask(() => other.onmessage?.({ data }))
  }
  close(): void {
    this.#tab.browser.channels.delete(this)
    this.#tab.channels.delete(this)
  }
}

class Emitter {
  readonly listeners: { type: string; listener: Listener }[] = []
  /** Every kind of event that was ever listened for. */
  readonly everHeard = new Set<string>()
  addEventListener = (type: string, listener: Listener): void => {
    this.everHeard.add(type)
    this.listeners.push({ type, listener })
  }
  removeEventListener = (type: string, listener: Listener): void => {
    const at = this.listeners.findIndex((entry) => entry.type === type && entry.listener === listener)
    if (at >= 0) this.listeners.splice(at, 1)
  }
  emit(type: string, event: PageEvent = {}): void {
    for (const entry of [...this.listeners])
      if (entry.type === type && this.listeners.includes(entry)) entry.listener(event)
  }
}

export class Tab {
  readonly browser: FakeBrowser<Gateway>
  readonly client: Client
  readonly window = new Emitter()
  readonly document: Emitter & { visibilityState: string } = Object.assign(new Emitter(), {
    visibilityState: 'visible',
  })
  readonly channels = new Set<FakeChannel>()
  /** Nothing of it runs: it is frozen, in the back-forward cache, or closed. */
  frozen = false
  /** Also while `navigator.onLine` denies it. */
  networkWorks = false
  /** How many requests were tried, whether they got out or not. */
  tries = 0
  readonly #navigator: { onLine: boolean; locks: Locks }
  #closed = false
  #hiddenAt = Number.POSITIVE_INFINITY
  #waking: (() => void)[] = []

  constructor(browser: FakeBrowser<Gateway>, options: Partial<BrowserClientOptions>, page: Partial<Page>) {
    this.browser = browser
    this.#navigator = { onLine: true, locks: { request: (name, how, hold) => this.#lock(name, how, hold) } }
    const tab = this
    const features: Page = {
      document: this.document,
      navigator: this.#navigator,
      BroadcastChannel: class extends FakeChannel {
        constructor() {
          super(tab)
        }
      },
      addEventListener: this.window.addEventListener,
      removeEventListener: this.window.removeEventListener,
      ...page,
    }
    const { clock, sandbox, answers } = browser
    const stopping: Clock = {
      now: () => clock.now(),
      setTimeout: (callback, delayMs) => clock.setTimeout(() => this.run(callback), this.#throttled(delayMs)),
      clearTimeout: (timer) => clock.clearTimeout(timer),
    }
    this.client = createClient(
      inPage(
        {
          baseUrl: BASE_URL,
          auth: basicAuth(credentials),
          random: () => 0.5,
          clock: stopping,
          answers,
          fetch: (request, init) => this.exchange(() => sandbox.fetch(new Request(request, init))),
          ...options,
        },
        features,
      ),
    )
  }

  /** What `navigator.onLine` says, without an event. */
  set onLine(onLine: boolean) {
    this.#navigator.onLine = onLine
  }

  set online(online: boolean) {
    this.onLine = online
    this.window.emit(online ? 'online' : 'offline')
  }

  set visible(visible: boolean) {
    this.#hiddenAt = visible ? Number.POSITIVE_INFINITY : this.browser.clock.now()
    this.document.visibilityState = visible ? 'visible' : 'hidden'
    this.document.emit('visibilitychange')
  }

  /** Ends it as a crash or the user does: no event, its locks are free, what it had asked is never heard. */
  close(): void {
    this.#closed = this.frozen = true
    for (const channel of [...this.channels]) channel.close()
    for (const entry of [...this.browser.queue])
      if (entry.waiting.tab === this) this.browser.queue.splice(this.browser.queue.indexOf(entry), 1)
    for (const [name, { tab }] of [...this.browser.held]) if (tab === this) this.browser.held.delete(name)
    this.browser.grant()
  }

  /** Into the back-forward cache. */
  putAside(): void {
    this.window.emit('pagehide', { persisted: true })
    this.frozen = true
  }

  /** Out of it. */
  bringBack(): void {
    this.thaw()
    this.window.emit('pageshow', { persisted: true })
  }

  thaw(): void {
    this.frozen = false
    for (const wake of this.#waking.splice(0)) wake()
  }

  #throttled(delayMs: number): number {
    const { clock, throttles } = this.browser
    const hiddenMs = clock.now() - this.#hiddenAt
    if (!throttles || hiddenMs < 0) return delayMs
    const step = hiddenMs > 300_000 ? 60_000 : 1000
    return Math.ceil((clock.now() + delayMs) / step) * step - clock.now()
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Runs it, or when the tab is thawed; never, once it is closed. */
  run(work: () => void): void {
    if (this.#closed) return
    if (this.frozen) this.#waking.push(work)
    else work()
  }

  /** The request goes out; its answer is heard by a tab that is there to hear it. */
  async exchange(send: () => Response | PromiseLike<Response>): Promise<Response> {
    this.tries += 1
    if (!this.#navigator.onLine && !this.networkWorks) throw new TypeError('Offline')
    const done = await Promise.resolve(send()).then(
      (response) => () => response,
      (error) => () => {
        throw error
      },
    )
    await new Promise<void>((heard) => this.run(heard))
    return done()
  }

  #lock(name: string, { signal, steal }: { signal?: AbortSignal; steal?: boolean }, hold: () => Promise<unknown>) {
    return new Promise((resolve, reject) => {
      const { held, queue } = this.browser
      const since = this.browser.clock.now()
      const waiting: Waiting = { tab: this, since, grant: hold, settle: { resolve, reject } }
      if (steal) {
        const robbed = held.get(name)
        robbed?.tab.run(() => robbed.settle.reject(new DOMException('Stolen', 'AbortError')))
        this.browser.hold(name, waiting)
        return
      }
      const entry = { name, waiting }
      queue.push(entry)
      signal?.addEventListener('abort', () => {
        const at = queue.indexOf(entry)
        if (at < 0) return
        queue.splice(at, 1)
        reject(new DOMException('Aborted', 'AbortError'))
      })
      this.browser.grant()
    })
  }
}
