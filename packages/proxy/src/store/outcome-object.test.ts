/** One Durable Object, over a storage in memory; `tests/proxy/deployments` has the real ones. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { durableObjectOutcomes, type ObjectNamespace } from './durable-object-outcomes.ts'
import { createOutcomeObject, type ObjectState, type OutcomeObject } from './outcome-object.ts'
import type { OutcomeStore } from './outcome-store.ts'

const HOUR_MS = 60 * 60_000
const start = Date.parse('2030-01-01T00:00:00Z')

beforeEach(() => vi.useFakeTimers({ now: start, toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

function open(check: (requestId: string) => Promise<{ settled: boolean; waitMs: number }>): {
  store: OutcomeStore
  kept: Map<string, unknown>
  alarmInMs: () => number | undefined
  alarm: () => Promise<void>
} {
  const kept = new Map<string, unknown>()
  let alarmAt: number | null = null
  const storage: ObjectState['storage'] = {
    get: async (key) => kept.get(key),
    put: async (key, value) => void kept.set(key, structuredClone(value)),
    delete: async (key) => kept.delete(key),
    list: async () => new Map(kept),
    deleteAll: async () => kept.clear(),
    getAlarm: async () => alarmAt,
    async setAlarm(at) {
      alarmAt = at
    },
  }
  const object: OutcomeObject = new (createOutcomeObject({ check }))({ storage }, {})
  const namespace: ObjectNamespace = {
    idFromName: (name) => name,
    get: () => ({ fetch: (url, init) => object.fetch(new Request(url, init)) }),
  }
  return {
    store: durableObjectOutcomes(namespace),
    kept,
    alarmInMs: () => (alarmAt === null ? undefined : alarmAt - Date.now()),
    /** As the platform does: at its time, and with no other one set. */
    async alarm() {
      vi.setSystemTime(alarmAt ?? 0)
      alarmAt = null
      await object.alarm()
    },
  }
}

const unsettled = async (): Promise<{ settled: boolean; waitMs: number }> => ({ settled: false, waitMs: 0 })

it('gives a claim to one owner, until its time is over', async () => {
  const { store } = open(unsettled)
  expect(await store.claim('intent/a/lease/0', 'one', 1000)).toBe(true)
  expect(await store.claim('intent/a/lease/0', 'other', 1000)).toBe(false)
  expect(await store.claim('intent/a/lease/0', 'one', 500)).toBe(true)
  vi.setSystemTime(start + 500)
  expect(await store.claim('intent/a/lease/0', 'other', 1000)).toBe(true)
})

it('keeps a record until its time is over, then deletes all that is left', async () => {
  const { store, kept, alarm } = open(unsettled)
  await store.set('intent/a', { fence: 1 }, HOUR_MS)
  expect(await store.get('intent/a')).toEqual({ fence: 1 })
  vi.setSystemTime(start + HOUR_MS)
  expect(await store.get('intent/a')).toBeNull()
  await alarm()
  expect(kept.size).toBe(0)
})

it('asks by itself only after nobody has for a while', async () => {
  const check = vi.fn(unsettled)
  const { store, alarm, alarmInMs } = open(check)
  await store.set('task/id', { fence: 0 }, 24 * HOUR_MS)
  vi.setSystemTime(start + 3000)
  await store.set('task/id', { fence: 1 }, 24 * HOUR_MS)
  await alarm()
  expect(check).not.toHaveBeenCalled()
  expect(alarmInMs()).toBe(3000)
  await alarm()
  expect(check).toHaveBeenCalledExactlyOnceWith('id')
})

it('goes on asking when a check fails, less and less often, and ends after 24 hours', async () => {
  // Each check sets the task again, as a read of the gateway does.
  const check = vi.fn(async (): Promise<never> => {
    await store.set('task/id', { fence: 1 }, 24 * HOUR_MS)
    throw new Error('The gateway is down')
  })
  const { store, alarm, kept } = open(check)
  await store.set('task/id', { fence: 0 }, 24 * HOUR_MS)
  for (let alarms = 0; kept.size > 0 && alarms < 1000; alarms++) await alarm()
  expect(kept.size).toBe(0)
  expect(check.mock.calls.length).toBeGreaterThan(100)
  expect(check.mock.calls.length).toBeLessThan(300)
})

it('sees to the next alarm before it asks: a process that dies in between loses nothing', async () => {
  let due: number | undefined
  const opened = open(async () => {
    due = opened.alarmInMs()
    return { settled: true, waitMs: 0 }
  })
  await opened.store.set('task/id', { fence: 0 }, 24 * HOUR_MS)
  await opened.alarm()
  expect(due).toBe(5000)
  expect(opened.alarmInMs()).toBeGreaterThan(23 * HOUR_MS)
})

it('is woken again by what comes after the settlement, such as a webhook', async () => {
  const { store, alarm, alarmInMs } = open(async () => ({ settled: true, waitMs: 0 }))
  await store.set('task/id', { fence: 0 }, 24 * HOUR_MS)
  await alarm()
  await store.set('task/id', { fence: 1 }, 24 * HOUR_MS)
  expect(alarmInMs()).toBe(5000)
})
