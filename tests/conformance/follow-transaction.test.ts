/** Following a transaction that is not final yet: it waits for its customer, or for its payment method. */
import { basicAuth, fixedSchedule, followTransaction, type Schedule, type Transaction } from '@async-transaction/core'
import type { Fault } from '@async-transaction/sandbox'
import { from, lastValueFrom, toArray } from 'rxjs'
import { describe, expect, it, vi } from 'vitest'
import { cards, createCheckout, credentials, order } from './checkout.ts'

describe('followTransaction()', () => {
  async function challenged() {
    const random = vi.fn(() => 0.5)
    const checkout = createCheckout({ random }, { latencyMs: 1000 })
    const { client, clock, sandbox } = checkout
    const request = order({}, cards.threeDSecure)
    const pending = await clock.until(client.submit('payments', request).result())
    const confirm = () =>
      sandbox.fetch(pending.redirect_url as string, {
        method: 'POST',
        body: new URLSearchParams({ decision: 'confirm' }),
      })
    random.mockClear()
    return { ...checkout, random, request, pending, confirm, uid: pending.uid as string }
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

  it.each([400, 422])('is not ended by a %i of a server on the way', async (status) => {
    const { client, clock, sandbox, uid, confirm } = await challenged()
    sandbox.fault({ on: 'lookup', kind: 'proxy-json', status, times: 2 })
    await confirm()
    expect(await clock.until(followTransaction(client, { uid }, { clock }).result())).toMatchObject({
      status: 'successful',
    })
  })

  it('follows the one that succeeded among the tries of an order, and no entry without a status', async () => {
    const lists = [
      [{ uid: 'a' }],
      [
        { uid: 'a', status: 'failed' },
        { uid: 'b', status: 'successful' },
      ],
    ]
    const { client, clock } = createCheckout({
      fetch: () => Response.json({ transactions: lists.length > 1 ? lists.shift() : lists[0] }),
    })
    const seen: string[] = []
    const followed = followTransaction(client, { trackingId: 't' })
    followed.subscribe(({ uid }) => seen.push(uid as string))
    expect(await clock.until(followed.result())).toEqual({ uid: 'b', status: 'successful' })
    expect(seen).toEqual(['b'])
  })

  it('tells its schedule how often it was looked up, and how long ago it began', async () => {
    const { client, clock, uid } = await challenged()
    const inputs: object[] = []
    const schedule: Schedule = ({ polls, elapsedMs }) => {
      inputs.push({ polls, elapsedMs })
      return 1
    }
    const following = followTransaction(client, { uid }, { clock, schedule }).subscribe({})
    await clock.advance(700)
    following.unsubscribe()
    // A schedule may say anything: lookups are a quarter of a second apart at least.
    expect(inputs).toEqual([
      { polls: 1, elapsedMs: 0 },
      { polls: 2, elapsedMs: 250 },
      { polls: 3, elapsedMs: 500 },
    ])
  })

  it('is looked up once more at its deadline, and not after it', async () => {
    const { client, clock, uid, sandbox } = await challenged()
    const before = sandbox.requests().length
    const followed = followTransaction(client, { uid }, { clock, schedule: () => 50_000, deadlineMs: 60_000 })
    const started = clock.now()
    await expect(clock.until(followed.result())).rejects.toMatchObject({ code: 'deadline' })
    expect(
      sandbox
        .requests()
        .slice(before)
        .map(({ at }) => at - started),
    ).toEqual([0, 50_000, 60_000])
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

  it("goes by the client's clock and chance, or by its own", async () => {
    const { client, clock, random, sandbox, uid } = await challenged()
    const lookups = () => sandbox.requests().filter(({ operation }) => operation === 'lookup').length
    const leave = new AbortController()
    followTransaction(client, { uid }).subscribe(() => {}, leave)
    await clock.advance(60_000)
    expect(lookups()).toBeGreaterThan(1)
    expect(random).toHaveBeenCalled()
    leave.abort()
    random.mockClear()
    const mine = vi.fn(() => 0.5)
    followTransaction(client, { uid }, { random: mine }).subscribe(() => {}, leave)
    await clock.until(followTransaction(client, { uid }, { random: mine }).poll())
    expect(mine).toHaveBeenCalled()
    expect(random).not.toHaveBeenCalled()
  })

  it('goes on after an error if it is told to', async () => {
    const { client, clock, sandbox, uid } = await challenged()
    const seen: string[] = []
    const errors: unknown[] = []
    sandbox.fault({ on: 'lookup', kind: 'http', status: 403, body: { message: 'No' }, times: 2 })
    const retry = (error: unknown) => errors.push(error) > 0
    const following = followTransaction(client, { uid }, { retry }).subscribe(({ status }) => seen.push(status))
    await clock.advance(60_000)
    expect(errors).toMatchObject([{ code: 'unauthorized' }, { code: 'unauthorized' }])
    expect(seen).toEqual(['incomplete'])
    following.unsubscribe()
  })

  it('follows a pending one for eleven days, given the time', async () => {
    const day = 86_400_000
    const schedule = fixedSchedule({ intervalMs: 3_600_000 })
    const { client, clock, sandbox } = createCheckout()
    const { uid } = sandbox.addTransaction({ status: 'pending', amount: 1, currency: 'KZT' })
    const paid = followTransaction(client, { uid }, { deadlineMs: 12 * day, schedule }).result()
    await clock.advance(11 * day)
    sandbox.correct(uid, { status: 'successful' })
    expect(await clock.until(paid)).toMatchObject({ uid, status: 'successful' })
  })
})
