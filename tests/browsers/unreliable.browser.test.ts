/** A browser whose word is not to be relied on, for real: `onLine` that lies, locks that stay, storage that hangs or is denied. */
import { afterEach, expect, inject, it } from 'vitest'
import { charges, closeTabs, fault, openTab, order, told } from './open-tab.ts'

const baseUrl = inject('gatewayUrl')

afterEach(closeTabs)

const offline = "Object.defineProperty(navigator, 'onLine', { value: false, configurable: true });"
const every = { schedule: () => 250 }

it('pays, and asks, where `navigator.onLine` is false on a working network', async () => {
  const request = order()
  const frame = await openTab(offline)
  const task = frame.tab.client({ baseUrl, ...every }).submit('payments', request)
  expect(await told(frame, task)).toEqual({ status: 'result', transaction: 'successful' })
})

it('sends a POST again that was reset, where `navigator.onLine` is false', { timeout: 60_000 }, async () => {
  const request = order()
  // Chromium sends the first one again by itself. Each wait for the network lasts half a minute.
  const times = navigator.userAgent.includes('Chrome') ? 2 : 1
  await fault({ on: 'submit', kind: 'drop-before', trackingId: request.tracking_id, times })
  const frame = await openTab(offline)
  const task = frame.tab.client({ baseUrl, ...every }).submit('payments', request)
  expect(await told(frame, task)).toEqual({ status: 'result', transaction: 'successful' })
  expect(await charges(request.tracking_id)).toBe(1)
})

it('asks in spite of a Web Lock that a frame holds and does nothing with', { timeout: 60_000 }, async () => {
  const request = order()
  const [holder, frame] = [await openTab(), await openTab()]
  const client = frame.tab.client({ baseUrl, ...every, pollTimeoutMs: 2000 })
  const task = client.submit('payments', request)
  const { statusUrl, requestId } = await task.accepted()
  const base = statusUrl.slice(0, statusUrl.indexOf('status/'))
  void holder.window.navigator.locks.request(`async-transaction:${base}${requestId}`, () => new Promise(() => {}))
  const startedAt = Date.now()
  expect(await told(frame, task)).toEqual({ status: 'result', transaction: 'successful' })
  expect(Date.now() - startedAt).toBeGreaterThan(6000)
  expect(Date.now() - startedAt).toBeLessThan(12_000)
})

it('is delayed once by an IndexedDB that never answers', async () => {
  const request = order()
  const frame = await openTab('IDBFactory.prototype.open = () => ({});')
  const task = frame.tab.client({ baseUrl, ...every }).submit('payments', request)
  const startedAt = Date.now()
  expect(await told(frame, task)).toEqual({ status: 'result', transaction: 'successful' })
  expect(Date.now() - startedAt).toBeLessThan(6000)
})

it.each([60_000, 600_000])('pays by a clock that is %i ms fast, although the POST got no response', async (fastMs) => {
  const request = order()
  await fault({ on: 'submit', kind: 'drop-after', trackingId: request.tracking_id, times: 3 })
  const frame = await openTab(`const now = Date.now; Date.now = () => now.call(Date) + ${fastMs};`)
  const task = frame.tab.client({ baseUrl }).submit('payments', request)
  expect(await told(frame, task)).toEqual({ status: 'result', transaction: 'successful' })
  expect(await charges(request.tracking_id)).toBe(1)
})

it('pays where the storage of the page is denied', async () => {
  const request = order()
  const denied = "throw new DOMException('Denied', 'SecurityError')"
  const frame = await openTab(`
    Object.defineProperty(window, 'sessionStorage', { get() { ${denied} } })
    IDBFactory.prototype.open = () => { ${denied} }
  `)
  const { client, journals } = frame.tab
  const task = client({ baseUrl, ...every, journal: journals.session }).submit('payments', request)
  expect(await told(frame, task)).toEqual({ status: 'result', transaction: 'successful' })
})

it('pays on an origin that is not secure, in all tabs', async () => {
  const request = order()
  const insecure = `
    Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })
    Crypto.prototype.randomUUID = undefined
    Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })
  `
  const [first, second] = [await openTab(insecure), await openTab(insecure)]
  const task = first.tab.client({ baseUrl, ...every }).submit('payments', request)
  const handle = await task.accepted()
  const other = told(second, second.tab.client({ baseUrl, ...every }).resume(handle))
  expect(await Promise.all([told(first, task), other])).toEqual(
    Array(2).fill({ status: 'result', transaction: 'successful' }),
  )
})
