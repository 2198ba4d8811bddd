import { createSimulatedClock } from '@async-transaction/core/testing'
import { describe, expect, it } from 'vitest'
import { memoryOutcomes } from '../store/memory-outcomes.ts'
import type { OutcomeStore } from '../store/outcome-store.ts'
import type { Fenced } from './fenced.ts'
import type { LeasedWork } from './lease.ts'
import { RecordStore, StoreError } from './record-store.ts'

interface Heard extends Fenced {
  readonly heard: readonly string[]
}

const KEY = 'task/1'
const heardBy = (record: Heard | undefined): readonly string[] => record?.heard ?? []
const recordWith = (...heard: string[]): Heard => ({ fence: 0, writer: '', heard })

/** What several processes heard is the union. */
const union = (stored: Heard | undefined, mine: Heard): Heard => ({
  ...mine,
  heard: [...new Set([...heardBy(stored), ...mine.heard])],
})

const leased = (work: LeasedWork<Heard, unknown>['work'], more: Partial<LeasedWork<Heard, unknown>> = {}) => ({
  ttlMs: 24 * 60 * 60_000,
  waitMs: 60_000,
  merge: union,
  seen: () => undefined,
  begin: (record: Heard | undefined) => record ?? recordWith(),
  work,
  ...more,
})

function open(change: (store: Required<OutcomeStore>) => OutcomeStore = (store) => store) {
  const clock = createSimulatedClock()
  const store = memoryOutcomes(clock)
  const process = (changed: OutcomeStore = change(store)): RecordStore => new RecordStore(changed, clock, () => 0)
  const stored = (): Heard | undefined => store.get(KEY) as Heard | undefined
  return { clock, store, process, stored, records: process() }
}

/** A store with the methods that every store has. */
const plain = ({ get, set, claim }: OutcomeStore): OutcomeStore => ({ get, set, claim })

describe.each([
  ['in one step', (store: Required<OutcomeStore>): OutcomeStore => store],
  ['in two', plain],
])('a lease that is taken with the first write %s', (_, change) => {
  it('is held by one of many at a time, in several processes', async () => {
    const { clock, process, stored } = open(change)
    let inside = 0
    const works = Array.from({ length: 8 }, (_, index) =>
      process().withLease(
        KEY,
        leased(async (begun, lease) => {
          inside += 1
          expect(inside).toBe(1)
          await new Promise<void>((resolve) => clock.setTimeout(resolve, 100))
          inside -= 1
          await lease.finish({ ...begun, heard: [...begun.heard, `${index}`] })
          return true
        }),
      ),
    )
    expect(await clock.until(Promise.all(works))).toEqual(Array(8).fill(true))
    expect([...heardBy(stored())].sort()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7'])
  })

  it('is renewed while its holder works, however long that takes', async () => {
    const { clock, process, records } = open(change)
    let done = (): void => {}
    const working = records.withLease(
      KEY,
      leased(() => new Promise<void>((resolve) => (done = resolve))),
    )
    await clock.advance(75_000)
    const waiting = process().withLease(
      KEY,
      leased(async () => 'worked', { waitMs: 0 }),
    )
    expect(await clock.until(waiting)).toBeUndefined()
    done()
    await clock.until(working)
    expect(
      await clock.until(
        process().withLease(
          KEY,
          leased(async () => 'worked', { waitMs: 0 }),
        ),
      ),
    ).toBe('worked')
  })

  it('keeps others waiting for ten seconds after its process died', async () => {
    const { clock, process, store } = open(change)
    const dying = new RecordStore(
      change(store),
      { ...clock, now: clock.now, setTimeout: () => 0, clearTimeout() {} },
      () => 0,
    )
    void dying.withLease(
      KEY,
      leased(() => new Promise(() => {})),
    )
    const startedAt = clock.now()
    await clock.until(
      process().withLease(
        KEY,
        leased(async () => {}),
      ),
    )
    expect(clock.now() - startedAt).toBeGreaterThan(9000)
    expect(clock.now() - startedAt).toBeLessThan(16_000)
  })

  it('is given back when the work fails', async () => {
    const { clock, records } = open(change)
    await expect(
      clock.until(
        records.withLease(
          KEY,
          leased(() => Promise.reject(new Error('It failed'))),
        ),
      ),
    ).rejects.toThrow('It failed')
    expect(
      await clock.until(
        records.withLease(
          KEY,
          leased(async () => 'worked', { waitMs: 0 }),
        ),
      ),
    ).toBe('worked')
  })
})

describe('a late write', () => {
  it('of a reader that stood still for two leases is merged with what another one heard meanwhile', async () => {
    const { clock, process, store, stored } = open()
    let wakeUp = (): void => {}
    let frozen = false
    // Its timers do not run while it stands still.
    const still = {
      now: clock.now,
      setTimeout: (callback: () => void, ms: number) => clock.setTimeout(() => frozen || callback(), ms),
      clearTimeout: clock.clearTimeout,
    }
    const slow = new RecordStore(store, still, () => 0)
    const first = slow.withLease(
      KEY,
      leased(async (begun, lease) => {
        frozen = true
        await new Promise<void>((resolve) => (wakeUp = resolve))
        frozen = false
        return lease.finish({ ...begun, heard: ['the error'] })
      }),
    )
    await clock.advance(20_000)
    await clock.until(
      process().withLease(
        KEY,
        leased((begun, lease) => lease.finish({ ...begun, heard: ['404'] })),
      ),
    )
    wakeUp()
    await clock.until(first)
    expect([...heardBy(stored())].sort()).toEqual(['404', 'the error'])
  })

  it('with an equal number is refused, so both are heard', async () => {
    const { clock, process, stored } = open((store) => ({ ...plain(store), claim: () => true }))
    const reads = ['one', 'other'].map((name) =>
      process().withLease(
        KEY,
        leased((begun, lease) => lease.finish({ ...begun, heard: [...begun.heard, name] })),
      ),
    )
    await clock.until(Promise.all(reads))
    expect([...heardBy(stored())].sort()).toEqual(['one', 'other'])
  })

  it('that lands after 19 s changes nothing', async () => {
    let late: (() => unknown) | undefined
    const { clock, process, store, stored } = open()
    const slow = process({
      ...store,
      set(key, record, ttlMs) {
        if (late) return store.set(key, record, ttlMs)
        late = () => store.set(key, record, ttlMs)
        return new Promise<boolean>(() => {})
      },
    })
    const reading = slow.withLease(
      KEY,
      leased(async (begun, lease) => {
        await lease.keep({ ...begun, heard: ['last words'] }).catch(() => {})
        return lease.finish({ ...begun, heard: ['the outcome'] })
      }),
    )
    await clock.until(reading)
    await clock.advance(19_000)
    expect(late?.()).toBe(false)
    expect(heardBy(stored())).toEqual(['the outcome'])
  })

  it('that was stored but not confirmed is not repeated over a newer one', async () => {
    let confirms = true
    const { clock, process, store, stored } = open()
    const unsure = process({
      ...store,
      async setLeased(...write) {
        const written = await store.setLeased(...write)
        if (confirms) return written
        confirms = true
        // While its answer is lost, another reader hears the once-only error and stores it.
        await store.set(KEY, { ...recordWith('the error'), fence: 9, writer: 'another' }, 60_000)
        throw new Error('reconnecting')
      },
    })
    await clock.until(
      unsure.withLease(
        KEY,
        leased(async (begun, lease) => {
          confirms = false
          return lease.finish({ ...begun, heard: ['processing'] })
        }),
      ),
    )
    expect([...heardBy(stored())].sort()).toEqual(['processing', 'the error'])
  })
})

describe('a wait for the lease', () => {
  it('is answered by what the holder has stored', async () => {
    const { clock, process, records } = open()
    const working = records.withLease(
      KEY,
      leased(async (begun, lease) => {
        await new Promise<void>((resolve) => clock.setTimeout(resolve, 500))
        await lease.finish({ ...begun, heard: ['learned'] })
      }),
    )
    const waiting = process().withLease(
      KEY,
      leased(() => Promise.reject(new Error('It had no lease')), {
        seen: (record, waited) => (waited ? record?.heard[0] : undefined),
      }),
    )
    expect(await clock.until(waiting)).toBe('learned')
    await clock.until(working)
  })

  it.each(['a wait of 80 s', 'a submission of 75 s'])(
    'leaves room in the 50 requests of a Worker: %s',
    async (kind) => {
      let calls = 0
      const counted = <A extends unknown[], R>(method: (...args: A) => R) => {
        return (...args: A): R => {
          calls += 1
          return method(...args)
        }
      }
      const { clock, process, store } = open()
      const { get, claim, setLeased } = store
      const records = process({
        ...store,
        get: counted(get),
        claim: counted(claim),
        setLeased: counted(setLeased),
      })
      if (kind === 'a wait of 80 s') store.claim(KEY, 'another', 90_000)
      const work = leased(() => new Promise<void>((resolve) => clock.setTimeout(resolve, 75_000)), { waitMs: 80_000 })
      await clock.until(records.withLease(KEY, work))
      expect(calls).toBeGreaterThan(20)
      expect(calls).toBeLessThan(40)
    },
  )

  it('ends at once when the proxy is closed', async () => {
    const { clock, process, store } = open()
    store.claim(KEY, 'another', 60_000)
    const records = process()
    records.close()
    expect(
      await clock.until(
        records.withLease(
          KEY,
          leased(async () => 'worked'),
        ),
      ),
    ).toBeUndefined()
    expect(clock.now()).toBe(createSimulatedClock().now())
  })
})

describe('a store that fails', () => {
  it.each(['get', 'setLeased'] as const)('to %s once leaves the lease to the next one', async (method) => {
    const { clock, process, records, store } = open()
    const failing = process({
      ...store,
      async [method](...call: never[]) {
        // The store has done it, though its answer is lost.
        await (store[method] as (...call: never[]) => unknown)(...call)
        throw new Error('down')
      },
    })
    await expect(
      clock.until(
        failing.withLease(
          KEY,
          leased(async () => 'worked'),
        ),
      ),
    ).rejects.toThrow(StoreError)
    expect(
      await clock.until(
        records.withLease(
          KEY,
          leased(async () => 'worked', { waitMs: 0 }),
        ),
      ),
    ).toBe('worked')
  })

  it.each<[string, () => Promise<undefined>]>([
    ['rejects', () => Promise.reject(new Error('down'))],
    [
      'throws',
      () => {
        throw new Error('down')
      },
    ],
    ['hangs', () => new Promise(() => {})],
  ])('and %s is told apart, without its own words', async (_, get) => {
    const { clock, process, store } = open()
    await expect(clock.until(process({ ...store, get }).get(KEY))).rejects.toSatisfy(
      (error: Error) => error instanceof StoreError && !error.message.includes('down') && error.cause === undefined,
    )
  })

  it('for less than a second loses nothing that the work brought', async () => {
    let fails = 0
    const { clock, process, store, stored } = open()
    const records = process({
      ...store,
      setLeased(...write) {
        if (fails-- > 0) throw new Error('down')
        return store.setLeased(...write)
      },
    })
    const working = records.withLease(
      KEY,
      leased(async (begun, lease) => {
        fails = 2
        return lease.finish({ ...begun, heard: ['the error'] })
      }),
    )
    await clock.until(working)
    expect(heardBy(stored())).toEqual(['the error'])
  })
})
