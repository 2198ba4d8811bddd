/** A client in a page whose tabs freeze, whose storage hangs, whose clock is fast and whose service worker keeps responses. */
import {
  type ClientEvent,
  memoryJournal,
  type TaskHandle,
  type TransactionTask,
  watchOutcome,
} from '@async-transaction/core'
import { describe, expect, it } from 'vitest'
import { BASE_URL, cards, order } from '../conformance/checkout.ts'
import { pay, reads, setUp } from './browser-of.ts'
import type { FakeBrowser } from './fake-browser.ts'

describe('a lock that a tab holds and does nothing with', () => {
  const key = ({ requestId }: TaskHandle): string => `${BASE_URL}/async/${requestId}`
  const json = { status: 'processing' }
  it.each<[string, (askedAt: number) => object | undefined]>([
    ['of which nothing is noted', () => undefined],
    ['after it noted its question', (askedAt) => ({ askedAt, lost: false })],
    ['after a response', (askedAt) => ({ askedAt, lost: false, heard: processingAt(askedAt) })],
    ['after a response for itself alone', (askedAt) => ({ askedAt, lost: false, heard: null })],
  ])('%s: holds the others up for a time-out and 5 s, and for no longer', async (_, noted) => {
    const browser = setUp({ latencyMs: 600_000 })
    const [frozen, living] = [browser.open(), browser.open({ schedule: () => 2000 })]
    const { handle } = await pay(browser, frozen)
    const answer = noted(browser.clock.now())
    if (answer) browser.answers.setItem(`async-transaction-answer:${key(handle)}`, JSON.stringify(answer))
    const settle = { resolve: () => {}, reject: () => {} }
    browser.hold(`async-transaction:${key(handle)}`, {
      tab: frozen,
      since: 0,
      grant: () => new Promise(() => {}),
      settle,
    })
    frozen.frozen = true
    living.client.resume(handle).subscribe({})
    await browser.clock.advance(34_000)
    expect(reads(browser)).toHaveLength(0)
    await browser.clock.advance(2500)
    expect(reads(browser)).toHaveLength(1)
    await browser.clock.advance(10_000)
    expect(reads(browser).length).toBeGreaterThan(4)
  })
  const processingAt = (at: number): object => ({
    at,
    news: 'none',
    status: 200,
    headers: {},
    body: JSON.stringify(json),
  })

  it('is waited for since the question was asked', async () => {
    const browser = setUp({ latencyMs: 600_000 })
    const [frozen, living] = [browser.open({ schedule: () => 2000 }), browser.open({ schedule: () => 2000 })]
    const { task, handle } = await pay(browser, frozen)
    browser.sandbox.fault({ on: 'status', kind: 'delay', ms: 60_000 })
    task.subscribe({})
    await browser.clock.advance(3000)
    frozen.frozen = true
    await browser.clock.advance(20_000)
    living.client.resume(handle).subscribe({})
    await browser.clock.advance(13_000)
    expect(reads(browser)).toHaveLength(1)
    await browser.clock.advance(2000)
    expect(reads(browser)).toHaveLength(2)
  })

  it('leaves the question after it a whole time-out', async () => {
    const browser = setUp({ latencyMs: 1000 })
    browser.sandbox.fault({ on: 'submit', kind: 'error' })
    const [frozen, living] = [browser.open(), browser.open()]
    const { handle } = await pay(browser, frozen)
    const settle = { resolve: () => {}, reject: () => {} }
    browser.hold(`async-transaction:${key(handle)}`, {
      tab: frozen,
      since: 0,
      grant: () => new Promise(() => {}),
      settle,
    })
    browser.sandbox.fault({ on: 'status', kind: 'delay', ms: 29_000 })
    const outcome = living.client.resume(handle).outcome()
    await expect(browser.clock.until(outcome)).resolves.toMatchObject({ error: { code: 'gateway-error' } })
  })

  it('is not taken from a tab that waits for a slow response, whatever its time-out', async () => {
    const browser = setUp({ latencyMs: 1000 })
    const options = { pollTimeoutMs: 90_000, schedule: () => 2000 }
    const [first, second] = [browser.open(options), browser.open(options)]
    const { task, handle } = await pay(browser, first)
    browser.sandbox.fault({ on: 'status', kind: 'delay', ms: 80_000 })
    const outcomes = Promise.all([task.outcome(), second.client.resume(handle).outcome()])
    await browser.clock.advance(75_000)
    expect(reads(browser)).toHaveLength(1)
    await expect(browser.clock.until(outcomes)).resolves.toMatchObject([{ status: 'result' }, { status: 'result' }])
  })
})

describe('a storage of answers that never answers', () => {
  const hangs = { ...memoryJournal(), getItem: () => new Promise(() => {}), setItem: () => new Promise(() => {}) }
  it('delays the outcome once, and not with each question', async () => {
    const took: number[] = []
    for (const answers of [memoryJournal(), hangs]) {
      const browser = setUp({ latencyMs: 6000 })
      const { task } = await pay(browser, browser.open({ answers }))
      const startedAt = browser.clock.now()
      await expect(browser.clock.until(task.outcome())).resolves.toMatchObject({ status: 'result' })
      took.push(browser.clock.now() - startedAt)
    }
    const [without = 0, hanging = 0] = took
    expect(hanging - without).toBeLessThan(3500)
  })
})

describe('what a tab heard', () => {
  it('is not overwritten by the processing of a tab that thawed', async () => {
    const browser = setUp({ latencyMs: 4000 })
    const [first, second] = [browser.open({ schedule: () => 1000 }), browser.open()]
    const { task, handle } = await pay(browser, first)
    browser.sandbox.fault({ on: 'status', kind: 'delay', ms: 500 })
    task.subscribe({})
    await browser.clock.advance(1200)
    expect(reads(browser)).toHaveLength(1)
    first.frozen = true
    await browser.clock.until(second.client.resume(handle).outcome())
    const asked = reads(browser).length
    first.thaw()
    await browser.clock.advance(5000)
    await expect(browser.clock.until(browser.open().client.resume(handle).outcome())).resolves.toMatchObject({
      status: 'result',
    })
    expect(reads(browser)).toHaveLength(asked)
  })

  it('is kept although a tab that thawed had asked before: its once-only error reaches the others', async () => {
    const browser = setUp({ latencyMs: 1000 })
    browser.sandbox.fault({ on: 'submit', kind: 'error' })
    const [first, second] = [browser.open({ schedule: () => 1500 }), browser.open({ schedule: () => 2000 })]
    const { task, handle } = await pay(browser, first)
    browser.sandbox.fault({ on: 'status', kind: 'delay', ms: 2000 })
    const own = task.outcome()
    await browser.clock.advance(3000)
    expect(reads(browser)).toHaveLength(1)
    first.frozen = true
    // It takes the lock, hears that the task is unknown, and the lookups last more than ten seconds.
    const other = second.client.resume(handle)
    other.subscribe({})
    await browser.clock.advance(40_000)
    first.thaw()
    await expect(browser.clock.until(own)).resolves.toMatchObject({ error: { code: 'gateway-error' } })
    const late = browser.open().client.resume(handle).outcome()
    await expect(browser.clock.until(late)).resolves.toMatchObject({ error: { code: 'gateway-error' } })
  })

  it('an HTML page of a server on the way is not: the response may have gone with it', async () => {
    const browser = setUp({ latencyMs: 1000 })
    browser.sandbox.fault({ on: 'submit', kind: 'error' })
    const [first, second] = [browser.open({ schedule: () => 1500 }), browser.open({ schedule: () => 4000 })]
    const { task, handle } = await pay(browser, first)
    browser.sandbox.fault({ on: 'status', kind: 'html', status: 502, taken: true })
    task.subscribe({})
    await browser.clock.advance(2000)
    first.close()
    const outcome = second.client.resume(handle).outcome()
    await expect(browser.clock.until(outcome)).resolves.toMatchObject({ status: 'unknown', cause: 'answer-lost' })
  })

  it('an error that is not confirmed is no end for the others: a later processing refutes it', async () => {
    const browser = setUp({ latencyMs: 8000 })
    const [first, second] = [browser.open({ schedule: () => 1500 }), browser.open({ schedule: () => 2500 })]
    const { task, handle } = await pay(browser, first)
    browser.sandbox.fault({ on: 'status', kind: 'http', status: 500, body: { message: 'Balancer' } })
    const outcomes = Promise.all([task.outcome(), second.client.resume(handle).outcome()])
    await expect(browser.clock.until(outcomes)).resolves.toMatchObject([{ status: 'result' }, { status: 'result' }])
  })
})

describe.each([60_000, 600_000])('a page whose clock is %i ms fast', (fastMs) => {
  it.each<[string, string, (browser: FakeBrowser) => void]>([
    ['is told that it paid', cards.succeeds, () => {}],
    ['is told that it was declined', cards.declined, () => {}],
    [
      'is told that it paid when the answers to its POSTs were lost',
      cards.succeeds,
      ({ sandbox }) => sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 }),
    ],
  ])('%s', async (_, number, happens) => {
    const browser = setUp()
    const { clock } = browser
    happens(browser)
    const fast = { ...clock, now: () => clock.now() + fastMs }
    const card = { number, verification_value: '123', exp_month: '05', exp_year: '2030' }
    const task = browser.open({ clock: fast }).client.submit('payments', order({ credit_card: card }))
    await expect(clock.until(task.outcome())).resolves.toMatchObject({
      status: 'result',
      transaction: { status: number === cards.succeeds ? 'successful' : 'failed' },
    })
  })
})

describe('a gateway-error that was repaired', () => {
  it('is looked up when the page that shows it is looked at again, at most once a minute', async () => {
    const browser = setUp()
    browser.sandbox.fault({ on: 'submit', kind: 'error' })
    const tab = browser.open()
    const { task } = await pay(browser, tab, { amount: 5000 })
    const left = new AbortController()
    let repaired = 0
    watchOutcome(task, () => (repaired += 1), left)
    await browser.clock.until(task.outcome())
    const lookups = () => browser.sandbox.requests().filter(({ operation }) => operation === 'lookup').length
    const before = lookups()
    const look = async (): Promise<number> => {
      tab.visible = true
      await browser.clock.advance(1000)
      return lookups() - before
    }
    expect(await look()).toBe(0)
    await browser.clock.advance(60_000)
    expect(await look()).toBe(1)
    expect(await look()).toBe(1)
    await browser.clock.advance(60_000)
    browser.sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [paid(task)] } })
    expect(await look()).toBe(2)
    expect(repaired).toBe(1)
    expect(task.getSnapshot()).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
    expect([...tab.window.listeners, ...tab.document.listeners]).toEqual([])
  })
  const paid = ({ trackingId }: TransactionTask): object => ({
    uid: '1-a',
    status: 'successful',
    type: 'payment',
    amount: 5000,
    currency: 'KZT',
    test: true,
    tracking_id: trackingId,
    created_at: new Date(1_800_000_010_000).toISOString(),
  })

  it('is looked up at once by a page that finds it in its journal and shows it', async () => {
    const browser = setUp()
    const journal = memoryJournal()
    browser.sandbox.fault({ on: 'submit', kind: 'error' })
    const tab = browser.open({ journal })
    const { task } = await pay(browser, tab, { amount: 5000 })
    await browser.clock.until(task.outcome())
    browser.sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [paid(task)] } })
    const [recovered] = await browser.open({ journal }).client.recover()
    await new Promise<void>((repaired) => {
      watchOutcome(recovered as TransactionTask, repaired)
    })
    expect(recovered?.getSnapshot()).toMatchObject({ status: 'result' })
  })
})

describe('a service worker', () => {
  it.each([
    ['that keeps responses is warned of, once', true, 1],
    ['that lets all through is not', false, 0],
  ])('%s', async (_, keeps, count) => {
    const browser = setUp({ latencyMs: 20_000 })
    const warnings: unknown[] = []
    let kept: Response | undefined
    const fetch = async (request: Request): Promise<Response> => {
      const response = await browser.sandbox.fetch(request)
      // Serves the response before, as "stale while revalidate" does.
      const served = keeps && request.url.includes('/status/') && kept ? kept : response
      if (request.url.includes('/status/')) kept = response.clone()
      return served.clone()
    }
    const onEvent = (event: ClientEvent): void => {
      if (event.type === 'warning') warnings.push(event.warning)
    }
    const navigator = { onLine: true, serviceWorker: { controller: {} } }
    const tab = browser.open({ fetch, onEvent, schedule: () => 5000 }, { navigator })
    const { task } = await pay(browser, tab)
    await browser.clock.until(task.outcome())
    expect(warnings).toEqual(Array(count).fill('kept-response'))
  })
})
