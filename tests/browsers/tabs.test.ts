/** A client in a page: several tabs ask as one, and the page's own comings and goings are heeded. */

import { memoryJournal, type Schedule, type TransactionTask } from '@async-transaction/core'
import { describe, expect, it } from 'vitest'
import { cards, order } from '../conformance/checkout.ts'
import { pay, reads, setUp, statusesOf } from './browser-of.ts'
import type { Tab } from './fake-browser.ts'

describe('tabs of one origin', () => {
  it('all get an error that the gateway tells once, though it was asked once', async () => {
    const browser = setUp()
    browser.sandbox.fault({ on: 'submit', kind: 'error' })
    const tabs = [browser.open(), browser.open(), browser.open()]
    const { task, handle } = await pay(browser, tabs[0] as Tab)
    const others = tabs.slice(1).map(({ client }) => client.resume(handle))
    const outcomes = await browser.clock.until(Promise.all([task, ...others].map((each) => each.outcome())))
    expect(outcomes).toMatchObject(Array(3).fill({ status: 'error', error: { code: 'gateway-error' } }))
    // And the 404 that confirms it.
    expect(statusesOf(browser).filter((status) => status !== 200)).toEqual([500, 404])
  })

  it('do not ask while the answer to another one is on its way', async () => {
    const browser = setUp({ latencyMs: 1000 })
    browser.sandbox.fault({ on: 'submit', kind: 'error' })
    const [first, second] = [browser.open(), browser.open()]
    const { task, handle } = await pay(browser, first)
    await browser.clock.advance(2000)
    browser.sandbox.fault({ on: 'status', kind: 'delay', ms: 3000 })
    const outcomes = [task, second.client.resume(handle)].map((each) => each.outcome())
    await expect(browser.clock.until(Promise.all(outcomes))).resolves.toMatchObject(
      Array(2).fill({ error: { code: 'gateway-error' } }),
    )
    expect(statusesOf(browser)).toEqual([500, 404])
  })

  it('ask hardly more often than one alone, whose pace is that of the most eager', async () => {
    const asked: number[] = []
    for (const count of [1, 4]) {
      const browser = setUp({ latencyMs: 120_000 })
      const tabs = Array.from({ length: count }, () => browser.open({ random: Math.random }))
      const { handle } = await pay(browser, tabs[0] as Tab)
      const outcomes = tabs.map(({ client }) => client.resume(handle).outcome())
      await browser.clock.until(Promise.all(outcomes))
      asked.push(reads(browser).length)
    }
    const [alone = 0, together = 0] = asked
    expect(together).toBeLessThanOrEqual(alone * 1.5)
  })

  it('hear at once what another one heard', async () => {
    const browser = setUp()
    const [first, second] = [browser.open(), browser.open({ schedule: () => 3_600_000 })]
    const { task, handle } = await pay(browser, first)
    const other = second.client.resume(handle).outcome()
    await browser.clock.until(task.outcome())
    await browser.clock.advance(0)
    const now = browser.clock.now()
    await expect(browser.clock.until(other)).resolves.toMatchObject({ status: 'result' })
    expect(browser.clock.now()).toBe(now)
  })

  it('do not drive each other to ask, whichever URL each asks at', async () => {
    const browser = setUp({ latencyMs: 60_000 })
    const tabs = [browser.open(), browser.open({ strategy: 'result' })]
    const { handle } = await pay(browser, tabs[0] as Tab)
    await browser.clock.until(Promise.all(tabs.map(({ client }) => client.resume(handle).outcome())))
    expect(reads(browser).length).toBeLessThan(40)
  })

  it('one that is opened later gets the error, and confirms it by one poll', async () => {
    const browser = setUp()
    browser.sandbox.fault({ on: 'submit', kind: 'error' })
    const first = browser.open()
    const { task, handle } = await pay(browser, first)
    await browser.clock.until(task.outcome())
    first.close()
    await browser.clock.advance(3_600_000)
    const asked = reads(browser).length
    const late = browser.open().client.resume(handle).outcome()
    await expect(browser.clock.until(late)).resolves.toMatchObject({ error: { code: 'gateway-error' } })
    expect(reads(browser)).toHaveLength(asked + 1)
  })

  it('go on when the one that asked is closed', async () => {
    const browser = setUp({ latencyMs: 20_000 })
    const [first, second] = [browser.open(), browser.open()]
    const { task, handle } = await pay(browser, first)
    task.subscribe({})
    const other = second.client.resume(handle).outcome()
    await browser.clock.advance(8000)
    first.close()
    await expect(browser.clock.until(other)).resolves.toMatchObject({ status: 'result' })
  })

  it('say that the answer was lost when the one that asked died with it', async () => {
    const browser = setUp({ latencyMs: 1000 })
    browser.sandbox.fault({ on: 'submit', kind: 'error' })
    const [first, second] = [browser.open(), browser.open()]
    const { task, handle } = await pay(browser, first)
    browser.sandbox.fault({ on: 'status', kind: 'delay', ms: 2000 })
    task.subscribe({})
    await browser.clock.advance(4000)
    first.close()
    const other = second.client.resume(handle).outcome()
    await expect(browser.clock.until(other)).resolves.toMatchObject({ status: 'unknown', cause: 'answer-lost' })
    expect(reads(browser)).toHaveLength(2)
  })

  it('go on when the one that asked is frozen, and it finds its answer when it is not', async () => {
    const browser = setUp({ latencyMs: 30_000 })
    const [first, second] = [browser.open(), browser.open()]
    const { task, handle } = await pay(browser, first)
    browser.sandbox.fault({ on: 'status', kind: 'delay', ms: 500 })
    const outcome = task.outcome()
    await browser.clock.advance(3200)
    first.frozen = true
    await expect(browser.clock.until(second.client.resume(handle).outcome())).resolves.toMatchObject({
      status: 'result',
    })
    first.thaw()
    await expect(browser.clock.until(outcome)).resolves.toMatchObject({ status: 'result' })
  })

  it('share no card data', async () => {
    const browser = setUp()
    const tab = browser.open()
    const { task } = await pay(browser, tab, {
      credit_card: {
        number: cards.succeeds,
        verification_value: '123',
        exp_month: '05',
        exp_year: '2030',
        save_card: true,
      },
    })
    const transaction = await browser.clock.until(task.result())
    expect(transaction.credit_card?.token).toEqual(expect.any(String))
    const keys = (await browser.answers.getKeys()) as string[]
    const stored = JSON.stringify([browser.messages, ...keys.map((key) => browser.answers.getItem(key))])
    expect(stored).toContain(transaction.uid)
    expect(stored).not.toContain(transaction.credit_card?.token)
    expect(stored).not.toContain(cards.succeeds)
    expect(browser.messages.every(({ requestId }) => requestId === task.handle?.requestId)).toBe(true)
  })

  it('never store a card number that an error echoes', async () => {
    const browser = setUp()
    const echoed = {
      message: 'No',
      errors: { credit_card: { number: [`${cards.succeeds} is odd`] } },
      seen: 4200000000000000,
    }
    browser.sandbox.fault({ on: 'submit', kind: 'error', status: 422, body: echoed })
    const { task, handle } = await pay(browser, browser.open())
    await browser.clock.until(task.outcome())
    const keys = (await browser.answers.getKeys()) as string[]
    expect(JSON.stringify(keys.map((key) => browser.answers.getItem(key)))).not.toContain(cards.succeeds)
    const late = await browser.clock.until(browser.open().client.resume(handle).outcome())
    expect(late).toMatchObject({ status: 'error', error: { code: 'gateway-error', message: 'No' } })
  })

  it('forget the answers after a day', async () => {
    const browser = setUp()
    const { task } = await pay(browser, browser.open())
    await browser.clock.until(task.outcome())
    expect(await browser.answers.getKeys()).toHaveLength(1)
    await browser.clock.advance(24 * 3_600_000)
    const next = await pay(browser, browser.open())
    await browser.clock.until(next.task.outcome())
    await browser.clock.advance(0)
    expect(await browser.answers.getKeys()).toEqual([expect.stringContaining(next.handle.requestId)])
  })
})

describe('where a feature is missing', () => {
  const broken = { ...memoryJournal(), getItem: () => Promise.reject(new Error('refused')) }
  const refused = { request: () => Promise.reject(new DOMException('No origin', 'SecurityError')) }
  class NoChannel {
    constructor() {
      throw new DOMException('No origin', 'SecurityError')
    }
  }
  it.each([
    ['Web Locks', {}, { navigator: { onLine: true } }],
    ['leave to lock', {}, { navigator: { onLine: true, locks: refused } }],
    ['a working storage', { answers: broken }, {}],
    ['BroadcastChannel', {}, { BroadcastChannel: undefined }],
    ['leave to open a channel', {}, { BroadcastChannel: NoChannel as never }],
    ['a document', {}, { document: undefined }],
    [
      'all of it',
      {},
      { document: undefined, navigator: undefined, BroadcastChannel: undefined, addEventListener: undefined },
    ],
  ])('%s: each tab asks for itself, and all get the result', async (_, options, page) => {
    const browser = setUp()
    const [first, second] = [browser.open(options, page), browser.open(options, page)]
    const { task, handle } = await pay(browser, first)
    const outcomes = Promise.all([task.outcome(), second.client.resume(handle).outcome()])
    await expect(browser.clock.until(outcomes)).resolves.toMatchObject([{ status: 'result' }, { status: 'result' }])
  })

  it('BroadcastChannel: an error that is told once still reaches all', async () => {
    const browser = setUp()
    browser.sandbox.fault({ on: 'submit', kind: 'error' })
    const page = { BroadcastChannel: undefined }
    const [first, second] = [browser.open({}, page), browser.open({}, page)]
    const { task, handle } = await pay(browser, first)
    const outcomes = Promise.all([task.outcome(), second.client.resume(handle).outcome()])
    await expect(browser.clock.until(outcomes)).resolves.toMatchObject(
      Array(2).fill({ error: { code: 'gateway-error' } }),
    )
    expect(statusesOf(browser).filter((status) => status !== 200)).toEqual([500, 404])
  })
})

describe('a page', () => {
  const patient = { schedule: () => 3_600_000 }

  it.each<[string, (tab: Tab) => void]>([
    [
      'is looked at again',
      (tab) => {
        tab.visible = false
        tab.visible = true
      },
    ],
    [
      'comes back from the back-forward cache',
      (tab) => {
        tab.putAside()
        tab.bringBack()
      },
    ],
    [
      'comes back online',
      (tab) => {
        tab.online = false
        tab.online = true
      },
    ],
  ])('asks at once when it %s', async (_, happens) => {
    const browser = setUp()
    const tab = browser.open(patient)
    const { task } = await pay(browser, tab)
    const outcome = task.outcome()
    await browser.clock.advance(6000)
    expect(reads(browser)).toHaveLength(0)
    happens(tab)
    await browser.clock.advance(100)
    expect(reads(browser)).not.toHaveLength(0)
    await expect(browser.clock.until(outcome)).resolves.toMatchObject({ status: 'result' })
  })

  it('does not take what another tab heard earlier for news when it is looked at again', async () => {
    const browser = setUp({ latencyMs: 3500 })
    const [first, second] = [
      browser.open({ schedule: () => 1000 }),
      browser.open(patient, { BroadcastChannel: undefined }),
    ]
    const { task, handle } = await pay(browser, first)
    const watching = task.subscribe({})
    const other = second.client.resume(handle)
    const outcome = other.outcome()
    await browser.clock.advance(3200)
    watching.unsubscribe()
    await browser.clock.advance(1000)
    second.visible = true
    await browser.clock.advance(100)
    expect(other.getSnapshot().status).toBe('result')
    await outcome
  })

  it('asks after nothing that nobody observes', async () => {
    const browser = setUp()
    const tab = browser.open(patient)
    const { task } = await pay(browser, tab)
    task.subscribe({}).unsubscribe()
    tab.visible = true
    await browser.clock.advance(1000)
    expect(reads(browser)).toHaveLength(0)
  })

  it('asks four times less often while it is hidden, and never stops', async () => {
    const browser = setUp({ latencyMs: 600_000 })
    const tab = browser.open({ schedule: () => 2000 })
    tab.visible = false
    const { task } = await pay(browser, tab)
    const outcome = task.outcome()
    await browser.clock.advance(80_000)
    expect(reads(browser)).toHaveLength(10)
    await expect(browser.clock.until(outcome)).resolves.toMatchObject({ status: 'result' })
    expect(reads(browser).length).toBeGreaterThan(70)
  })

  it('learns and tells how far a task is as the schedule that it slows down does', async () => {
    const browser = setUp({ latencyMs: 3000 })
    const told: object[] = []
    const schedule: Schedule = Object.assign(() => 2000, {
      observe: (completion: object) => void told.push(completion),
      estimate: () => ({ progress: 0.5, expectedMs: 1000 }),
    })
    const { task } = await pay(browser, browser.open({ schedule }))
    const outcome = task.outcome()
    expect(task.getSnapshot()).toMatchObject({ status: 'processing', progress: 0.5, expectedMs: 1000 })
    await browser.clock.until(outcome)
    expect(told).toMatchObject([{ type: 'payments', afterMs: 2000, byMs: 4000 }])
  })

  it('asks nothing in the first 30 seconds offline, then once in 30 seconds', async () => {
    const browser = setUp({ latencyMs: 600_000 })
    const tab = browser.open({ schedule: () => 2000 })
    const { task } = await pay(browser, tab)
    const outcome = task.outcome()
    await browser.clock.advance(5000)
    tab.online = false
    const asked = reads(browser).length
    const tried = tab.tries
    await browser.clock.advance(29_000)
    expect(tab.tries).toBe(tried)
    expect(task.handle?.lost).toBe(0)
    await browser.clock.advance(270_000)
    expect(tab.tries - tried).toBeGreaterThan(4)
    expect(tab.tries - tried).toBeLessThanOrEqual(10)
    tab.online = true
    await browser.clock.advance(100)
    expect(reads(browser)).toHaveLength(asked + 1)
    await expect(browser.clock.until(outcome)).resolves.toMatchObject({ status: 'result' })
  })

  it('fires no timer that came due offline when it comes back online, but starts it again', async () => {
    const browser = setUp({ latencyMs: 600_000 })
    const tab = browser.open({ schedule: () => 2000 }, { document: undefined })
    const first = await pay(browser, tab)
    const second = await pay(browser, tab, { amount: 99 })
    for (const { task } of [first, second]) task.outcome()
    await browser.clock.advance(5000)
    const asked = reads(browser).length
    tab.onLine = false
    await browser.clock.advance(10_000)
    // Without the event the tasks are not polled at once.
    tab.onLine = true
    tab.window.emit('pageshow')
    await browser.clock.advance(1900)
    expect(reads(browser)).toHaveLength(asked)
    await browser.clock.advance(200)
    expect(reads(browser)).toHaveLength(asked + 2)
  })

  it('that is said to be offline on a working network believes its own responses', async () => {
    const browser = setUp({ latencyMs: 600_000 })
    const tab = browser.open({ schedule: () => 2000 })
    tab.onLine = false
    tab.networkWorks = true
    const { task } = await pay(browser, tab)
    task.outcome()
    await browser.clock.advance(45_000)
    expect(reads(browser).length).toBeGreaterThan(10)
    expect(task.handle?.lost).toBe(0)
  })

  it('that is said to be offline sends a POST again that was reset', async () => {
    const browser = setUp()
    const tab = browser.open()
    tab.onLine = false
    tab.networkWorks = true
    browser.sandbox.fault({ on: 'submit', kind: 'drop-before' })
    const task = tab.client.submit('payments', order())
    const startedAt = browser.clock.now()
    await expect(browser.clock.until(task.outcome())).resolves.toMatchObject({ status: 'result' })
    expect(browser.clock.now() - startedAt).toBeLessThan(45_000)
    expect(browser.sandbox.charges(task.trackingId)).toBe(1)
  })

  it('keeps a submission for when it is online again, under the same key', async () => {
    const browser = setUp()
    const tab = browser.open()
    tab.online = false
    const task = tab.client.submit('payments', order())
    await browser.clock.advance(50_000)
    expect(task.getSnapshot().status).toBe('submitting')
    tab.online = true
    await expect(browser.clock.until(task.outcome())).resolves.toMatchObject({ status: 'result' })
    expect(browser.sandbox.charges(task.trackingId)).toBe(1)
  })

  it('sends nothing an hour after the click: the customer may have paid elsewhere', async () => {
    const browser = setUp()
    const tab = browser.open()
    tab.online = false
    const task = tab.client.submit('payments', order())
    await browser.clock.advance(3_600_000)
    tab.online = true
    await expect(browser.clock.until(task.outcome())).resolves.toMatchObject({ error: { code: 'submit-lost' } })
    expect(browser.sandbox.charges(task.trackingId)).toBe(0)
  })

  it('holds nothing that keeps it out of the back-forward cache', async () => {
    const browser = setUp()
    const [tab, other] = [browser.open(), browser.open()]
    const { task, handle } = await pay(browser, tab)
    browser.sandbox.fault({ on: 'status', kind: 'delay', ms: 2000 })
    const outcomes = Promise.all([task.outcome(), other.client.resume(handle).outcome()])
    await browser.clock.advance(1000)
    expect([browser.held.size, browser.channels.size]).toEqual([1, 2])
    const holder = [...browser.held.values()][0]?.tab as Tab
    holder.putAside()
    await browser.clock.advance(0)
    expect([...browser.held.values()].some((held) => held.tab === holder)).toBe(false)
    expect(holder.channels.size).toBe(0)
    holder.bringBack()
    await expect(browser.clock.until(outcomes)).resolves.toMatchObject([{ status: 'result' }, { status: 'result' }])
    for (const { everHeard } of [tab.window, tab.document])
      expect([...everHeard].filter((type) => /unload/.test(type))).toEqual([])
  })

  it('that is put aside while it waits for the answer to another tab waits no more, and asks when it is back', async () => {
    const browser = setUp()
    const [tab, other] = [browser.open(), browser.open()]
    const { task, handle } = await pay(browser, tab)
    browser.sandbox.fault({ on: 'status', kind: 'delay', ms: 10_000 })
    const outcomes = Promise.all([task.outcome(), other.client.resume(handle).outcome()])
    void task.poll()
    await browser.clock.advance(0)
    expect([browser.held.size, browser.queue.length]).toEqual([1, 1])
    const waiting = browser.queue[0]?.waiting.tab as Tab
    const { tries } = waiting
    waiting.window.emit('pagehide')
    await browser.clock.advance(0)
    expect(browser.queue).toHaveLength(0)
    // Without the lock it does not ask either.
    expect(waiting.tries).toBe(tries)
    waiting.putAside()
    waiting.bringBack()
    await expect(browser.clock.until(outcomes)).resolves.toMatchObject([{ status: 'result' }, { status: 'result' }])
  })

  it('is left without a timer, a listener, a lock or a channel when all is settled or stopped', async () => {
    const browser = setUp()
    const tab = browser.open()
    const { task } = await pay(browser, tab)
    await browser.clock.until(task.outcome())
    const { task: stopped } = await pay(browser, tab)
    stopped.subscribe({ error: () => {} })
    expect(tab.window.listeners).not.toHaveLength(0)
    stopped.stop()
    await browser.clock.advance(5000)
    expect(tab.window.listeners).toEqual([])
    expect(tab.document.listeners).toEqual([])
    expect([browser.held.size, browser.queue.length, browser.channels.size, browser.clock.pending]).toEqual([
      0, 0, 0, 0,
    ])
  })

  it('that is reloaded while it asks says that the answer was lost', async () => {
    const browser = setUp({ latencyMs: 1000 })
    const journal = memoryJournal()
    browser.sandbox.fault({ on: 'submit', kind: 'error' })
    const tab = browser.open({ journal })
    const { task } = await pay(browser, tab)
    browser.sandbox.fault({ on: 'status', kind: 'delay', ms: 2000 })
    task.subscribe({})
    await browser.clock.advance(4000)
    tab.close()
    const [recovered] = await browser.open({ journal }).client.recover()
    const outcome = await browser.clock.until((recovered as TransactionTask).outcome())
    expect(outcome).toMatchObject({ status: 'unknown', cause: 'answer-lost' })
  })
})
