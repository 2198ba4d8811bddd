import { describe, expect, it, vi } from 'vitest'
import { createManualClock } from '../testing/manual-clock.ts'
import { card, createShop, origin, payment } from '../testing/shop.ts'
import { createSandbox } from './create-sandbox.ts'
import type { RequestRecord } from './records.ts'

describe('sandbox.fetch', () => {
  const url = `${origin}/v2/transactions/tracking_id/none`
  const headers = { authorization: `Basic ${btoa('shop:key')}` }

  it('works detached, with a Request, a URL or a text', async () => {
    const { fetch } = createSandbox()
    const init = { headers }
    expect((await fetch(new Request(url, init))).status).toBe(200)
    expect((await fetch(new URL(url), init)).status).toBe(200)
    expect((await fetch(url, init)).status).toBe(200)
  })

  it('takes what comes with a Request over what is in it, as the global fetch does', async () => {
    const sandbox = createSandbox()
    expect((await sandbox.fetch(new Request(url), { headers })).status).toBe(200)
    await sandbox.fetch(new Request(url, { headers }), { method: 'DELETE', signal: null })
    const post = new Request(`${origin}/async/transactions/payments`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ request: payment() }),
    })
    expect((await sandbox.fetch(post, { headers: { ...headers, 'content-type': 'text/plain' } })).status).toBe(415)
    expect(sandbox.requests().map(({ method }) => method)).toEqual(['GET', 'DELETE', 'POST'])
  })

  it.each<[string, (signal: AbortSignal) => [Request, RequestInit?]]>([
    ['of the Request', (signal) => [new Request(url, { headers, signal })]],
    ['that comes with it', (signal) => [new Request(url, { headers }), { signal }]],
    ['that comes with it and with more', (signal) => [new Request(url), { headers, signal }]],
    [
      'of the Request, though another comes with it',
      (signal) => [new Request(url, { headers, signal }), { signal: new AbortController().signal }],
    ],
  ])('hears the signal %s, while the answer is on its way and after its head', async (_, calling) => {
    const sandbox = createSandbox()
    sandbox.fault({ on: 'lookup', kind: 'delay', ms: 60_000 })
    const leaving = new AbortController()
    const pending = sandbox.fetch(...calling(leaving.signal))
    await expect.poll(() => sandbox.requests().length, { interval: 1 }).toBe(1)
    await new Promise((resolve) => setImmediate(resolve))
    leaving.abort(new Error('left'))
    await expect(pending).rejects.toThrow('left')
    expect(sandbox.requests()).toMatchObject([{ aborted: true }])

    sandbox.fault({ on: 'lookup', kind: 'stall' })
    const later = new AbortController()
    const response = await sandbox.fetch(...calling(later.signal))
    const reading = response.text()
    later.abort(new Error('left'))
    await expect(reading).rejects.toThrow('left')
  })

  it('can stand for the global fetch', () => {
    const standIn: typeof fetch = createSandbox().fetch
    expect(standIn).toBeTypeOf('function')
  })

  it('does nothing for a request that is aborted already', async () => {
    const sandbox = createSandbox()
    const signal = AbortSignal.abort(new Error('too late'))
    await expect(sandbox.fetch(url, { headers, signal })).rejects.toThrow('too late')
    expect(sandbox.requests()).toEqual([])
  })
})

describe('options', () => {
  it.each([
    [{ latencyMs: -1 }, 'latencyMs takes milliseconds'],
    [{ latencyMs: [5, 1] }, 'latencyMs takes milliseconds'],
    [{ latencyMs: Number.NaN }, 'latencyMs takes milliseconds'],
    [{ lookupLagMs: -1 }, 'lookupLagMs takes milliseconds, 0 or more'],
    [{ lookupLagMs: '3s' }, 'lookupLagMs takes milliseconds, 0 or more'],
    [{ seed: Number.NaN }, 'seed takes a number'],
    [{ credentials: { shopId: '', secretKey: 'x' } }, 'credentials takes'],
    [{ baseUrl: '/pay' }, 'baseUrl takes an absolute URL'],
    [{ processingStatus: 404 }, 'processingStatus takes 425, 202 or 200'],
    [{ refuseAt: 'never' }, "refuseAt takes 'submit' or 'task'"],
    [{ refusalStatus: 404 }, 'refusalStatus takes 422 or 400'],
    [{ refusalStatus: '400' }, 'refusalStatus takes 422 or 400'],
    [{ repeatWhileProcessing: '409' }, "repeatWhileProcessing takes 'acknowledgement', 409 or 425"],
    [{ listedWhileProcessing: 'pending' }, "listedWhileProcessing takes 'nothing', 'incomplete' or 'without-status'"],
    [{ rawCards: false }, "rawCards takes 'allowed' or 'refused'"],
  ])('%o is refused', (options, message) => {
    expect(() => createSandbox(options as never)).toThrow(message)
  })

  it('touch neither time nor randomness before the first request', () => {
    const never = () => {
      throw new Error('touched')
    }
    const random = vi.spyOn(Math, 'random').mockImplementation(never)
    createSandbox({ clock: { now: never, setTimeout: never, clearTimeout: never } })
    random.mockRestore()
  })

  it('without latency a task is acknowledged as processing, and completed for whoever asks next', async () => {
    const shop = createShop(createSandbox({ clock: createManualClock() }))
    const { body } = await shop.pay()
    expect(body.status).toBe('processing')
    expect((await shop.status(body.request_id)).body.status).toBe('completed')
  })
})

describe('records', () => {
  it('tell each request, from its arrival on', async () => {
    const clock = createManualClock()
    const seen: RequestRecord[] = []
    const sandbox = createSandbox({ clock, onRequest: (record) => seen.push(record) })
    const shop = createShop(sandbox)
    const ack = await shop.pay({}, { RequestID: 'r-1' })
    await shop.result(ack.body.request_id)
    expect(sandbox.requests()).toEqual([
      {
        at: clock.now(),
        method: 'POST',
        path: '/async/transactions/payments',
        operation: 'submit',
        type: 'payments',
        trackingId: 'order-17',
        requestIdHeader: 'r-1',
        taskId: ack.body.request_id,
        gatewayRequestId: ack.headers.get('x-request-id'),
        status: 200,
        durationMs: 0,
      },
      expect.objectContaining({
        operation: 'result',
        trackingId: 'order-17',
        taskId: ack.body.request_id,
        status: 200,
      }),
    ])
    expect(seen).toEqual(sandbox.requests())
    sandbox.fault({ on: 'status', kind: 'delay', ms: 10 })
    void shop.status('1').catch(() => {})
    await expect
      .poll(() => sandbox.requests()[2], { interval: 1 })
      .toMatchObject({ operation: 'status', fault: 'delay' })
    expect(sandbox.requests()[2]?.durationMs).toBeUndefined()
  })

  it('hold no card data and no credentials', async () => {
    const sandbox = createSandbox()
    const shop = createShop(sandbox)
    await shop.pay({ credit_card: card('4111111111111111') })
    await shop.pay({ credit_card: card('4111111111111112') })
    const told = JSON.stringify([sandbox.requests(), sandbox.tasks(), sandbox.transactions(), sandbox.webhooks()])
    for (const secret of [
      '4111111111111111',
      '4111111111111112',
      'verification_value',
      'secret-1',
      btoa('shop-1:secret-1'),
    ]) {
      expect(told).not.toContain(secret)
    }
  })

  it('are snapshots', async () => {
    const sandbox = createSandbox()
    await createShop(sandbox).pay()
    for (const record of [...sandbox.tasks(), ...sandbox.requests(), ...sandbox.transactions()]) {
      Object.assign(record, { status: 'changed', state: 'changed' })
    }
    expect(JSON.stringify([sandbox.tasks(), sandbox.requests(), sandbox.transactions()])).not.toContain('changed')
  })

  it('charges count what reached the acquirer, by tracking id or in all', async () => {
    const sandbox = createSandbox()
    const shop = createShop(sandbox)
    await shop.pay({ tracking_id: 'a' })
    await shop.pay({ tracking_id: 'a', credit_card: card('4005550000000019') })
    await shop.pay({ tracking_id: 'b', amount: -1 })
    await shop.submit('tokenizations', payment({ tracking_id: 'c' }))
    expect(['a', 'b', 'c', 'none'].map((id) => sandbox.charges(id))).toEqual([2, 0, 0, 0])
    expect(sandbox.charges()).toBe(2)
  })
})

describe('close', () => {
  it('cancels everything pending, refuses everything further, and keeps the records', async () => {
    const clock = createManualClock()
    const sandbox = createSandbox({ clock, latencyMs: 1000 })
    const shop = createShop(sandbox)
    await shop.pay()
    sandbox.fault({ on: 'status', kind: 'delay', ms: 5000 })
    const pending = shop.status('1')
    await expect.poll(() => sandbox.requests().length, { interval: 1 }).toBe(2)
    await new Promise((resolve) => setImmediate(resolve))
    sandbox.close()
    await expect(pending).rejects.toThrow(TypeError)
    expect(clock.nextIn()).toBeUndefined()
    await expect(shop.pay()).rejects.toThrow(TypeError)
    expect(sandbox.requests()).toHaveLength(2)
  })
})

it('holds many requests open without a warning about listeners', async () => {
  const warnings: Error[] = []
  const listener = (warning: Error) => warnings.push(warning)
  process.on('warning', listener)
  const sandbox = createSandbox()
  const shop = createShop(sandbox)
  sandbox.fault({ on: 'status', kind: 'delay', ms: 60_000, times: Number.POSITIVE_INFINITY })
  const pending = Array.from({ length: 50 }, () => shop.status('1'))
  await expect.poll(() => sandbox.requests().length, { interval: 1 }).toBe(50)
  await new Promise((resolve) => setImmediate(resolve))
  sandbox.close()
  expect((await Promise.allSettled(pending)).every((each) => each.status === 'rejected')).toBe(true)
  process.off('warning', listener)
  expect(warnings).toEqual([])
})
