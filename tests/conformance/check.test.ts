/** `check(handle)`: one stateless step, for an edge function that must not wait. */
import {
  type Check,
  type Client,
  errorFrom,
  isTransactionError,
  type LostSubmission,
  memoryJournal,
  type TaskHandle,
  TransactionError,
  UnknownOutcomeError,
} from '@async-transaction/core'
import { describe, expect, it } from 'vitest'
import { cards, createCheckout, order } from './checkout.ts'

async function accepted(options = {}, gateway = {}) {
  const checkout = createCheckout(options, gateway)
  const handle = await checkout.clock.until(checkout.client.submit('payments', order()).accepted())
  return { ...checkout, handle, edge: () => checkout.restart() }
}

describe('check()', () => {
  it('takes steps, in a new client every time, to the outcome; what is due at once in the same step', async () => {
    const { clock, sandbox, edge, handle } = await accepted()
    const statuses: string[] = []
    let step: Check | undefined
    let next: TaskHandle = handle
    do {
      const before = sandbox.requests().length
      step = await clock.until((edge() as Client).check(JSON.parse(JSON.stringify(next))))
      expect(sandbox.requests().length - before).toBe(step.state.status === 'result' ? 2 : 1)
      statuses.push(step.state.status)
      next = step.handle
      await clock.advance(step.nextCheckMs ?? 0)
    } while (step.nextCheckMs !== undefined)
    expect(statuses.filter((status) => status !== 'processing')).toEqual(['result'])
    expect(step.state).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
    expect(clock.pending).toBe(0)
  })

  it('tells when to come back, and counts in the handle', async () => {
    const { clock, edge, handle } = await accepted({}, { latencyMs: 60_000 })
    await clock.advance(3000)
    const { state, handle: next, nextCheckMs } = await clock.until(edge().check(handle))
    expect(state).toMatchObject({ status: 'processing', polls: 1, elapsedMs: 3000 })
    expect(next).toEqual({ ...handle, polls: 1 })
    expect(nextCheckMs).toBe(866)
  })

  it('goes on after a loss, and remembers it', async () => {
    const { clock, sandbox, edge, handle } = await accepted({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'submit', kind: 'error' })
    sandbox.fault({ on: 'status', kind: 'truncate' })
    await clock.advance(2000)
    const { state, handle: next } = await clock.until(edge().check(handle))
    expect(state.status).toBe('processing')
    expect(next.lost).toBe(1)
  })

  it('brings an error that is given once, by the step that confirms it', async () => {
    const { client, clock, sandbox, restart } = createCheckout({}, { latencyMs: 0 })
    sandbox.fault({ on: 'submit', kind: 'error' })
    const handle = await clock.until(client.submit('payments', order()).accepted())
    const first = await clock.until(restart().check(handle))
    expect(first).toMatchObject({ state: { status: 'processing' }, handle: { lastWords: { httpStatus: 500 } } })
    const { state, nextCheckMs } = await clock.until(restart().check(first.handle))
    expect(state).toMatchObject({ status: 'error', error: { code: 'gateway-error', effect: 'unknown' } })
    expect(nextCheckMs).toBeUndefined()
  })

  it('looks up what the gateway no longer knows in the same step, and is `unknown` after the last lookup alone', async () => {
    const { clock, sandbox, edge, handle } = await accepted({}, { latencyMs: 0 })
    sandbox.fault({ on: 'status', kind: 'forget' })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [] }, times: 1e9 })
    let step = await clock.until(edge().check(handle))
    let steps = 1
    for (; step.nextCheckMs !== undefined; steps++) {
      expect(step.state.status).toBe('processing')
      await clock.advance(step.nextCheckMs)
      step = await clock.until(edge().check(structuredClone(step.handle)))
    }
    expect(step.state).toMatchObject({ status: 'unknown', cause: 'not-found', candidates: [] })
    expect(steps).toBe(5)
  })

  it('of a task that is unknown polls again, but once a minute at most', async () => {
    const { clock, sandbox, edge, handle } = await accepted({}, { latencyMs: 0 })
    sandbox.fault({
      on: 'status',
      kind: 'http',
      status: 404,
      body: { status: 'unknown', request_id: handle.requestId },
    })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [] }, times: 5 })
    let step = await clock.until(edge().check(handle))
    while (step.nextCheckMs !== undefined) {
      await clock.advance(step.nextCheckMs)
      step = await clock.until(edge().check(step.handle))
    }
    expect(step.state.status).toBe('unknown')
    const asked = sandbox.requests().length
    const early = await clock.until(edge().check(step.handle))
    expect(early).toMatchObject({ state: { status: 'processing' }, nextCheckMs: 60_000 })
    expect(sandbox.requests()).toHaveLength(asked)
    await clock.advance(60_000)
    expect(await clock.until(edge().check(early.handle))).toMatchObject({ state: { status: 'result', via: 'task' } })
  })

  it('does no harm with the handle of an older step', async () => {
    const { clock, edge, handle } = await accepted({}, { latencyMs: 1000 })
    await clock.advance(2000)
    for (let redelivery = 0; redelivery < 3; redelivery++)
      expect(await clock.until(edge().check(handle))).toMatchObject({ state: { status: 'result' } })
  })

  it('gives plain data, which a queue keeps whole, and an error of it', async () => {
    const { client, clock, sandbox, restart } = createCheckout({}, { latencyMs: 0 })
    sandbox.fault({ on: 'submit', kind: 'error', body: { message: 'Boom', errors: { base: ['is odd'] } } })
    const handle = await clock.until(client.submit('payments', order()).accepted())
    const { handle: next } = await clock.until(restart().check(handle))
    const { state } = structuredClone(await clock.until(restart().check(next)))
    if (state.status !== 'error') throw new Error(`It is ${state.status}`)
    expect(state.error).toMatchObject({ code: 'gateway-error', message: 'Boom', requestId: handle.requestId })
    const error = errorFrom(JSON.parse(JSON.stringify(state.error)))
    expect(error).toBeInstanceOf(TransactionError)
    expect(error).toMatchObject({ code: 'gateway-error', effect: 'unknown', message: 'Boom' })
    expect(isTransactionError(error)).toBe(true)
  })

  it('makes an UnknownOutcomeError of the plain data of one', () => {
    const error = new UnknownOutcomeError({
      cause: 'expired',
      requestKey: 'key',
      trackingId: 'order-1',
      requestId: '1',
    })
    const again = errorFrom(JSON.parse(JSON.stringify(error)))
    expect(again).toBeInstanceOf(UnknownOutcomeError)
    expect(again).toMatchObject({ code: 'unknown-outcome', cause: 'expired', trackingId: 'order-1', effect: 'unknown' })
  })

  it.each([
    ['as the result was', true],
    ['also by a handle alone, in a new process', false],
  ])('follows a transaction that waits for its customer by its uid: %s', async (_, journaled) => {
    const journal = memoryJournal()
    const checkout = createCheckout(journaled ? { journal } : {}, { latencyMs: 1000 })
    const { client, clock, sandbox, restart } = checkout
    const handle = await clock.until(client.submit('payments', order({}, cards.threeDSecure)).accepted())
    await clock.advance(2000)
    const first = await clock.until(restart().check(handle))
    if (first.state.status !== 'result') throw new Error(`It is ${first.state.status}`)
    const { uid, redirect_url } = first.state.transaction ?? {}
    expect(first).toMatchObject({ state: { transaction: { status: 'incomplete' } }, handle: { uid } })
    await clock.advance(first.nextCheckMs ?? Number.NaN)
    const second = await clock.until(restart().check(first.handle))
    expect(second).toMatchObject({ state: { status: 'result', transaction: { status: 'incomplete' } } })
    await sandbox.fetch(redirect_url as string, {
      method: 'POST',
      body: new URLSearchParams({ decision: 'confirm' }),
    })
    await clock.advance(second.nextCheckMs ?? Number.NaN)
    const third = await clock.until(restart().check(second.handle))
    expect(third.state).toMatchObject({ status: 'result', via: 'lookup', transaction: { status: 'successful', uid } })
    expect(third.nextCheckMs).toBeUndefined()
  })

  it('waits as told before it asks for that transaction again, in the next step and in the same client', async () => {
    const { client, clock, sandbox, restart } = createCheckout({}, { latencyMs: 1000 })
    const handle = await clock.until(client.submit('payments', order({}, cards.threeDSecure)).accepted())
    await clock.advance(2000)
    const first = await clock.until(restart().check(handle))
    await clock.advance(first.nextCheckMs ?? Number.NaN)
    sandbox.fault({ on: 'lookup', kind: 'throttle', retryAfter: 60 })
    const edge = restart()
    const second = await clock.until(edge.check(first.handle))
    expect(second.nextCheckMs).toBeGreaterThanOrEqual(60_000)
    const asked = sandbox.requests().length
    expect((await clock.until(edge.check(second.handle))).nextCheckMs).toBeGreaterThanOrEqual(59_000)
    expect(sandbox.requests()).toHaveLength(asked)
  })

  it.each([true, false])('looks a lost submission up, a step a call (taken: %s)', async (taken) => {
    const { client, clock, sandbox, restart } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'submit', kind: taken ? 'drop-after' : 'drop-before', times: 3 })
    sandbox.fault({ on: 'lookup', kind: 'html', times: 5 })
    const lost = await clock.until(client.submit('payments', order()).outcome())
    if (lost.status !== 'error') throw new Error(`It is ${lost.status}`)
    let handle = JSON.parse(JSON.stringify(lost.error)) as LostSubmission
    const before = sandbox.requests().length
    const first = await clock.until(restart().check(handle))
    expect(sandbox.requests().slice(before)).toMatchObject([{ operation: 'lookup' }])
    let step = first
    while (step.nextCheckMs !== undefined) {
      expect(step.state).toEqual({ status: 'submitting' })
      await clock.advance(step.nextCheckMs)
      handle = step.handle
      step = await clock.until(restart().check(JSON.parse(JSON.stringify(handle))))
    }
    if (taken) expect(step.state).toMatchObject({ status: 'result', via: 'lookup' })
    else expect(step.state).toMatchObject({ status: 'error', error: { code: 'submit-lost', effect: 'unknown' } })
    expect(sandbox.requests().filter(({ operation }) => operation === 'submit')).toHaveLength(3)
  })

  it('counts the lookups of a lost submission from step to step', async () => {
    const { client, clock, sandbox, restart } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    sandbox.fault({ on: 'lookup', kind: 'html', times: 5 })
    const lost = await clock.until(client.submit('payments', order({}, cards.declined)).outcome())
    if (lost.status !== 'error') throw new Error(`It is ${lost.status}`)
    // A declined one counts once a second lookup lists it alone as well.
    const first = await clock.until(restart().check(lost.error.toJSON() as unknown as LostSubmission))
    expect(first.state).toEqual({ status: 'submitting' })
    await clock.advance(first.nextCheckMs ?? 0)
    const second = await clock.until(restart().check(first.handle))
    expect(second.state).toMatchObject({ status: 'result', transaction: { status: 'failed' } })
    expect(second.nextCheckMs).toBeUndefined()
  })

  it('remembers the lookup that found a lost submission, also after the ten minutes', async () => {
    const { client, clock, sandbox, restart } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    sandbox.fault({ on: 'lookup', kind: 'html', times: 5 })
    const lost = await clock.until(client.submit('payments', order({}, cards.declined)).outcome())
    if (lost.status !== 'error') throw new Error(`It is ${lost.status}`)
    await clock.advance(660_000)
    const first = await clock.until(restart().check(lost.error.toJSON() as unknown as LostSubmission))
    expect(first.state).toMatchObject({ error: { code: 'submit-lost' } })
    const second = await clock.until(restart().check(first.handle))
    expect(second.state).toMatchObject({ status: 'result', transaction: { status: 'failed' } })
  })

  it('follows a transaction that waits for its customer no longer than the deadline', async () => {
    const { client, clock, edge } = await (async () => {
      const checkout = createCheckout({ deadlineMs: 60_000 }, { latencyMs: 1000 })
      return { ...checkout, edge: () => checkout.restart() }
    })()
    const task = client.submit('payments', order({}, cards.threeDSecure))
    const handle = await clock.until(task.accepted())
    let step = await clock.until(edge().check(handle))
    const started = clock.now()
    while (step.nextCheckMs !== undefined) {
      await clock.advance(step.nextCheckMs)
      step = await clock.until(edge().check(step.handle))
    }
    expect(step.state).toMatchObject({ status: 'result', transaction: { status: 'incomplete' } })
    expect(clock.now() - started).toBeGreaterThanOrEqual(59_000)
  })

  it('keeps the class of an unknown outcome', () => {
    const plain = JSON.parse(JSON.stringify(new UnknownOutcomeError({ cause: 'expired', trackingId: 't' })))
    const error = errorFrom(plain)
    expect(error).toBeInstanceOf(UnknownOutcomeError)
    expect(error).toMatchObject({ code: 'unknown-outcome', cause: 'expired', trackingId: 't' })
  })

  it('keeps last words from step to step', async () => {
    const { clock, sandbox, edge, handle } = await accepted({}, { latencyMs: 60_000 })
    sandbox.fault({ on: 'status', kind: 'throttle', retryAfter: 7, message: 'The acquirer is down' })
    const first = await clock.until(edge().check(handle))
    expect(first).toMatchObject({ handle: { lastWords: { message: 'The acquirer is down' } }, nextCheckMs: 7500 })
    sandbox.fault({ on: 'status', kind: 'forget' })
    const second = await clock.until(edge().check(JSON.parse(JSON.stringify(first.handle))))
    expect(second.state).toMatchObject({ error: { code: 'gateway-error', message: 'The acquirer is down' } })
  })

  it('names no longer wait than it planned, though the clock is set back while it is journaled', async () => {
    const { clock, handle, restart, sandbox } = await accepted({}, { latencyMs: 60_000 })
    const stored = memoryJournal()
    const setItem = (key: string, value: string): void => {
      stored.setItem(key, value)
      clock.jump(-3_600_000)
    }
    sandbox.fault({ on: 'status', kind: 'throttle', retryAfter: 7, message: 'The acquirer is down' })
    const { nextCheckMs } = await clock.until(restart({ journal: { ...stored, setItem } }).check(handle))
    expect(nextCheckMs).toBeLessThanOrEqual(8000)
  })

  it('does not ask for what the journal knows', async () => {
    const journal = memoryJournal()
    const { client, clock, sandbox, handle, edge } = await accepted({ journal })
    await clock.until(client.resume(handle).outcome())
    const asked = sandbox.requests().length
    expect((await clock.until(edge().check(handle))).state).toMatchObject({ status: 'result' })
    expect(sandbox.requests()).toHaveLength(asked)
  })

  it('returns an error that another process confirmed with its first step', async () => {
    const stored = memoryJournal()
    const checkout = createCheckout({}, { latencyMs: 1000 })
    const { clock, sandbox, restart } = checkout
    const setItem = async (key: string, value: string): Promise<void> => {
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, 10))
      await stored.setItem(key, value)
    }
    const edge = () => restart({ journal: { ...stored, setItem } })
    const client = edge()
    sandbox.fault({ on: 'submit', kind: 'error', body: { message: 'Boom' } })
    const handle = await clock.until(client.submit('payments', order()).accepted())
    await clock.advance(2000)
    let step = await clock.until(edge().check(handle))
    for (let steps = 0; step.nextCheckMs !== undefined && steps < 5; steps++) {
      await clock.advance(step.nextCheckMs)
      step = await clock.until(edge().check(step.handle))
    }
    const before = sandbox.requests().length
    // An older handle, in a process of its own.
    const { state, nextCheckMs } = await clock.until(edge().check(handle))
    expect(state).toMatchObject({ status: 'error', error: { code: 'gateway-error', message: 'Boom' } })
    expect(nextCheckMs).toBeUndefined()
    expect(sandbox.requests()).toHaveLength(before)
  })

  it('polls no sooner than a minute after another process found the outcome to be unknown', async () => {
    const { client, clock, sandbox, edge, handle } = await accepted({ journal: memoryJournal() })
    sandbox.fault({ on: 'status', kind: 'forget' })
    expect(await clock.until(client.resume(handle).outcome())).toMatchObject({ status: 'unknown' })
    const before = sandbox.requests().length
    await clock.advance(10_000)
    const { state, nextCheckMs } = await clock.until(edge().check(handle))
    expect(state.status).toBe('processing')
    expect(nextCheckMs).toBe(50_000)
    expect(sandbox.requests()).toHaveLength(before)
  })

  it('shares the exchange of a task that is under way in this client', async () => {
    const { client, clock, sandbox, handle } = await accepted({}, { latencyMs: 60_000 })
    sandbox.fault({ on: 'status', kind: 'delay', ms: 1000 })
    const polling = client.resume(handle).poll()
    const checking = client.check(handle)
    await clock.until(Promise.all([polling, checking]))
    expect(sandbox.requests().filter(({ operation }) => operation === 'status')).toHaveLength(1)
  })

  it('asks a handle that is older than 24 hours once all the same', async () => {
    const { clock, sandbox, edge, handle } = await accepted({}, { latencyMs: 1e9 })
    const { state } = await clock.until(edge().check({ ...handle, createdAt: handle.createdAt - 90_000_000 }))
    expect(state).toMatchObject({ error: { code: 'deadline' } })
    expect(sandbox.requests().filter(({ operation }) => operation === 'status')).toHaveLength(1)
  })
})
