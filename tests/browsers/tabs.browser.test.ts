/** The same in a real browser: frames of one origin, each a tab with its own client, at a gateway over real sockets. */
import type { TaskHandle, TransactionTask } from '@async-transaction/core'
import { afterEach, describe, expect, inject, it, vi } from 'vitest'
import {
  charges,
  close,
  closeTabs,
  type Frame,
  failures,
  fault,
  openTab,
  order,
  reads,
  sleep,
  told,
} from './open-tab.ts'

const baseUrl = inject('gatewayUrl')

afterEach(closeTabs)

/** A schedule that never comes due in the time of a test. */
const never = (): number => 3_600_000

describe('tabs of one origin', () => {
  it('all get an error that the gateway returns once, and share the 404 that confirms it', async () => {
    const request = order()
    await fault({ on: 'submit', kind: 'error', trackingId: request.tracking_id })
    const [first, second, third] = await Promise.all([openTab(), openTab(), openTab()])
    const task = first.tab.client({ baseUrl }).submit('payments', request)
    const handle = await task.accepted()
    const others = [second, third].map((frame) => told(frame, frame.tab.client({ baseUrl }).resume(handle)))
    const outcomes = await Promise.all([told(first, task), ...others])
    expect(outcomes).toEqual(Array(3).fill({ status: 'error', code: 'gateway-error' }))
    expect(await failures(request.tracking_id)).toEqual([500, 404])
  })

  it('one that is opened later gets it too, after the others are closed', async () => {
    const request = order()
    await fault({ on: 'submit', kind: 'error', trackingId: request.tracking_id })
    const first = await openTab()
    const task = first.tab.client({ baseUrl }).submit('payments', request)
    await told(first, task)
    const handle = structuredClone(task.handle) as TaskHandle
    close(first)
    const late = await openTab()
    expect(await told(late, late.tab.client({ baseUrl }).resume(handle))).toEqual({
      status: 'error',
      code: 'gateway-error',
    })
    expect(await failures(request.tracking_id)).toEqual([500, 404])
  })

  it('hear at once what another one heard', async () => {
    const request = order()
    const [first, second] = await Promise.all([openTab(), openTab()])
    const task = first.tab.client({ baseUrl }).submit('payments', request)
    const handle = await task.accepted()
    const other = told(second, second.tab.client({ baseUrl, schedule: never }).resume(handle))
    await told(first, task)
    expect(await other).toEqual({ status: 'result', transaction: 'successful' })
    expect(await charges(request.tracking_id)).toBe(1)
  })

  it('go on when the one that asks is closed in the middle of its question', async () => {
    const request = order()
    await fault({ on: 'status', kind: 'delay', ms: 60_000, taken: false, trackingId: request.tracking_id })
    const [first, second] = await Promise.all([openTab(), openTab()])
    const task = first.tab.client({ baseUrl, schedule: () => 250 }).submit('payments', request)
    const handle = structuredClone(await task.accepted())
    task.subscribe({ error: () => {} })
    await vi.waitFor(async () => expect(await reads(request.tracking_id)).toHaveLength(1), { timeout: 10_000 })
    const other = told(second, second.tab.client({ baseUrl }).resume(handle))
    await sleep(300)
    expect(await reads(request.tracking_id)).toHaveLength(1)
    close(first)
    expect(await other).toEqual({ status: 'result', transaction: 'successful' })
  })

  // The five lookups of an unknown outcome take more than ten seconds.
  it('say that the answer was lost when the one that asked died with it', { timeout: 60_000 }, async () => {
    const request = order()
    await fault({ on: 'submit', kind: 'error', trackingId: request.tracking_id })
    const [first, second] = await Promise.all([openTab(), openTab()])
    const task = first.tab.client({ baseUrl, schedule: never }).submit('payments', request)
    const handle = structuredClone(await task.accepted())
    await sleep(500)
    await fault({ on: 'status', kind: 'delay', ms: 60_000, trackingId: request.tracking_id })
    task.subscribe({ error: () => {} })
    void task.poll()
    await vi.waitFor(async () => expect(await reads(request.tracking_id)).toHaveLength(1), { timeout: 10_000 })
    close(first)
    expect(await told(second, second.tab.client({ baseUrl }).resume(handle))).toEqual({
      status: 'unknown',
      cause: 'answer-lost',
    })
  })
})

describe('a page', () => {
  it.each<[string, (frame: Frame) => void]>([
    ['is looked at again', ({ window }) => window.document.dispatchEvent(new window.Event('visibilitychange'))],
    ['comes back online', ({ window }) => window.dispatchEvent(new window.Event('online'))],
    [
      'comes back from the back-forward cache',
      ({ window }) => {
        window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
        window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
      },
    ],
  ])('asks at once when it %s', async (_, happens) => {
    const request = order()
    const frame = await openTab()
    const task = frame.tab.client({ baseUrl, schedule: never }).submit('payments', request)
    await task.accepted()
    const outcome = told(frame, task)
    await sleep(500)
    expect(await reads(request.tracking_id)).toHaveLength(0)
    happens(frame)
    expect(await outcome).toEqual({ status: 'result', transaction: 'successful' })
  })

  it('asks nothing while it is offline', async () => {
    const request = order()
    const frame = await openTab()
    const task = frame.tab.client({ baseUrl, schedule: () => 250 }).submit('payments', request)
    await task.accepted()
    const { navigator } = frame.window
    Object.defineProperty(navigator, 'onLine', { value: false, configurable: true })
    const outcome = told(frame, task)
    await sleep(1500)
    expect(await reads(request.tracking_id)).toHaveLength(0)
    Object.defineProperty(navigator, 'onLine', { value: true, configurable: true })
    frame.window.dispatchEvent(new frame.window.Event('online'))
    expect(await outcome).toEqual({ status: 'result', transaction: 'successful' })
  })

  it.each(['session', 'indexedDb'] as const)('finds its payment again after a reload: %s', async (kind) => {
    const request = order()
    const before = await openTab()
    const task = before.tab.client({ baseUrl, journal: before.tab.journals[kind] }).submit('payments', request)
    await task.accepted()
    close(before)
    const after = await openTab()
    const recovered = await after.tab.client({ baseUrl, journal: after.tab.journals[kind] }).recover()
    const ours = recovered.find(({ trackingId }) => trackingId === request.tracking_id)
    expect(await told(after, ours as TransactionTask)).toEqual({ status: 'result', transaction: 'successful' })
    expect(await charges(request.tracking_id)).toBe(1)
  })
})
