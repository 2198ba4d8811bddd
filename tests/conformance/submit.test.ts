/** The row POST of the table of answers: accepted, rejected, lost. */
import {
  type ClientOptions,
  type Journal,
  memoryJournal,
  type TransactionError,
  type TransactionTask,
} from '@async-transaction/core'
import type { Fault } from '@async-transaction/sandbox'
import { describe, expect, it } from 'vitest'
import { type Checkout, createCheckout, order } from './checkout.ts'

const posts = ({ sandbox }: Checkout) => sandbox.requests().filter(({ operation }) => operation === 'submit')
const lookups = ({ sandbox }: Checkout) => sandbox.requests().filter(({ operation }) => operation === 'lookup')

/** Every way in which the answer to a POST is not seen, with what the gateway did. */
const losses: [name: string, fault: Fault][] = [
  ['the connection drops before', { on: 'submit', kind: 'drop-before' }],
  ['the connection drops after', { on: 'submit', kind: 'drop-after' }],
  ['the body is cut', { on: 'submit', kind: 'truncate' }],
  ['the body stalls', { on: 'submit', kind: 'stall' }],
  ['the answer never comes', { on: 'submit', kind: 'delay', ms: 3_600_000 }],
  ['the request is slow, too', { on: 'submit', kind: 'delay', ms: 3_600_000, taken: false }],
  ['the body is over-large', { on: 'submit', kind: 'oversize' }],
  ['it redirects', { on: 'submit', kind: 'redirect', location: 'https://evil.test/', taken: true }],
  ['it is an HTML page', { on: 'submit', kind: 'html', status: 502, taken: true }],
  ['it is a 404 page', { on: 'submit', kind: 'html', status: 404 }],
  ['it is empty', { on: 'submit', kind: 'empty' }],
  ['it is no JSON', { on: 'submit', kind: 'garbage' }],
  ['it is an unknown word', { on: 'submit', kind: 'processing-word', word: 'queued' }],
  ['it is a gateway error of 500', { on: 'submit', kind: 'http', status: 500, body: { message: 'down' }, taken: true }],
  [
    'it is a gateway error of 503 without Retry-After',
    { on: 'submit', kind: 'http', status: 503, body: { message: 'down' } },
  ],
  ['it is an error with 200', { on: 'submit', kind: 'http', status: 200, body: { message: 'odd' }, taken: true }],
]

describe('a POST whose answer is lost', () => {
  it.each(losses)('because %s, is sent again under the same RequestID, and charges once', async (_, fault) => {
    const checkout = createCheckout()
    const { client, clock, sandbox } = checkout
    sandbox.fault(fault)
    const request = order()
    const task = client.submit('payments', request)
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
    expect(posts(checkout).map(({ requestIdHeader }) => requestIdHeader)).toEqual([task.requestKey, task.requestKey])
    expect(sandbox.charges(request.tracking_id)).toBe(1)
  })

  it('is the same to the byte, whatever becomes of the object', async () => {
    const bodies: string[] = []
    const { client, clock, sandbox } = createCheckout({
      fetch: async (request: Request) => {
        if (request.method === 'POST') bodies.push(await request.clone().text())
        return sandbox.fetch(request)
      },
    })
    sandbox.fault({ on: 'submit', kind: 'drop-after' })
    const request = order()
    const task = client.submit('payments', request)
    request.amount = 1
    await clock.until(task.accepted())
    expect(bodies).toHaveLength(2)
    expect(bodies[0]).toBe(bodies[1])
    expect(bodies[0]).not.toContain('"amount":1,')
  })

  it('waits between tries by full jitter: anything up to one second, then up to two', async () => {
    for (const odds of [0, 0.25, 0.999]) {
      const checkout = createCheckout({ random: () => odds })
      checkout.sandbox.fault({ on: 'submit', kind: 'drop-before', times: 2 })
      const { client, clock } = checkout
      await clock.until(client.submit('payments', order()).accepted())
      const [first = 0, second = 0, third = 0] = posts(checkout).map(({ at }) => at)
      expect(second - first).toBe(Math.round(odds * 1000))
      expect(third - second).toBe(Math.round(odds * 2000))
    }
  })

  it('three times is looked up, and found if the gateway took it', async () => {
    const checkout = createCheckout({}, { latencyMs: 0 })
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    const request = order()
    const task = client.submit('payments', request)
    expect(await clock.until(task.outcome())).toMatchObject({
      status: 'result',
      via: 'lookup',
      transaction: { status: 'successful', tracking_id: request.tracking_id },
    })
    expect(posts(checkout)).toHaveLength(3)
    expect(sandbox.charges(request.tracking_id)).toBe(1)
    await expect(task.accepted()).rejects.toMatchObject({ code: 'submit-lost', effect: 'unknown' })
  })

  it('three times is looked up again while the gateway still works on it', async () => {
    const checkout = createCheckout({}, { latencyMs: 7000 })
    checkout.sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    const { client, clock } = checkout
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      status: 'result',
      via: 'lookup',
    })
    expect(lookups(checkout).length).toBeGreaterThan(1)
  })

  it('three times, and not found, is `submit-lost`: nobody says that nothing happened', async () => {
    const checkout = createCheckout()
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'drop-before', times: 3 })
    const task = client.submit('payments', order())
    const outcome = await clock.until(task.outcome())
    expect(outcome).toMatchObject({
      status: 'error',
      error: { code: 'submit-lost', effect: 'unknown', requestKey: task.requestKey, trackingId: task.trackingId },
    })
    expect(posts(checkout)).toHaveLength(3)
    expect(lookups(checkout)).toHaveLength(5)
    expect(clock.pending).toBe(0)
  })

  it('three times, with lookups that are lost as well, still ends', async () => {
    const checkout = createCheckout()
    checkout.sandbox.fault({ on: 'any', kind: 'drop-before', times: 1e9 })
    const { client, clock } = checkout
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      error: { code: 'submit-lost' },
    })
    expect(checkout.sandbox.requests()).toHaveLength(8)
  })

  it('has 90 seconds to answer by default, which a payment may need', async () => {
    const checkout = createCheckout()
    checkout.sandbox.fault({ on: 'submit', kind: 'delay', ms: 89_000 })
    const { client, clock } = checkout
    await clock.until(client.submit('payments', order()).accepted())
    expect(posts(checkout)).toHaveLength(1)
  })
})

describe('a POST that is throttled', () => {
  const throttles: [name: string, fault: Fault][] = [
    ['429', { on: 'submit', kind: 'throttle', retryAfter: 20 }],
    ['429 in HTML', { on: 'submit', kind: 'http', status: 429, body: '<html>', headers: { 'retry-after': '20' } }],
    ['503 with Retry-After', { on: 'submit', kind: 'throttle', status: 503, retryAfter: 20 }],
  ]
  it.each(throttles)('by %s waits as told, and tries again', async (_, fault) => {
    const checkout = createCheckout()
    const { client, clock, sandbox } = checkout
    sandbox.fault(fault)
    const task = client.submit('payments', order())
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
    const [first = 0, second = 0] = posts(checkout).map(({ at }) => at)
    expect(second - first).toBe(21_000)
  })

  it.each([3600, 999_999_999])(
    'for %i s is sent no more: no POST leaves two minutes after the click',
    async (retryAfter) => {
      const checkout = createCheckout()
      checkout.sandbox.fault({ on: 'submit', kind: 'throttle', retryAfter })
      const { client, clock } = checkout
      const outcome = await clock.until(client.submit('payments', order()).outcome())
      expect(outcome).toMatchObject({ error: { code: 'submit-rejected', effect: 'none', httpStatus: 429 } })
      expect(posts(checkout)).toHaveLength(1)
      // The gateway is not asked before the time it named, at most five minutes; chance comes on top.
      const [first, ...others] = lookups(checkout).map(({ at }) => at - (posts(checkout)[0]?.at ?? 0))
      expect(first).toBe(315_000)
      expect(others).toHaveLength(4)
    },
  )

  it('by 429 three times is looked up, rejected if nothing is found, and the money was not touched', async () => {
    const checkout = createCheckout()
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'throttle', times: 3, message: 'Too many requests' })
    const request = order()
    const outcome = await clock.until(client.submit('payments', request).outcome())
    expect(outcome).toMatchObject({
      status: 'error',
      error: { code: 'submit-rejected', effect: 'none', message: 'Too many requests', httpStatus: 429 },
    })
    expect(posts(checkout)).toHaveLength(3)
    expect(lookups(checkout)).toHaveLength(5)
    expect(sandbox.charges(request.tracking_id)).toBe(0)
  })

  it.each([0, 1, 2])('is looked up if the 503 among three is number %i: it may have been taken', async (busy) => {
    const checkout = createCheckout({}, { latencyMs: 0 })
    const { client, clock, sandbox } = checkout
    for (const nth of [1, 2, 3])
      sandbox.fault(
        nth === busy + 1
          ? { on: 'submit', nth, kind: 'http', status: 503, headers: { 'retry-after': '1' }, taken: true }
          : { on: 'submit', nth, kind: 'throttle' },
      )
    const request = order()
    expect(await clock.until(client.submit('payments', request).outcome())).toMatchObject({
      status: 'result',
      via: 'lookup',
    })
    expect(sandbox.charges(request.tracking_id)).toBe(1)
  })

  it('by 503 three times, and not found, is `submit-lost`: nobody says that nothing happened', async () => {
    const checkout = createCheckout()
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'throttle', status: 503, times: 3 })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      status: 'error',
      error: { code: 'submit-lost', effect: 'unknown' },
    })
    expect(posts(checkout)).toHaveLength(3)
    expect(lookups(checkout)).toHaveLength(5)
  })

  it('after a loss, is looked up: the lost one may have charged', async () => {
    const checkout = createCheckout({}, { latencyMs: 0 })
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'drop-after' })
    sandbox.fault({ on: 'submit', kind: 'throttle', times: 2 })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      status: 'result',
      via: 'lookup',
    })
    expect(posts(checkout)).toHaveLength(3)
  })
})

describe('a POST that is refused', () => {
  it.each([400, 402, 404, 413, 422])('with a gateway error of %i is `submit-rejected`, at once', async (status) => {
    const checkout = createCheckout()
    const { client, clock, sandbox } = checkout
    const errors = {
      credit_card: { number: 'is not a card number', exp_year: ['is in the past', 'is odd'] },
      amount: ['is odd'],
    }
    sandbox.fault({
      on: 'submit',
      kind: 'http',
      status,
      body: { response: { message: 'Unprocessable', errors } },
      headers: { 'x-request-id': 'support-1' },
    })
    const task = client.submit('payments', order())
    const outcome = await clock.until(task.outcome())
    expect(outcome).toMatchObject({
      status: 'error',
      error: {
        name: 'TransactionError',
        code: 'submit-rejected',
        effect: 'none',
        message: 'Unprocessable',
        fieldErrors: {
          'credit_card.number': ['is not a card number'],
          'credit_card.exp_year': ['is in the past', 'is odd'],
          amount: ['is odd'],
        },
        httpStatus: status,
      },
    })
    expect(posts(checkout)).toHaveLength(1)
    expect(lookups(checkout)).toHaveLength(0)
    await expect(task.accepted()).rejects.toBe((outcome as { error: TransactionError }).error)
  })

  it('by the real rules of the gateway names the field', async () => {
    const { client, clock } = createCheckout()
    const request = order({ credit_card: { number: '4200000000000001', exp_month: '05', exp_year: '2030' } })
    const outcome = await clock.until(client.submit('payments', request).outcome())
    expect(outcome).toMatchObject({ error: { code: 'submit-rejected', effect: 'none' } })
    expect(Object.keys((outcome as { error: { fieldErrors: object } }).error.fieldErrors)).toEqual([
      'credit_card.number',
    ])
  })

  it('after a loss, is looked up, and does not promise that nothing was charged', async () => {
    const checkout = createCheckout()
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'drop-before' })
    sandbox.fault({ on: 'submit', kind: 'http', status: 422, body: { response: { message: 'no' } } })
    sandbox.fault({ on: 'submit', kind: 'drop-before' })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      error: { code: 'submit-lost', effect: 'unknown' },
    })
    expect(posts(checkout)).toHaveLength(3)
    expect(lookups(checkout).length).toBeGreaterThan(0)
  })

  it.each([401, 403])('with %i in JSON is `unauthorized`, at once', async (status) => {
    const checkout = createCheckout()
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'http', status, body: { message: 'no' } })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      error: { code: 'unauthorized', effect: 'none', httpStatus: status },
    })
    expect(sandbox.requests()).toHaveLength(1)
  })

  it('with 401 after a loss does not promise that nothing was charged', async () => {
    const { client, clock, sandbox } = createCheckout()
    sandbox.fault({ on: 'submit', kind: 'drop-after' })
    sandbox.fault({ on: 'submit', kind: 'http', status: 401, body: { message: 'no' } })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      error: { code: 'unauthorized', effect: 'unknown' },
    })
  })

  it('without credentials to send is `unauthorized`, and nothing was sent', async () => {
    const { client, clock, sandbox } = createCheckout({ auth: () => Promise.reject(new Error('no token')) })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      error: { code: 'unauthorized', effect: 'none' },
    })
    expect(sandbox.requests()).toHaveLength(0)
  })
})

describe('an acknowledgement that cannot be trusted', () => {
  it.each([
    ['an id that is a path', { status: 'processing', request_id: '../../transactions/1' }, 200],
    ['an id that is too long', { status: 'processing', request_id: 'x'.repeat(129) }, 200],
    ['404 unknown', { status: 'unknown', request_id: 'abc' }, 404],
  ])('with %s leads to the lookup, and is `protocol` if that finds nothing', async (_, body, status) => {
    const checkout = createCheckout()
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'http', status, body })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      error: { code: 'protocol', effect: 'unknown' },
    })
    expect(posts(checkout)).toHaveLength(1)
    expect(lookups(checkout).length).toBeGreaterThan(0)
  })

  it('is looked up, and found', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 0 })
    sandbox.fault({
      on: 'submit',
      kind: 'http',
      status: 200,
      body: { status: 'processing', request_id: 'a/b' },
      taken: true,
    })
    expect(await clock.until(client.submit('payments', order()).outcome())).toMatchObject({
      status: 'result',
      via: 'lookup',
    })
  })
})

describe('submitting', () => {
  it('sets the tracking id to the request key where there is none, since every way back needs one', async () => {
    const { client, clock, sandbox } = createCheckout()
    const task = client.submit('payments', order({ tracking_id: undefined }), { requestKey: 'key-1' })
    expect(task.trackingId).toBe('key-1')
    await clock.until(task.outcome())
    expect(sandbox.charges('key-1')).toBe(1)
  })

  it('under a key that is under way returns that task', async () => {
    const checkout = createCheckout()
    const { client, clock } = checkout
    const request = order()
    const task = client.submit('payments', request, { requestKey: 'key-1' })
    expect(client.submit('payments', request, { requestKey: 'key-1' })).toBe(task)
    await clock.until(task.accepted())
    expect(client.submit('payments', request, { requestKey: 'key-1' })).toBe(task)
    await clock.until(task.outcome())
    expect(client.submit('payments', request, { requestKey: 'key-1' })).toBe(task)
    expect(posts(checkout)).toHaveLength(1)
  })

  it('under a key that ended without an answer of the gateway is tried again', async () => {
    const checkout = createCheckout()
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'drop-before', times: 3 })
    const request = order()
    await clock.until(client.submit('payments', request, { requestKey: 'key-1' }).outcome())
    expect(await clock.until(client.submit('payments', request, { requestKey: 'key-1' }).result())).toMatchObject({
      status: 'successful',
    })
    expect(new Set(posts(checkout).map(({ requestIdHeader }) => requestIdHeader))).toEqual(new Set(['key-1']))
  })

  it('under the key of a task that was asked after until its deadline goes on asking: it was taken', async () => {
    const checkout = createCheckout({ deadlineMs: 2000 })
    const { client, clock, sandbox } = checkout
    const request = order()
    const task = client.submit('payments', request, { requestKey: 'key-1' })
    expect(await clock.until(task.outcome())).toMatchObject({ error: { code: 'deadline' } })
    await clock.advance(10_000)
    const again = client.submit('payments', request, { requestKey: 'key-1' })
    expect(again.handle).toMatchObject({ requestId: task.handle?.requestId })
    expect(await clock.until(again.result())).toMatchObject({ status: 'successful' })
    expect([sandbox.charges(), posts(checkout).length]).toEqual([1, 1])
  })

  it('with a signal that is aborted already sends nothing', async () => {
    const { client, clock, sandbox } = createCheckout({ journal: memoryJournal() })
    const task = client.submit('payments', order(), { signal: AbortSignal.abort() })
    expect(await clock.until(task.outcome())).toMatchObject({ error: { code: 'stopped', effect: 'none' } })
    await clock.advance(600_000)
    expect(sandbox.requests()).toHaveLength(0)
  })

  it('and stopping in the same turn sends nothing, and leaves nothing in the journal', async () => {
    const journal = memoryJournal()
    const { client, clock, sandbox } = createCheckout({ journal })
    const task = client.submit('payments', order())
    task.stop()
    await clock.advance(1000)
    expect(task.getSnapshot()).toMatchObject({ error: { code: 'stopped', effect: 'none' } })
    expect(sandbox.requests()).toHaveLength(0)
    expect(await journal.getKeys()).toEqual([])
  })

  it('and stopping while the credentials are fetched sends nothing', async () => {
    const { client, clock, sandbox } = createCheckout({
      auth: async () => {
        await new Promise<void>((resolve) => clock.setTimeout(resolve, 500))
        return 'Bearer token'
      },
    })
    const task = client.submit('payments', order())
    await clock.advance(100)
    task.stop()
    await clock.advance(600_000)
    expect(sandbox.requests()).toHaveLength(0)
  })

  it('under the key of a submission that was stopped is a submission again', async () => {
    const checkout = createCheckout()
    const { client, clock } = checkout
    const request = order()
    client.submit('payments', request, { requestKey: 'key-1' }).stop()
    expect(await clock.until(client.submit('payments', request, { requestKey: 'key-1' }).result())).toMatchObject({
      status: 'successful',
    })
    expect(posts(checkout)).toHaveLength(1)
  })

  it('under the key of a submission that was stopped in mid-air stays in the journal, whatever the first is told', async () => {
    const journal = memoryJournal()
    let posts = 0
    const { client, clock, sandbox } = createCheckout({
      journal,
      fetch: async (request) => {
        posts += 1
        const refused = posts === 1
        await new Promise<void>((resolve) => clock.setTimeout(resolve, refused ? 5000 : 20_000))
        return refused ? new Response(null, { status: 401 }) : sandbox.fetch(request)
      },
    })
    const request = order()
    const first = client.submit('payments', request, { requestKey: 'key-1' })
    await clock.advance(1000)
    first.stop()
    client.submit('payments', request, { requestKey: 'key-1' })
    await clock.advance(10_000)
    expect(await journal.getKeys()).toHaveLength(1)
  })

  it.each(['the same client', 'a restart with its journal'])(
    'under a key that the gateway has forgotten is a lookup, if it may have been taken: %s',
    async (where) => {
      const checkout = createCheckout({ journal: memoryJournal() })
      const { client, clock, sandbox } = checkout
      const request = order()
      sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
      sandbox.fault({ on: 'lookup', kind: 'http', status: 500, times: 5 })
      const task = client.submit('payments', request, { requestKey: 'key-1' })
      expect(await clock.until(task.outcome())).toMatchObject({ error: { code: 'submit-lost' } })
      await clock.advance(25 * 3_600_000)
      const later = where === 'the same client' ? client : checkout.restart()
      const again = later.submit('payments', request, { requestKey: 'key-1' })
      expect(await clock.until(again.outcome())).toMatchObject({ status: 'result', via: 'lookup' })
      expect(task.requestKey).toBe(again.requestKey)
      expect([sandbox.charges(), posts(checkout).length]).toEqual([1, 3])
    },
  )

  it.each([
    ['a machine that slept', true],
    ['without a journal', false],
  ])('under a key that the gateway forgot between two tries is a lookup, not another POST: %s', async (_, kept) => {
    const checkout = createCheckout(kept ? { journal: memoryJournal() } : {})
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'drop-after' })
    const task = client.submit('payments', order())
    await clock.advance(100)
    clock.jump(25 * 3_600_000)
    expect(await clock.until(task.outcome())).toMatchObject({ status: 'result', via: 'lookup' })
    expect([sandbox.charges(), posts(checkout).length]).toEqual([1, 1])
  })

  it('again under a key that was stopped in mid-air waits until that POST is over', async () => {
    let inFlight = 0
    let most = 0
    const checkout = createCheckout({
      fetch: async (request: Request) => {
        inFlight += 1
        most = Math.max(most, inFlight)
        return sandbox.fetch(request).finally(() => {
          inFlight -= 1
        })
      },
    })
    const { client, clock, sandbox } = checkout
    sandbox.fault({ on: 'submit', kind: 'delay', ms: 5000 })
    const request = order()
    for (const wait of [1000, 1000]) {
      const task = client.submit('payments', request, { requestKey: 'key-1' })
      await clock.advance(wait)
      task.stop()
    }
    const task = client.submit('payments', request, { requestKey: 'key-1' })
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
    // The POST that was in flight was accepted: there is nothing to send again.
    expect([most, posts(checkout).length, sandbox.charges(request.tracking_id)]).toEqual([1, 1, 1])
  })

  it('that was stopped says nothing of another try', async () => {
    const { client, clock, sandbox, events } = createCheckout()
    sandbox.fault({ on: 'submit', kind: 'stall' })
    const task = client.submit('payments', order())
    await clock.advance(1000)
    task.stop()
    await clock.advance(600_000)
    expect(events.map(({ type }) => type)).toEqual(['attempt', 'lost'])
    expect(clock.pending).toBe(0)
  })

  /** A journal in which another tab has had the payment taken, whenever it is read. */
  const takenElsewhere: Journal = {
    ...memoryJournal(),
    getItem: (key) => {
      const [, requestKey] = key.split(':')
      const entry = { v: 1, requestKey, trackingId: 't', type: 'payments', createdAt: 1, polls: 0, lost: 0 }
      return JSON.stringify({ ...entry, requestId: 'id' })
    },
  }
  it.each([
    ['it was accepted', ({ clock }: Checkout, task: TransactionTask) => clock.until(task.accepted())],
    [
      'it was stopped while it waited to try again',
      async ({ clock }: Checkout, task: TransactionTask) => {
        await clock.advance(100)
        task.stop()
      },
      { on: 'submit', kind: 'drop-before' },
    ],
    [
      'it was stopped in mid-air',
      async ({ clock }: Checkout, task: TransactionTask) => {
        await clock.advance(100)
        task.stop()
        await clock.advance(100_000)
      },
      { on: 'submit', kind: 'stall' },
    ],
    ['another tab had it taken', ({ clock }: Checkout) => clock.advance(100), undefined, { journal: takenElsewhere }],
  ] as [string, (checkout: Checkout, task: TransactionTask) => Promise<unknown>, Fault?, Partial<ClientOptions>?][])(
    'drops the bytes when %s: no card is left in the heap of a task',
    async (_, until, fault, options) => {
      const checkout = createCheckout(options)
      if (fault) checkout.sandbox.fault(fault)
      const task = checkout.client.submit('payments', order())
      await until(checkout, task)
      const { writeHeapSnapshot } = await import('node:v8')
      const { readFileSync, rmSync } = await import('node:fs')
      const file = writeHeapSnapshot(
        `${(await import('node:os')).tmpdir()}/async-transaction-${process.pid}.heapsnapshot`,
      )
      const heap = readFileSync(file, 'utf8')
      rmSync(file)
      expect(heap).toContain('TransactionTask')
      expect(heap).not.toMatch(/"\{\\"request\\":\{\\"amount/)
      task.stop()
    },
  )
})
