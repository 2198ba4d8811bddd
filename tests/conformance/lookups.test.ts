/** Lookups by tracking id and uid, and what a task makes of them. Never a guess between candidates. */
import {
  basicAuth,
  followTransaction,
  memoryJournal,
  type Transaction,
  UnknownOutcomeError,
} from '@async-transaction/core'
import type { Fault } from '@async-transaction/sandbox'
import { from, lastValueFrom, toArray } from 'rxjs'
import { describe, expect, it, vi } from 'vitest'
import { cards, createCheckout, credentials, order } from './checkout.ts'

/** A task that the gateway has forgotten, with what the lookup finds, given when it was submitted by the gateway's clock. */
async function forgotten(find: (submittedAt: number) => object[], { skewMs = 0, jumpMs = 0 } = {}) {
  const checkout = createCheckout({}, { latencyMs: 1000, skewMs })
  const { client, clock, sandbox } = checkout
  sandbox.fault({ on: 'submit', kind: 'forget' })
  const submittedAt = clock.now() + skewMs
  const task = client.submit('payments', order({ amount: 3245, currency: 'KZT' }))
  await clock.until(task.accepted())
  const date = new Date(submittedAt + 3000).toUTCString()
  sandbox.fault({
    on: 'lookup',
    kind: 'http',
    status: 200,
    body: { transactions: find(submittedAt) },
    headers: { date },
    times: 1e9,
  })
  clock.jump(jumpMs)
  return { ...checkout, outcome: await clock.until(task.outcome()) }
}

const transaction = (createdAt: number, fields: object = {}): object => ({
  uid: `uid-${createdAt}`,
  status: 'failed',
  type: 'payment',
  amount: 3245,
  currency: 'KZT',
  created_at: new Date(createdAt).toISOString(),
  ...fields,
})
const successful = (createdAt: number, fields: object = {}) =>
  transaction(createdAt, { status: 'successful', ...fields })

describe('the lookup of a task', () => {
  it('takes the only transaction that is left, whatever its status', async () => {
    for (const status of ['successful', 'failed', 'incomplete', 'expired', 'odd']) {
      const { outcome } = await forgotten((at) => [transaction(at, { status })])
      expect(outcome).toMatchObject({ status: 'result', via: 'lookup', transaction: { status } })
    }
  })

  it.each([
    ['another type', { type: 'refund' }],
    ['another amount', { amount: 3246 }],
    ['another currency', { currency: 'USD' }],
    ['no type', { type: undefined }],
    ['a type that is no text', { type: { toString: 1 } }],
  ])('passes over one of %s', async (_, fields) => {
    const { outcome } = await forgotten((at) => [successful(at, fields)])
    expect(outcome).toMatchObject({ status: 'unknown', candidates: [] })
  })

  it.each([null, undefined, 'garbage', { toString: 1 }])(
    'shows one whose time is %j, and takes it for nothing: it may be older',
    async (created_at) => {
      const { outcome } = await forgotten((at) => [successful(at, { created_at })])
      expect(outcome).toMatchObject({ status: 'unknown', candidates: [{ status: 'successful' }] })
      const beside = await forgotten((at) => [successful(at), transaction(at, { created_at })])
      expect(beside.outcome).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
    },
  )

  it('takes a currency in other letters for the same', async () => {
    const { outcome } = await forgotten((at) => [successful(at, { currency: 'kzt' })])
    expect(outcome).toMatchObject({ status: 'result' })
  })

  it('passes over an older `failed` one: it says nothing about ours', async () => {
    const { outcome } = await forgotten((at) => [transaction(at - 2001)])
    expect(outcome).toMatchObject({ status: 'unknown', candidates: [] })
  })

  it('has two seconds of slack', async () => {
    const { outcome } = await forgotten((at) => [transaction(at - 1000)])
    expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'failed' } })
  })

  it('takes a `successful` one that is up to five minutes older: the order is paid', async () => {
    const { outcome } = await forgotten((at) => [successful(at - 299_000)])
    expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
    const older = await forgotten((at) => [successful(at - 303_000)])
    expect(older.outcome).toMatchObject({ status: 'unknown' })
  })

  it('takes the only `successful` one of several', async () => {
    const { outcome } = await forgotten((at) => [transaction(at), successful(at + 1), transaction(at + 2)])
    expect(outcome).toMatchObject({ status: 'result', transaction: { uid: expect.stringMatching(/001$/) } })
  })

  it.each([
    ['two successful ones', (at: number) => [successful(at), successful(at + 1)]],
    ['two failed ones', (at: number) => [transaction(at), transaction(at + 1)]],
  ])('never chooses between %s, but shows them', async (_, find) => {
    const { outcome } = await forgotten(find)
    expect(outcome).toMatchObject({ status: 'unknown', candidates: [{ type: 'payment' }, { type: 'payment' }] })
  })

  it.each([-3_600_000, 3_600_000])('goes by the clock of the gateway, when ours is off by %i ms', async (skewMs) => {
    const late = await forgotten((at) => [transaction(at + 500)], { skewMs })
    expect(late.outcome).toMatchObject({ status: 'result' })
    const old = await forgotten((at) => [transaction(at - 4000)], { skewMs })
    expect(old.outcome).toMatchObject({ status: 'unknown' })
  })

  it('goes by the clock of the gateway, off by less than the slack, and by its whole seconds', async () => {
    const checkout = createCheckout({
      fetch: async (request: Request) => {
        made ??= new Date(clock.now() - 1900).toUTCString()
        if (request.method === 'POST') await new Promise<void>((resolve) => clock.setTimeout(resolve, 60))
        const body =
          request.method === 'POST'
            ? { status: 'processing', request_id: 'task-1' }
            : request.url.includes('/async/')
              ? { status: 'unknown', request_id: 'task-1' }
              : { transactions: [transaction(0, { created_at: made })] }
        const headers = { date: new Date(clock.now() - 1900).toUTCString() }
        return Response.json(body, { headers })
      },
    })
    let made: string | undefined
    const { client, clock } = checkout
    await clock.advance(2890)
    expect(await clock.until(client.submit('payments', order({ amount: 3245 })).outcome())).toMatchObject({
      status: 'result',
      via: 'lookup',
    })
  })

  it.each([-3_600_000, 3_600_000])('is not misled by a clock of ours that was set by %i ms since', async (jumpMs) => {
    const ours = await forgotten((at) => [transaction(at + 500)], { jumpMs })
    expect(ours.outcome).toMatchObject({ status: 'result' })
    const older = await forgotten((at) => [transaction(at - 4000)], { jumpMs })
    expect(older.outcome).toMatchObject({ status: 'unknown' })
  })

  it.each([-3_600_000, 3_600_000])(
    'of a lost submission goes by the clock of the gateway, off by %i ms, as well',
    async (skewMs) => {
      const { client, clock, sandbox } = createCheckout({}, { latencyMs: 0, skewMs })
      sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
      expect(await clock.until(client.submit('payments', order({}, cards.declined)).outcome())).toMatchObject({
        status: 'result',
        via: 'lookup',
      })
    },
  )
})

describe('task.lookup()', () => {
  it.each([
    ['without', undefined],
    ['with', memoryJournal()],
  ])('may turn `unknown` into a result, which late observers see (%s a journal)', async (_, journal) => {
    const { client, clock, sandbox, events } = createCheckout(journal && { journal }, { latencyMs: 1000 })
    sandbox.fault({ on: 'status', kind: 'forget', charged: true })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [] }, times: 5 })
    const task = client.submit('payments', order())
    expect(await clock.until(task.outcome())).toMatchObject({ status: 'unknown' })
    expect(await clock.until(task.lookup())).toMatchObject({ status: 'result', via: 'lookup' })
    expect(await task.outcome()).toMatchObject({ status: 'result' })
    expect(events.filter(({ type }) => type === 'settled')).toMatchObject([
      { status: 'unknown' },
      { status: 'result', via: 'lookup' },
    ])
  })

  it('changes nothing when it finds nothing, or is lost', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'submit', kind: 'forget' })
    const task = client.submit('payments', order())
    const outcome = await clock.until(task.outcome())
    sandbox.fault({ on: 'lookup', kind: 'drop-before' })
    expect(await clock.until(task.lookup())).toBe(outcome)
    expect(await clock.until(task.lookup())).toBe(outcome)
  })

  it('counts no loss while the task is processing', async () => {
    const { client, clock, sandbox } = createCheckout()
    const task = client.submit('payments', order())
    await clock.until(task.accepted())
    sandbox.fault({ on: 'lookup', kind: 'drop-before' })
    await clock.until(task.lookup())
    expect(task.handle).toMatchObject({ lost: 0, polls: 0 })
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
  })
})

describe('find()', () => {
  it('gives what is under a tracking id, newest first, and what has a uid', async () => {
    const { client, clock } = createCheckout()
    const first = await clock.until(client.submit('payments', order({ tracking_id: 'a/b' })).result())
    const second = await clock.until(client.submit('payments', order({ tracking_id: 'a/b' }, cards.declined)).result())
    expect((await clock.until(client.find({ trackingId: 'a/b' }))).map(({ uid }) => uid)).toEqual([
      second.uid,
      first.uid,
    ])
    expect(await clock.until(client.find({ uid: first.uid as string }))).toMatchObject([{ status: 'successful' }])
  })

  it('gives nothing for what the gateway does not know', async () => {
    const { client, clock } = createCheckout()
    expect(await clock.until(client.find({ trackingId: 'nobody' }))).toEqual([])
    expect(await clock.until(client.find({ uid: 'nobody' }))).toEqual([])
  })

  it.each([
    ['the connection drops', { on: 'lookup', kind: 'drop-before' } as const, 'unknown-outcome'],
    ['a page comes back', { on: 'lookup', kind: 'html' } as const, 'unknown-outcome'],
    ['the credentials are refused', { on: 'lookup', kind: 'http', status: 401 } as const, 'unauthorized'],
    [
      'the gateway says why',
      { on: 'lookup', kind: 'http', status: 500, body: { message: 'Down' } } as const,
      'gateway-error',
    ],
  ])('throws when %s', async (_, fault, code) => {
    const { client, clock, sandbox } = createCheckout()
    sandbox.fault(fault)
    const error = await clock.until(client.find({ trackingId: 'x' }).catch((thrown: unknown) => thrown))
    expect(error).toMatchObject({ code, effect: 'unknown', trackingId: 'x' })
    expect(error instanceof UnknownOutcomeError && error.cause).toBe(code === 'unknown-outcome' && 'answer-lost')
  })

  it('has no HTTP status where there was no answer', async () => {
    const { client, clock, sandbox } = createCheckout()
    sandbox.fault({ on: 'lookup', kind: 'drop-before' })
    const error = await clock.until(client.find({ uid: 'x' }).catch((thrown: unknown) => thrown))
    expect(error).not.toHaveProperty('httpStatus')
  })

  it.each([undefined, null, {}, { uid: '' }, { uid: '..' }, { trackingId: '\ud800' }, { trackingId: 7 }])(
    'refuses to look for %j, and sends nothing',
    async (by) => {
      const { client, sandbox } = createCheckout()
      await expect(client.find(by as never)).rejects.toMatchObject({ code: 'request-invalid', effect: 'none' })
      expect(sandbox.requests()).toEqual([])
    },
  )
})

describe('followTransaction()', () => {
  async function challenged() {
    const checkout = createCheckout({}, { latencyMs: 1000 })
    const { client, clock, sandbox } = checkout
    const request = order({}, cards.threeDSecure)
    const pending = await clock.until(client.submit('payments', request).result())
    const confirm = () =>
      sandbox.fetch(pending.redirect_url as string, {
        method: 'POST',
        body: new URLSearchParams({ decision: 'confirm' }),
      })
    return { ...checkout, request, pending, confirm, uid: pending.uid as string }
  }

  it('asks on until the transaction is final, by uid or tracking id', async () => {
    const { client, clock, confirm, uid, request } = await challenged()
    const seen: string[] = []
    const followed = followTransaction(client, { uid }, { clock, random: () => 0.5 })
    followed.subscribe(({ status }) => seen.push(status))
    await clock.advance(60_000)
    expect(seen).toEqual(['incomplete'])
    await confirm()
    expect(await clock.until(followed.result())).toMatchObject({ status: 'successful' })
    expect(seen).toEqual(['incomplete', 'successful'])
    expect(
      await clock.until(followTransaction(client, { trackingId: request.tracking_id as string }, { clock }).result()),
    ).toMatchObject({ status: 'successful' })
  })

  it('shares its questions, pauses when nobody observes, and asks at once when told to', async () => {
    const { client, clock, confirm, uid, sandbox } = await challenged()
    const followed = followTransaction(client, { uid }, { clock })
    const [first, second] = [followed.subscribe(() => {}), followed.subscribe(() => {})]
    await clock.advance(100)
    expect(sandbox.requests().filter(({ operation }) => operation === 'lookup')).toHaveLength(1)
    first.unsubscribe()
    second.unsubscribe()
    await clock.advance(3_600_000)
    expect(sandbox.requests().filter(({ operation }) => operation === 'lookup')).toHaveLength(1)
    await confirm()
    const late = vi.fn()
    await clock.until(followed.poll())
    followed.subscribe(late)
    expect(late).toHaveBeenCalledWith(expect.objectContaining({ status: 'successful' }))
    await clock.until(followed.poll())
    expect(sandbox.requests().filter(({ operation }) => operation === 'lookup')).toHaveLength(2)
  })

  it.each([
    ['a drop', { kind: 'drop-before' }],
    ['a 503', { kind: 'http', status: 503, body: { message: 'Down' } }],
    ['a 429', { kind: 'throttle', retryAfter: 3, message: 'Too many requests' }],
    ['a 408 in JSON', { kind: 'http', status: 408, body: { message: 'Request timeout' } }],
    ['a 409 in JSON', { kind: 'http', status: 409, body: { message: 'Conflict' } }],
    ['a 425 in JSON', { kind: 'http', status: 425, body: { message: 'Too early' } }],
    ['a 200 with a message', { kind: 'http', status: 200, body: { message: 'Welcome' } }],
    ['a 403 page', { kind: 'html', status: 403 }],
    ['a 401', { kind: 'http', status: 401, body: { message: 'no' } }],
  ] as [string, object][])('is not put off by %s', async (_, fault) => {
    const { client, clock, confirm, uid, sandbox } = await challenged()
    sandbox.fault({ on: 'lookup', times: 3, ...fault } as Fault)
    await confirm()
    expect(await clock.until(followTransaction(client, { uid }, { clock }).result())).toMatchObject({
      status: 'successful',
    })
  })

  it('is not put off by credentials that cannot be had just now', async () => {
    const { confirm, uid, clock, restart } = await challenged()
    let failures = 1
    const auth = () => (failures-- > 0 ? Promise.reject(new Error('later')) : basicAuth(credentials)())
    await confirm()
    expect(await clock.until(followTransaction(restart({ auth }), { uid }).result())).toMatchObject({
      status: 'successful',
    })
  })

  it('goes on through `pending`, which is not final either', async () => {
    const statuses = ['incomplete', 'pending', 'pending', 'successful']
    const { client, clock } = createCheckout({
      fetch: () => Response.json({ transaction: { uid: 'u', type: 'payment', status: statuses.shift() } }),
    })
    const seen: string[] = []
    const followed = followTransaction(client, { uid: 'u' })
    followed.subscribe(({ status }) => seen.push(status))
    await clock.until(followed.result())
    expect(seen).toEqual(['incomplete', 'pending', 'successful'])
  })

  it("is ended by the gateway's own word that the lookup is wrong", async () => {
    const { client, clock, uid, sandbox } = await challenged()
    const body = { response: { message: 'Bad uid', errors: { uid: ['is odd'] } } }
    sandbox.fault({ on: 'lookup', kind: 'http', status: 422, body })
    await expect(clock.until(followTransaction(client, { uid }, { clock }).result())).rejects.toMatchObject({
      code: 'gateway-error',
    })
  })

  it('asks on while the gateway does not know the transaction yet', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 0 })
    const request = order()
    const followed = followTransaction(client, { trackingId: request.tracking_id as string }, { clock })
    const seen: string[] = []
    followed.subscribe(({ status }) => seen.push(status))
    await clock.advance(10_000)
    expect(seen).toEqual([])
    await clock.until(client.submit('payments', request).accepted())
    expect(await clock.until(followed.result())).toMatchObject({ status: 'successful' })
    expect(sandbox.charges()).toBe(1)
  })

  it.each([
    ['gives no delay', () => Number.NaN],
    [
      'throws',
      () => {
        throw new Error('odd')
      },
    ],
  ])('is asked after by the default schedule when its own %s', async (_, schedule) => {
    const { client, clock, uid, sandbox } = await challenged()
    const followed = followTransaction(client, { uid }, { clock, schedule })
    followed.subscribe({})
    await clock.advance(60_000)
    const lookups = sandbox.requests().filter(({ operation }) => operation === 'lookup').length
    expect(lookups).toBeGreaterThan(5)
    expect(lookups).toBeLessThan(40)
  })

  it('ends at its deadline, and for its own consumer by a signal', async () => {
    const { client, clock, uid } = await challenged()
    const followed = followTransaction(client, { uid }, { clock, deadlineMs: 60_000 })
    const controller = new AbortController()
    const mine = followed.result({ signal: controller.signal })
    const failed = expect(mine).rejects.toBe('left')
    const expired = expect(clock.until(followed.result())).rejects.toMatchObject({ code: 'deadline' })
    controller.abort('left')
    await Promise.all([failed, expired])
  })

  it('does not choose between several transactions of one order', async () => {
    const { client, clock } = createCheckout({}, { latencyMs: 0 })
    for (const _ of [1, 2])
      await clock.until(client.submit('payments', order({ tracking_id: 'twice' }, cards.declined)).result())
    await expect(
      clock.until(followTransaction(client, { trackingId: 'twice' }, { clock }).result()),
    ).rejects.toMatchObject({
      code: 'request-invalid',
      message: expect.stringContaining('uid'),
    })
  })

  it('is an Observable for rxjs', async () => {
    const { client, clock, confirm, uid } = await challenged()
    await confirm()
    const statuses = lastValueFrom(from(followTransaction(client, { uid }, { clock })).pipe(toArray()))
    expect(await clock.until(statuses)).toMatchObject([{ status: 'successful' }])
  })

  it('is an async iterable', async () => {
    const { client, clock, confirm, uid } = await challenged()
    const seen: Transaction[] = []
    const reading = (async () => {
      for await (const state of followTransaction(client, { uid }, { clock })) seen.push(state)
    })()
    await clock.advance(5000)
    await confirm()
    await clock.until(reading)
    expect(seen.map(({ status }) => status)).toEqual(['incomplete', 'successful'])
  })

  it('keeps every status for a reader that is slow', async () => {
    const { client, clock, confirm, uid } = await challenged()
    const followed = followTransaction(client, { uid }, { clock })
    const statuses = followed[Symbol.asyncIterator]()
    await clock.advance(5000)
    await confirm()
    await clock.until(followed.result())
    const read = async () => ((await statuses.next()).value as Transaction | undefined)?.status
    expect([await read(), await read(), await read()]).toEqual(['incomplete', 'successful', undefined])
  })
})
