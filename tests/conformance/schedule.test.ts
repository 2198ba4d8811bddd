/** What a schedule learns from real payments, and what states tell of it. */
import {
  adaptiveSchedule,
  type Completion,
  memoryJournal,
  type Schedule,
  type TaskHandle,
} from '@async-transaction/core'
import { describe, expect, it } from 'vitest'
import { createCheckout, order, record } from './checkout.ts'

/** A schedule that asks every second, and keeps what it is told. */
function watching(methods: Partial<Schedule> = {}): { schedule: Schedule; told: Completion[] } {
  const told: Completion[] = []
  const observe = (completion: Completion): void => void told.push(completion)
  return { schedule: Object.assign((): number => 1000, { observe }, methods), told }
}

describe('a schedule that learns', () => {
  it.each(['status', 'result'] as const)(
    'is told once between which questions a task was done, by %s',
    async (strategy) => {
      const { schedule, told } = watching()
      const { client, clock } = createCheckout({ schedule, strategy }, { latencyMs: 4500 })
      await clock.until(client.submit('payments', order(), { paymentMethod: 'card' }).outcome())
      expect(told).toEqual([{ type: 'payments', paymentMethod: 'card', afterMs: 4000, byMs: 5000 }])
    },
  )

  it('is told of a task that blew up, which is done as well', async () => {
    const { schedule, told } = watching()
    const { client, clock, sandbox } = createCheckout({ schedule }, { latencyMs: 2500 })
    sandbox.fault({ on: 'submit', kind: 'error' })
    await clock.until(client.submit('payments', order()).outcome())
    expect(told).toEqual([{ type: 'payments', paymentMethod: undefined, afterMs: 2000, byMs: 3000 }])
  })

  it('is told of no time when a lost answer may have said it sooner', async () => {
    const { schedule, told } = watching()
    const { client, clock, sandbox } = createCheckout({ schedule }, { latencyMs: 2500 })
    sandbox.fault({ on: 'status', kind: 'drop-before', nth: 3 })
    await clock.until(client.submit('payments', order()).outcome())
    expect(told).toMatchObject([{ afterMs: 2000, byMs: 4000 }])
  })

  it('is told the times at which questions were sent: those are what it plans', async () => {
    const { schedule, told } = watching()
    const { client, clock, sandbox } = createCheckout({ schedule }, { latencyMs: 1500 })
    sandbox.fault({ on: 'status', kind: 'delay', ms: 300, times: 9 })
    await clock.until(client.submit('payments', order()).outcome())
    expect(told).toMatchObject([{ afterMs: 1000, byMs: 2300 }])
  })

  it('is told that a task took longer than it was watched, when it is given up', async () => {
    const { schedule, told } = watching()
    const { client, clock } = createCheckout({ schedule, deadlineMs: 3500 }, { latencyMs: 1e9 })
    await clock.until(client.submit('payments', order()).outcome())
    const stopped = client.submit('payments', order())
    stopped.subscribe({ error() {} })
    await clock.advance(2500)
    stopped.stop()
    expect(told).toMatchObject([
      { afterMs: 3500, byMs: Number.POSITIVE_INFINITY },
      { afterMs: 2000, byMs: Number.POSITIVE_INFINITY },
    ])
  })

  it('is not told of lookups, nor of submissions that were refused', async () => {
    const { schedule, told } = watching()
    const { client, clock, sandbox } = createCheckout({ schedule }, { latencyMs: 1000 })
    await clock.until(client.submit('payments', order({ currency: 'XXX' }), {}).outcome())
    sandbox.fault({ on: 'status', kind: 'forget', charged: true })
    await clock.until(client.submit('payments', order()).outcome())
    expect(told).toEqual([])
  })

  it.each([
    ['throws', (): never => fail()],
    ['rejects', async (): Promise<never> => fail()],
  ])('and %s stops nothing, and is a warning', async (_, failing) => {
    const { schedule } = watching({ prepare: failing, observe: failing, estimate: (): never => fail() })
    const { client, clock, events } = createCheckout({ schedule })
    const outcome = await clock.until(client.submit('payments', order()).outcome())
    expect(outcome).toMatchObject({ status: 'result' })
    expect(events).toContainEqual(expect.objectContaining({ type: 'warning', warning: 'schedule-failed' }))
  })

  it('keeps the payment method in the handle, and through the journal', async () => {
    const journal = memoryJournal()
    const { schedule, told } = watching()
    const { client, clock, restart } = createCheckout({ schedule, journal }, { latencyMs: 4500 })
    const task = client.submit('payments', order(), { paymentMethod: 'card' })
    const handle: TaskHandle = await clock.until(task.accepted())
    expect(handle.paymentMethod).toBe('card')
    task.stop()
    const [recovered] = await clock.until(restart().recover())
    await clock.until(recovered?.outcome() as Promise<unknown>)
    expect(told).toMatchObject([{ paymentMethod: 'card' }])
  })
})

describe('adaptiveSchedule', () => {
  it('learns from payments, asks less in vain, and hears as soon; the next process goes on with it', async () => {
    const store = memoryJournal()
    const gateway = { latencyMs: 20_000 }
    const { client, clock, sandbox, restart } = createCheckout({ schedule: adaptiveSchedule({ store }) }, gateway)
    const asked = async (by = client): Promise<number> => {
      const before = sandbox.requests().length
      await clock.until(by.submit('payments', order()).outcome())
      return sandbox.requests().length - before
    }
    const atFirst = await asked()
    for (let payment = 0; payment < 60; payment++) await asked()
    const next = restart({ schedule: adaptiveSchedule({ store, polls: 2 }) })
    expect(await asked(next)).toBeLessThan(atFirst / 2)
    expect(await store.getKeys()).toEqual(['async-transaction-schedule:payments'])
    expect(await next.recover()).toEqual([])
  })

  it('lets states tell how far the payment is: from 0, rising, never 1', async () => {
    const { client, clock } = createCheckout({ schedule: adaptiveSchedule() }, { latencyMs: 20_000 })
    for (let payment = 0; payment < 40; payment++) await clock.until(client.submit('payments', order()).outcome())
    const seen = record(client.submit('payments', order()))
    await clock.advance(60_000)
    const processing = seen.states.filter((state) => state.status === 'processing')
    const progress = processing.map((state) => state.progress as number)
    expect(progress[0]).toBe(0)
    expect([...progress].sort((a, b) => a - b)).toEqual(progress)
    expect(Math.max(...progress)).toBeGreaterThan(0.1)
    expect(Math.max(...progress)).toBeLessThan(1)
    expect(processing[0]?.expectedMs).toBeGreaterThan(10_000)
    expect(processing[0]?.expectedMs).toBeLessThan(25_000)
  })

  it('whose store fails warns, and pays like the default', async () => {
    const store = { getItem: () => Promise.reject(new Error('down')), setItem: () => Promise.reject(new Error('down')) }
    const { client, clock, events } = createCheckout({ schedule: adaptiveSchedule({ store }) })
    const seen = record(client.submit('payments', order()))
    await clock.advance(10_000)
    expect(seen.end).toBe('complete')
    expect(seen.states[0]).toEqual({
      status: 'processing',
      requestId: expect.any(String),
      polls: 0,
      elapsedMs: 0,
      nextPollMs: 4000,
    })
    expect(events).toContainEqual(expect.objectContaining({ type: 'warning', warning: 'schedule-failed' }))
  })

  it('whose store hangs holds no payment up', async () => {
    const never = (): Promise<never> => new Promise(() => {})
    const { client, clock } = createCheckout({
      schedule: adaptiveSchedule({ store: { getItem: never, setItem: never } }),
    })
    const seen = record(client.submit('payments', order()))
    await clock.advance(10_000)
    expect(seen.end).toBe('complete')
  })
})

describe('an estimate', () => {
  it.each([
    ['not a number', { progress: Number.NaN, expectedMs: 1 }],
    ['below 0', { progress: -0.1, expectedMs: 1 }],
    ['without a time', { progress: 0.5 } as never],
  ])('that is %s is left out', async (_, estimate) => {
    const { schedule } = watching({ estimate: () => estimate })
    const { client, clock } = createCheckout({ schedule })
    const seen = record(client.submit('payments', order()))
    await clock.advance(3000)
    expect(seen.states.length).toBeGreaterThan(2)
    for (const state of seen.states) expect(state).not.toHaveProperty('progress')
  })

  it('never takes a task back, nor shows it done', async () => {
    const estimates = [0.5, 0.2, 7]
    const { schedule } = watching({
      estimate: ({ elapsedMs }) => ({ progress: estimates[elapsedMs / 1000] ?? 0, expectedMs: 1.4 }),
    })
    const { client, clock } = createCheckout({ schedule })
    const seen = record(client.submit('payments', order()))
    await clock.advance(2500)
    expect(seen.states).toMatchObject([{ progress: 0.5, expectedMs: 1 }, { progress: 0.5 }, { progress: 0.99 }])
  })
})

function fail(): never {
  throw new Error('schedule')
}
