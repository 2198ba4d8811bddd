/** Many, late, re-entrant, throwing, aborting: no observer hurts another, the loop, or the payment. */
import { type TaskState, TransactionError } from '@async-transaction/core'
import { firstValueFrom, from, lastValueFrom, map, toArray } from 'rxjs'
import { from as from6 } from 'rxjs-6'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createCheckout, order, record } from './checkout.ts'

afterEach(() => vi.unstubAllGlobals())

describe('an observer', () => {
  it('that is the first, or was the last, is told to `onObserved`', async () => {
    const told: unknown[] = []
    const { client, clock } = createCheckout({ onObserved: (task, observed) => told.push([task, observed]) })
    const task = client.submit('payments', order())
    const [first, second] = [task.subscribe({}), task.subscribe({})]
    first.unsubscribe()
    expect(told).toEqual([[task, true]])
    second.unsubscribe()
    expect(told).toEqual([
      [task, true],
      [task, false],
    ])
    await clock.until(task.outcome())
    expect(told.slice(2)).toEqual([
      [task, true],
      [task, false],
    ])
  })

  it('that throws is reported, and hurts neither the others nor the loop', async () => {
    const reported: unknown[] = []
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
    const { client, clock } = createCheckout()
    const task = client.submit('payments', order())
    const broken = new Error('observer')
    task.subscribe({
      next() {
        throw broken
      },
      complete() {
        throw broken
      },
    })
    const seen = record(task)
    await clock.until(task.outcome())
    expect(seen.end).toBe('complete')
    expect(reported).toEqual(Array(seen.states.length + 1).fill(broken))
  })

  it('that throws where there is no reportError is an uncaught exception, not a lost one', async () => {
    vi.stubGlobal('reportError', undefined)
    const { client, clock } = createCheckout({}, { latencyMs: 0 })
    const task = client.submit('payments', order())
    await clock.until(task.outcome())
    const thrown: (() => void)[] = []
    vi.stubGlobal('queueMicrotask', (callback: () => void) => thrown.push(callback))
    task.subscribe(() => {
      throw new Error('observer')
    })
    expect(thrown).toHaveLength(1)
    expect(thrown[0]).toThrow('observer')
  })

  it('that subscribes another one in `next` gives it the same states, once each', async () => {
    const { client, clock } = createCheckout()
    const task = client.submit('payments', order())
    const outer: string[] = []
    const inner: string[] = []
    task.subscribe(({ status }) => {
      outer.push(status)
      if (outer.length === 1) task.subscribe((state) => inner.push(state.status))
    })
    await clock.until(task.outcome())
    expect(inner).toEqual(outer)
  })

  it('that leaves in `next` gets nothing more, and the others everything', async () => {
    const { client, clock } = createCheckout()
    const task = client.submit('payments', order())
    const brief: string[] = []
    const subscription = task.subscribe(({ status }) => {
      brief.push(status)
      subscription.unsubscribe()
    })
    const seen = record(task)
    await clock.until(task.outcome())
    expect(brief).toEqual(['processing'])
    expect(subscription.closed).toBe(true)
    expect(seen.end).toBe('complete')
  })

  it('may detach another one, in the middle of an emission, and leave twice', async () => {
    const { client, clock } = createCheckout()
    const task = client.submit('payments', order())
    const states: TaskState[] = []
    task.subscribe(({ status }) => {
      if (status === 'completed') other.unsubscribe()
    })
    const other = task.subscribe((state) => states.push(state))
    await clock.until(task.outcome())
    other.unsubscribe()
    expect(new Set(states.map(({ status }) => status))).toEqual(new Set(['processing']))
  })

  it('that detaches another one at the end spares it the end', async () => {
    const { client, clock } = createCheckout({}, { latencyMs: 0 })
    const task = client.submit('payments', order())
    task.subscribe({ complete: () => other.unsubscribe() })
    const ended = vi.fn()
    const other = task.subscribe({ complete: ended })
    await clock.until(task.outcome())
    expect(ended).not.toHaveBeenCalled()
  })

  it('that stops the task in `next` spares the others what is no longer true', async () => {
    const { client, clock } = createCheckout()
    const task = client.submit('payments', order())
    task.subscribe(({ status }) => {
      if (status === 'processing') task.stop()
    })
    const seen = record(task)
    await clock.advance(60_000)
    expect(seen.states).toEqual([])
    expect(seen.end).toMatchObject({ code: 'stopped' })
  })

  it('detaches by its signal, alone', async () => {
    const { client, clock } = createCheckout()
    const task = client.submit('payments', order())
    const controller = new AbortController()
    const states: TaskState[] = []
    const ended = vi.fn()
    const subscription = task.subscribe(
      { next: (state) => states.push(state), error: ended, complete: ended },
      { signal: controller.signal },
    )
    const other = record(task)
    await clock.until(task.accepted())
    controller.abort()
    expect(subscription.closed).toBe(true)
    await clock.until(task.outcome())
    expect(states).toHaveLength(1)
    expect(ended).not.toHaveBeenCalled()
    expect(other.end).toBe('complete')
  })

  it('with a signal that is aborted already never observes', async () => {
    const { client, clock, sandbox } = createCheckout()
    const task = client.submit('payments', order())
    const next = vi.fn()
    expect(task.subscribe(next, { signal: AbortSignal.abort() }).closed).toBe(true)
    await clock.advance(60_000)
    expect(next).not.toHaveBeenCalled()
    expect(sandbox.requests()).toHaveLength(1)
  })

  it('of another library that leaves during its first state costs no question', async () => {
    const { client, clock, sandbox } = createCheckout()
    const task = client.submit('payments', order())
    await clock.until(task.accepted())
    await clock.advance(60_000)
    expect(await firstValueFrom(from(task))).toMatchObject({ status: 'processing' })
    await clock.advance(60_000)
    expect(sandbox.requests()).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('needs no callbacks at all', async () => {
    const { client, clock, sandbox } = createCheckout()
    sandbox.fault({ on: 'submit', kind: 'error' })
    const task = client.submit('payments', order())
    task.subscribe({})
    expect(await clock.until(task.outcome())).toMatchObject({ status: 'error' })
  })

  it('leaves no listener on a long-lived signal', async () => {
    const controller = new AbortController()
    const added = vi.spyOn(controller.signal, 'addEventListener')
    const removed = vi.spyOn(controller.signal, 'removeEventListener')
    const { client, clock } = createCheckout({}, { latencyMs: 0 })
    const { signal } = controller
    const task = client.submit('payments', order(), { signal })
    task.subscribe({}, { signal }).unsubscribe()
    await clock.until(Promise.all([task.outcome({ signal }), task.result({ signal })]))
    expect(added.mock.calls).toHaveLength(4)
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
      expect.arrayContaining(added.mock.calls.map(([, listener]) => listener)),
    )
  })
})

describe('the iterator', () => {
  it('detaches on `break`', async () => {
    const { client, clock, sandbox } = createCheckout()
    const task = client.submit('payments', order())
    await clock.until(
      (async () => {
        for await (const state of task) if (state.status === 'processing') break
      })(),
    )
    await clock.advance(60_000)
    expect(sandbox.requests()).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('throws the error of the task', async () => {
    const { client, clock, sandbox } = createCheckout()
    sandbox.fault({ on: 'submit', kind: 'error' })
    const task = client.submit('payments', order())
    const reading = (async () => {
      for await (const _ of task);
    })()
    await expect(clock.until(reading)).rejects.toMatchObject({ code: 'gateway-error' })
  })

  it('keeps every state for a slow reader, and of many `processing` the last', async () => {
    const { client, clock } = createCheckout({}, { latencyMs: 20_000 })
    const task = client.submit('payments', order())
    const iterator = task[Symbol.asyncIterator]()
    await clock.until(task.outcome())
    const states: TaskState[] = []
    for (let step = await iterator.next(); !step.done; step = await iterator.next()) states.push(step.value)
    expect(states.map(({ status }) => status)).toEqual(['processing', 'completed', 'result'])
    expect(states[0]).toMatchObject({ polls: expect.any(Number) })
    expect((states[0] as { polls: number }).polls).toBeGreaterThan(5)
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it('is itself iterable, so that reading may begin by hand and go on in a loop', async () => {
    const { client, clock } = createCheckout()
    const iterator = client.submit('payments', order())[Symbol.asyncIterator]()
    const statuses: string[] = []
    const reading = (async () => {
      statuses.push((await iterator.next()).value.status)
      for await (const { status } of iterator) statuses.push(status)
    })()
    await clock.until(reading)
    expect(statuses.slice(-2)).toEqual(['completed', 'result'])
  })

  it('answers several questions at once, in order, and is over when it is left', async () => {
    const { client, clock, sandbox } = createCheckout()
    const task = client.submit('payments', order())
    const iterator = task[Symbol.asyncIterator]()
    const steps = [iterator.next(), iterator.next()]
    await clock.advance(4000)
    expect((await Promise.all(steps)).map(({ value }) => value.polls)).toEqual([0, 1])
    const waiting = iterator.next()
    await iterator.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
    const asked = sandbox.requests().length
    await clock.advance(60_000)
    expect(sandbox.requests()).toHaveLength(asked)
  })
})

describe('the promises', () => {
  it('reject with the reason of the caller’s own signal, and stop nothing', async () => {
    const { client, clock } = createCheckout()
    const task = client.submit('payments', order())
    const controller = new AbortController()
    const reason = new Error('the page was left')
    const promises = [task.outcome({ signal: controller.signal }), task.result({ signal: controller.signal })]
    const rejected = Promise.allSettled(promises)
    await clock.advance(1000)
    controller.abort(reason)
    expect(await rejected).toEqual([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ])
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
  })

  it('reject at once when the signal is aborted already', async () => {
    const { client } = createCheckout()
    const task = client.submit('payments', order())
    await expect(task.outcome({ signal: AbortSignal.abort('no') })).rejects.toBe('no')
    task.stop()
  })

  it('of `accepted()` do not count as observing', async () => {
    const { client, clock, sandbox } = createCheckout()
    const task = client.submit('payments', order())
    const handle = await clock.until(task.accepted())
    expect(handle).toEqual(task.handle)
    await clock.advance(60_000)
    expect(sandbox.requests()).toHaveLength(1)
    expect(task.accepted()).toBe(task.accepted())
  })

  it('count as observing until they are settled', async () => {
    const { client, clock } = createCheckout({}, { latencyMs: 3000 })
    const task = client.submit('payments', order())
    await clock.until(task.outcome())
    expect(clock.pending).toBe(0)
  })

  it('are not needed: nobody listens, and nothing is unhandled', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const { client, clock, sandbox } = createCheckout()
    sandbox.fault({ on: 'submit', kind: 'http', status: 422, body: { response: { message: 'no' } } })
    const task = client.submit('payments', order())
    await clock.advance(60_000)
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)
    expect(task.getSnapshot()).toMatchObject({ error: { code: 'submit-rejected' } })
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('are not on the task itself: `await task` gives the task', async () => {
    const { client } = createCheckout()
    const task = client.submit('payments', order())
    expect(await task).toBe(task)
    expect(task).not.toHaveProperty('then')
    task.stop()
  })
})

describe('stop()', () => {
  it('ends the observers and pending promises with `stopped`, and keeps the response in flight', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'submit', kind: 'error' })
    sandbox.fault({ on: 'status', kind: 'delay', ms: 5000 })
    const task = client.submit('payments', order())
    const seen = record(task)
    const outcome = task.outcome()
    await clock.advance(4000)
    task.stop()
    expect(seen.end).toMatchObject({ code: 'stopped', effect: 'unknown' })
    expect(await outcome).toEqual({ status: 'error', error: seen.end })
    expect(task.getSnapshot()).toEqual({ status: 'error', error: seen.end })
    expect(record(task).end).toBe(seen.end)

    const resumed = client.resume(task.handle as never)
    expect(resumed).not.toBe(task)
    expect(await clock.until(resumed.outcome())).toMatchObject({ error: { code: 'gateway-error' } })
    // The error, and the 404 that confirms it.
    expect(sandbox.requests().filter(({ operation }) => operation === 'status')).toHaveLength(2)
    expect(task.getSnapshot()).toEqual({ status: 'error', error: seen.end })
  })

  it('is undone for a new observer by resume(), not for the old task', async () => {
    const { client, clock } = createCheckout()
    const task = client.submit('payments', order())
    task.subscribe({})
    await clock.until(task.accepted())
    task.stop()
    await clock.advance(60_000)
    expect(clock.pending).toBe(0)
    const resumed = client.resume(task.handle as never)
    const seen = record(resumed)
    record(task)
    expect(await clock.until(resumed.result())).toMatchObject({ status: 'successful' })
    expect(seen.end).toBe('complete')
    expect(task.getSnapshot()).toMatchObject({ error: { code: 'stopped' } })
  })

  it('by the signal of submit() is the same, also in the middle of the POST', async () => {
    const { client, clock, sandbox } = createCheckout()
    sandbox.fault({ on: 'submit', kind: 'drop-after' })
    const controller = new AbortController()
    const task = client.submit('payments', order(), { signal: controller.signal })
    await clock.advance(1)
    controller.abort()
    await clock.advance(60_000)
    expect(task.getSnapshot()).toMatchObject({ error: { code: 'stopped', effect: 'unknown' } })
    expect(sandbox.requests()).toHaveLength(1)
    await expect(task.accepted()).rejects.toMatchObject({ code: 'stopped' })
  })

  it('is the end of hints as well', async () => {
    const { client, clock, sandbox } = createCheckout()
    const task = client.submit('payments', order())
    await clock.until(task.accepted())
    task.stop()
    const asked = sandbox.requests().length
    await clock.until(task.poll())
    expect(sandbox.requests()).toHaveLength(asked)
    const resumed = client.resume(task.handle as never)
    await clock.until(task.poll())
    expect(sandbox.requests()).toHaveLength(asked)
    await clock.until(resumed.poll())
    expect(sandbox.requests()).toHaveLength(asked + 1)
  })

  it('of what is settled changes nothing', async () => {
    const { client, clock } = createCheckout()
    const task = client.submit('payments', order())
    const outcome = await clock.until(task.outcome())
    task.stop()
    expect(task.getSnapshot()).toBe(outcome)
  })
})

describe('other libraries', () => {
  it('rxjs 7 takes a task by `from`', async () => {
    const { client, clock } = createCheckout()
    const task = client.submit('payments', order())
    const statuses = lastValueFrom(
      from(task).pipe(
        map(({ status }) => status),
        toArray(),
      ),
    )
    expect(new Set(await clock.until(statuses))).toEqual(new Set(['processing', 'completed', 'result']))
  })

  it('rxjs 6 takes a task by `from`', async () => {
    const { client, clock } = createCheckout()
    const task = client.submit('payments', order())
    const statuses: string[] = []
    const ended = new Promise<void>((resolve) =>
      from6(task as never).subscribe({ next: ({ status }: TaskState) => statuses.push(status), complete: resolve }),
    )
    await clock.until(ended)
    expect(new Set(statuses)).toEqual(new Set(['processing', 'completed', 'result']))
  })

  it('rxjs detaches when it unsubscribes', async () => {
    const { client, clock, sandbox } = createCheckout()
    const subscription = from(client.submit('payments', order())).subscribe()
    await clock.advance(1000)
    subscription.unsubscribe()
    await clock.advance(60_000)
    expect(sandbox.requests()).toHaveLength(1)
  })

  it('finds the task under Symbol.observable, when somebody made that, even later', async () => {
    const { client } = createCheckout()
    const early = client.submit('payments', order())
    const key = Symbol('observable')
    Object.defineProperty(Symbol, 'observable', { value: key, configurable: true })
    try {
      const task = client.submit('payments', order()) as unknown as Record<symbol, () => unknown>
      expect(task[key]?.()).toBe(task)
      expect((early as unknown as Record<symbol, () => unknown>)[key]?.()).toBe(early)
      ;(task as unknown as typeof early).stop()
    } finally {
      Reflect.deleteProperty(Symbol, 'observable')
    }
    early.stop()
  })
})

describe('errors', () => {
  it('are all of one class, which a guard knows', async () => {
    const { client, clock, sandbox } = createCheckout()
    sandbox.fault({ on: 'submit', kind: 'http', status: 401, body: { message: 'no' } })
    const outcome = await clock.until(client.submit('payments', order()).outcome())
    expect((outcome as { error: unknown }).error).toBeInstanceOf(TransactionError)
  })
})
