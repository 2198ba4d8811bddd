import { anything, array, assert, constant, double, integer, oneof, property, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AdaptiveScheduleOptions, adaptiveSchedule } from './adaptive-schedule.ts'
import { emptyHistogram, parseHistogram, serialiseHistogram, withCompletion } from './completion-histogram.ts'
import type { Schedule } from './schedule.ts'
import { sqrtSchedule } from './sqrt-schedule.ts'

const type = 'payments'
const middle = (): number => 0.5
const KEY = 'async-transaction-schedule:payments'

const storeOf = (items: Record<string, unknown> = {}) => ({
  items,
  getItem: (key: string): unknown => items[key],
  setItem(key: string, value: string): unknown {
    items[key] = value
    return undefined
  },
})

/** A schedule that saw `count` tasks be done between the two times. */
async function taught(
  count: number,
  afterMs: number,
  byMs: number,
  options?: AdaptiveScheduleOptions,
): Promise<Schedule> {
  const schedule = adaptiveSchedule(options)
  for (let task = 0; task < count; task++) await schedule.observe?.({ type, afterMs, byMs })
  return schedule
}

const first = (schedule: Schedule, task: object = { type }): number =>
  schedule({ ...task, polls: 0, elapsedMs: 0, random: middle })

/** Times as they may come, also when a clock is wrong. */
const times = record({
  afterMs: oneof(constant(0), double({ min: 0, max: 1e8, noNaN: true })),
  forMs: oneof(constant(0), constant(Number.POSITIVE_INFINITY), double({ min: 0, max: 1e8, noNaN: true })),
})
const histories = array(times, { maxLength: 60 })

async function after(history: readonly { afterMs: number; forMs: number }[], repeat = 1): Promise<Schedule> {
  const schedule = adaptiveSchedule()
  for (let turn = 0; turn < repeat; turn++)
    for (const { afterMs, forMs } of history) await schedule.observe?.({ type, afterMs, byMs: afterMs + forMs })
  return schedule
}

describe('adaptiveSchedule', () => {
  it('is the default until it knows of thirty tasks, and for types it knows nothing of', async () => {
    const byDefault = first(sqrtSchedule())
    expect(first(await taught(29, 19_000, 20_000))).toBe(byDefault)
    const learned = await taught(40, 19_000, 20_000)
    expect(first(learned)).not.toBe(byDefault)
    expect(first(learned, { type: 'refunds' })).toBe(byDefault)
    expect(first(learned, {})).toBe(byDefault)
  })

  it('asks first when such tasks are about to be done, and then often', async () => {
    const schedule = await taught(200, 19_000, 20_000, { polls: 3 })
    expect(first(schedule)).toBeGreaterThan(16_000)
    expect(first(schedule)).toBeLessThan(20_000)
    const inTime = schedule({ type, polls: 1, elapsedMs: 18_500, random: middle })
    const longAfter = schedule({ type, polls: 9, elapsedMs: 120_000, random: middle })
    expect(inTime).toBeLessThan(2000)
    expect(longAfter).toBeGreaterThan(3 * inTime)
  })

  it('asks as often as the default would, or as it was told', async () => {
    const often = await taught(200, 4000, 7000, { polls: 12 })
    const seldom = await taught(200, 4000, 7000, { polls: 2 })
    const gap = (schedule: Schedule): number => schedule({ type, polls: 1, elapsedMs: 5000, random: middle })
    expect(gap(seldom)).toBeGreaterThan(3 * gap(often))
  })

  it('unlearns within ten tasks what no longer holds', async () => {
    const schedule = await taught(500, 4000, 6000)
    expect(first(schedule)).not.toBe(first(sqrtSchedule()))
    for (let task = 0; task < 10; task++) await schedule.observe?.({ type, afterMs: 60_000, byMs: 63_000 })
    expect(first(schedule)).toBe(first(sqrtSchedule()))
  })

  it('keeps what it knows when one task in twenty takes its time', async () => {
    const schedule = adaptiveSchedule()
    for (let task = 0; task < 600; task++) {
      const slow = task % 20 === 19
      await schedule.observe?.({ type, afterMs: slow ? 60_000 : 4000, byMs: slow ? 63_000 : 6000 })
      if (task > 40) expect(schedule.estimate?.({ type, elapsedMs: 0 })).toBeDefined()
    }
  })

  it('takes a task that was given up for one that takes longer than it was watched', async () => {
    const schedule = await taught(100, 4000, 6000)
    const before = schedule.estimate?.({ type, elapsedMs: 8000 })?.progress as number
    for (let task = 0; task < 60; task++)
      await schedule.observe?.({
        type,
        afterMs: task % 3 ? 4000 : 20_000,
        byMs: task % 3 ? 6000 : Number.POSITIVE_INFINITY,
      })
    expect(schedule.estimate?.({ type, elapsedMs: 8000 })?.progress).toBeLessThan(before - 0.1)
  })

  it('learns each payment method for itself, and asks by the type while a method is new', async () => {
    const schedule = adaptiveSchedule()
    for (let task = 0; task < 60; task++) {
      await schedule.observe?.({ type, paymentMethod: 'card', afterMs: 4000, byMs: 6000 })
      await schedule.observe?.({ type, paymentMethod: 'transfer', afterMs: 50_000, byMs: 60_000 })
    }
    const half = (paymentMethod: string): number | undefined =>
      schedule.estimate?.({ type, paymentMethod, elapsedMs: 0 })?.expectedMs
    expect(half('card')).toBeLessThan(6500)
    expect(half('transfer')).toBeGreaterThan(45_000)
    expect(first(schedule, { type, paymentMethod: 'new' })).toBe(first(schedule))
    expect(first(schedule)).not.toBe(first(sqrtSchedule()))
  })

  it('gives delays that are finite and within its bounds, whatever it saw', async () => {
    const inputs = record({
      polls: integer({ min: 0, max: 1000 }),
      elapsedMs: double({ min: 0, max: 1e9, noNaN: true }),
      odds: double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    })
    for (let run = 0; run < 20; run++) {
      // The histories are drawn by the property below; here, many inputs on each.
      const schedule = await taught(40 + run, run * 1000, (run + 1) ** 3 * 1000)
      assert(
        property(inputs, ({ polls, elapsedMs, odds }) => {
          const delayMs = schedule({ type, polls, elapsedMs, random: () => odds })
          expect(delayMs).toBeGreaterThanOrEqual(250)
          expect(delayMs).toBeLessThanOrEqual(300_000)
        }),
        { numRuns: 50 },
      )
    }
  })
})

describe('what it learned', () => {
  it('has a fixed size, whatever was observed, and can be read back', () => {
    assert(
      property(histories, (history) => {
        let histogram = emptyHistogram()
        for (const { afterMs, forMs } of history) histogram = withCompletion(histogram, afterMs, afterMs + forMs)
        const stored = serialiseHistogram(histogram)
        expect(stored.length).toBeLessThan(1200)
        expect(parseHistogram(stored).counts).toHaveLength(emptyHistogram().counts.length)
        expect(histogram.total).toBeLessThanOrEqual(history.length + 1e-6)
        for (const count of histogram.counts) expect(count).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('forgets: it never counts for more than five hundred tasks', () => {
    let histogram = emptyHistogram()
    for (let task = 0; task < 3000; task++) histogram = withCompletion(histogram, 4000, 6000)
    expect(histogram.total).toBeLessThanOrEqual(500)
    expect(() => parseHistogram(serialiseHistogram(histogram))).not.toThrow()
  })

  it('is kept in the store, and found there by the next process', async () => {
    const store = storeOf()
    const schedule = await taught(60, 19_000, 20_000, { store })
    expect(Object.keys(store.items)).toEqual([KEY])
    const next = adaptiveSchedule({ store: { getItem: async (key) => store.items[key], setItem: () => {} } })
    expect(first(next)).toBe(first(sqrtSchedule()))
    await next.prepare?.({ type })
    expect(first(next)).toBeCloseTo(first(schedule), -3)
  })

  it('is written less often the more it is', async () => {
    let writes = 0
    const setItem = (): void => {
      writes += 1
    }
    const store = { getItem: () => undefined, setItem }
    await taught(1000, 4000, 6000, { store })
    expect(writes).toBeLessThan(250)
  })
})

describe('a store', () => {
  it('that holds anything else is started anew, and that is told', async () => {
    const values = oneof(
      anything(),
      constant('{'),
      constant('{"v":1,"counts":[],"doubt":0}'),
      record({ v: constant(1) }),
    )
    const samples: unknown[] = []
    assert(property(values, (value) => void samples.push(value)))
    for (const value of samples) {
      const store = storeOf({ [KEY]: value })
      const schedule = adaptiveSchedule({ store })
      const outcome = await Promise.resolve(schedule.prepare?.({ type })).then(
        () => 'read',
        () => 'failed',
      )
      expect(outcome).toBe(value === undefined || value === null ? 'read' : 'failed')
      expect(first(schedule)).toBe(first(sqrtSchedule()))
      await schedule.observe?.({ type, afterMs: 4000, byMs: 6000 })
      expect(() => parseHistogram(store.items[KEY])).not.toThrow()
    }
  })

  it('that cannot be read is not written over, and tried again', async () => {
    const before = storeOf()
    await taught(60, 19_000, 20_000, { store: before })
    const kept = before.items[KEY]
    let works = false
    const store = {
      ...before,
      getItem: async (key: string): Promise<unknown> => {
        if (!works) throw new Error('down')
        return before.items[key]
      },
    }
    const schedule = adaptiveSchedule({ store })
    await expect(schedule.observe?.({ type, afterMs: 4000, byMs: 6000 })).rejects.toThrow('down')
    expect(before.items[KEY]).toBe(kept)
    works = true
    await schedule.prepare?.({ type })
    expect(schedule.estimate?.({ type, elapsedMs: 0 })?.expectedMs).toBeGreaterThan(15_000)
  })

  it('that cannot be written does not keep it from learning', async () => {
    const store = { getItem: () => null, setItem: () => Promise.reject(new Error('full')) }
    const schedule = adaptiveSchedule({ store })
    for (let task = 0; task < 60; task++)
      await Promise.resolve(schedule.observe?.({ type, afterMs: 19_000, byMs: 20_000 })).catch(() => {})
    expect(schedule.estimate?.({ type, elapsedMs: 0 })?.expectedMs).toBeGreaterThan(15_000)
  })

  it('that never answers holds nothing up', () => {
    const schedule = adaptiveSchedule({ store: { getItem: () => new Promise(() => {}), setItem: () => {} } })
    void schedule.prepare?.({ type })
    expect(first(schedule)).toBe(first(sqrtSchedule()))
  })
})

describe('the estimate', () => {
  it('is the share that is done by now, and the time until half of the rest is', async () => {
    const schedule = await taught(300, 9000, 11_000)
    const early = schedule.estimate?.({ type, elapsedMs: 1000 })
    expect(early?.progress).toBeLessThan(0.05)
    expect(early?.expectedMs).toBeGreaterThan(7500)
    expect(early?.expectedMs).toBeLessThan(10_500)
    const halfway = schedule.estimate?.({ type, elapsedMs: 1000 + (early?.expectedMs ?? 0) })
    expect(halfway?.progress).toBeCloseTo(0.5 + (early?.progress ?? 0) / 2, 5)
    expect(schedule.estimate?.({ type, elapsedMs: 15_000 })?.progress).toBeGreaterThan(0.9)
  })

  it('is not given while too little is known', async () => {
    expect((await taught(29, 4000, 6000)).estimate?.({ type, elapsedMs: 0 })).toBeUndefined()
  })

  it('rises with the time, from 0, and stays below 1', async () => {
    const samples: { afterMs: number; forMs: number }[][] = []
    assert(
      property(histories, (history) => void samples.push(history)),
      { numRuns: 40 },
    )
    for (const history of samples) {
      const schedule = await after(history, Math.ceil(60 / Math.max(1, history.length)))
      let before = 0
      for (const elapsedMs of [0, 1, 100, 250, 1000, 5000, 5001, 30_000, 1e6, 86_400_000, 1e9]) {
        const estimate = schedule.estimate?.({ type, elapsedMs })
        if (!estimate) continue
        expect(estimate.progress).toBeGreaterThanOrEqual(before)
        expect(estimate.progress).toBeLessThan(1)
        expect(estimate.expectedMs).toBeGreaterThanOrEqual(0)
        expect(estimate.expectedMs).toBeLessThan(Number.POSITIVE_INFINITY)
        before = estimate.progress
        const delayMs = schedule({ type, polls: 1, elapsedMs, random: middle })
        expect(delayMs).toBeGreaterThanOrEqual(250)
        expect(delayMs).toBeLessThanOrEqual(300_000)
      }
    }
  })
})
