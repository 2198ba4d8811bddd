/** One order in 1 to 4 tabs of a browser, which are closed, frozen, hidden and cut off, and the rules that hold all the same. */
import type { Outcome, TaskHandle, TransactionTask } from '@async-transaction/core'
import { FakeBrowser, type Tab } from '../../browsers/fake-browser.ts'
import { createProxyWorld, type ProxyWorld } from '../proxy/world.ts'
import { createFastClock } from './fast-clock.ts'
import { createTabsGateway } from './gateway.ts'
import { createOriginStorage } from './origin-storage.ts'
import { type Deed, FAULTS_END_MS, type TabsPlan } from './plan.ts'

const AMOUNT = 3245
const GRACE_MS = 5000
/** A payment ends within this time once nothing goes wrong any more, in milliseconds. */
const ENDS_MS = 200_000

interface Opened {
  readonly tab: Tab
  readonly intervalMs: number
  ended?: { readonly outcome: Outcome; readonly at: number }
  /** Frozen, put aside, or hidden for so long that its timers come once a minute: since then nothing of it is in time. */
  slept: boolean
}

export async function playTabs(plan: TabsPlan, tracing = false): Promise<ProxyWorld> {
  const world = createProxyWorld(tracing, createFastClock())
  const { clock } = world
  const gateway = createTabsGateway(world, plan, AMOUNT)
  const browser = new FakeBrowser(clock, gateway)
  browser.throttles = true
  const tabs: Opened[] = []
  /** Excuses for two questions at once: a tab slept, was hidden or left with one under way, or nothing could be noted. */
  let disturbed = plan.storage.length > 0 || !plan.locks
  let inFlight = 0
  let end: { readonly news: string; readonly at: number } | undefined
  let handle: TaskHandle | undefined

  const storage = createOriginStorage(world, plan, (key, before, value) => {
    if (!key.startsWith('async-transaction-answer:')) return
    const [was, is] = [before, value].map((text) => (text ? JSON.parse(text) : undefined))
    const final = (answer: typeof is): boolean => ['outcome', 'confirmed'].includes(answer?.heard?.news)
    world.check('an end that was written stays', !final(was) || final(is), () => `${before} → ${value}`)
    // Words of another status are of a server on the way, and no end.
    if (!end && (final(is) || is.words?.status === 500))
      end = { news: final(is) ? is.heard.news : 'words', at: world.now() }
    world.trace(() => `written ${is.heard?.news ?? 'a question'}`)
  })

  browser.onGranted = (tab, waitedMs) => {
    const opened = tabs.find((each) => each.tab === tab)
    if (!opened || opened.slept) return
    // For each of the others; a storage that hangs is waited for as well.
    const most = Math.max(1, tabs.length - 1) * (plan.pollTimeoutMs + GRACE_MS + (plan.storage.length ? 6000 : 1000))
    world.check('no tab is waited for longer than a time-out and a grace', waitedMs <= most, () => `${waitedMs} ms`)
  }

  function open(): Opened {
    const intervalMs = plan.intervalsMs[tabs.length] ?? 1000
    const index = tabs.length
    const journal = storage.of(() => opened.tab)
    const tab: Tab = browser.open(
      {
        answers: journal,
        journal,
        schedule: () => intervalMs,
        pollTimeoutMs: plan.pollTimeoutMs,
        fetch: (request: Request, { signal }: RequestInit) => {
          const question = request.method === 'GET' && request.url.includes('/async/')
          return tab.exchange(() =>
            question ? ask(request, opened, index, signal as AbortSignal) : gateway.fetch(request),
          )
        },
      },
      plan.locks ? {} : { navigator: { onLine: true } },
    )
    const opened: Opened = { tab, intervalMs, slept: false }
    tabs.push(opened)
    return opened
  }

  async function ask(request: Request, opened: Opened, index: number, signal: AbortSignal): Promise<Response> {
    world.check('one question is in flight at a time', inFlight === 0 || disturbed, () => `tab ${index}`)
    inFlight += 1
    world.trace(() => `tab ${index} asks ${request.url.split('/').at(-2)}`)
    let under = true
    const over = (): void => {
      if (under) inFlight -= 1
      under = false
    }
    // A question that was cut is no longer under way.
    signal.addEventListener('abort', over)
    try {
      const response = await gateway.fetch(request)
      world.trace(() => `tab ${index} ${opened.tab.frozen ? 'will hear' : 'hears'} ${response.status}`)
      return response
    } finally {
      over()
    }
  }

  function observe(opened: Opened, task: TransactionTask): void {
    const index = tabs.indexOf(opened)
    void task.outcome().then((outcome) => {
      if (opened.tab.closed) return
      opened.ended = { outcome, at: world.now() }
      world.trace(() => `tab ${index} ends: ${nameOf(outcome)}`)
      world.outcomes.push(nameOf(outcome))
    })
  }

  function join(opened: Opened): void {
    if (handle) observe(opened, opened.tab.client.resume(handle))
  }

  function happen({ kind, tab: index }: Deed): void {
    if (kind === 'open') {
      if (tabs.length < 4) join(open())
      return
    }
    const opened = tabs[index % tabs.length]
    if (!opened || opened.tab.closed) return
    const { tab } = opened
    world.strike(kind)
    world.trace(() => `tab ${tabs.indexOf(opened)}: ${kind}`)
    // Timers stand still offline, and the lock is let go by a page that is put aside.
    if (kind !== 'show' && kind !== 'come-online') disturbed = true
    if (kind === 'freeze' || kind === 'put-aside' || kind === 'hide') opened.slept = true
    switch (kind) {
      case 'close':
        if (tabs.some((other) => other !== opened && !other.tab.closed)) tab.close()
        return
      case 'freeze':
        tab.frozen = true
        return
      case 'thaw':
        if (tab.frozen) tab.thaw()
        return
      case 'hide':
      case 'show':
        if (!tab.frozen) tab.visible = kind === 'show'
        return
      case 'put-aside':
        if (!tab.frozen) tab.putAside()
        return
      case 'bring-back':
        if (tab.frozen) tab.bringBack()
        return
      case 'go-offline':
      case 'come-online':
        if (!tab.frozen) tab.online = kind === 'come-online'
        return
      case 'deny-network':
        tab.networkWorks = true
        tab.onLine = false
    }
  }

  for (const deed of plan.deeds) world.at(deed.at, () => happen(deed))
  // Nothing goes wrong any more: whoever is there is looked at, and has a network.
  world.at(FAULTS_END_MS, () => {
    for (const { tab } of tabs.filter((each) => !each.tab.closed)) {
      if (tab.frozen) tab.bringBack()
      tab.online = true
      tab.visible = true
    }
  })

  const first = open()
  const task = first.tab.client.submit('payments', {
    amount: AMOUNT,
    currency: 'KZT',
    description: 'Order',
    tracking_id: 'order-1',
    credit_card: { token: 'token' },
  })
  observe(first, task)
  task.accepted().then(
    (accepted) => {
      handle = structuredClone(accepted)
      for (const opened of tabs.slice(1)) join(opened)
      while (tabs.length < plan.tabs) join(open())
    },
    () => {},
  )
  const isOver = (): boolean => tabs.every(({ tab, ended }) => tab.closed || ended) && (!!handle || !!first.ended)
  await clock.advance(FAULTS_END_MS)
  for (let waitedMs = 0; waitedMs < ENDS_MS && !isOver(); waitedMs += 1000) await clock.advance(1000)
  // What is being written or asked is let come to its end.
  await clock.advance(plan.pollTimeoutMs)

  const living = tabs.filter(({ tab }) => !tab.closed)
  world.check('an order is charged once', gateway.charges <= 1)
  for (const opened of living) {
    const { ended } = opened
    if (!handle && opened !== first) continue
    world.check('whoever is there hears of an end', !!ended, () => `tab ${tabs.indexOf(opened)}`)
    if (!ended || !end || ended.at < end.at || disturbedStorage(plan)) continue
    const right = end.news === 'words' ? ended.outcome.status !== 'unknown' : ended.outcome.status === 'result'
    world.check('an end that was written is every tab’s', right, () => `${end?.news}: ${nameOf(ended.outcome)}`)
  }
  if (living.every(({ ended }) => ended))
    world.check('nothing is left when all has ended', clock.pending === 0 && browser.held.size === 0)
  return world
}

/** Nobody can tell what was in a storage that could not be read. */
const disturbedStorage = ({ storage, locks }: TabsPlan): boolean => storage.length > 0 || !locks

const nameOf = (outcome: Outcome): string =>
  outcome.status === 'error'
    ? outcome.error.code
    : outcome.status === 'unknown'
      ? `unknown, ${outcome.cause}`
      : `result, ${outcome.transaction?.status}`
