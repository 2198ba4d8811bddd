/** The contract of an `OutcomeStore`, for each that claims it. */
import type { OutcomeStore } from '@async-transaction/proxy'
import { expect, it } from 'vitest'

export interface OpenedStore {
  readonly store: Required<OutcomeStore>
  /** The same records over another connection. @default the same */
  readonly other?: Required<OutcomeStore>
  /** Lets so many milliseconds pass for the store. */
  readonly pass: (ms: number) => Promise<void> | void
  readonly close?: () => Promise<void> | void
  /** No sweep is needed: the store checks its tasks by itself. */
  readonly checksItself?: boolean
}

const HOUR_MS = 60 * 60_000
let keys = 0
const newKey = (): string => `task/${++keys}-${crypto.randomUUID()}`

export function testStore(name: string, open: () => Promise<OpenedStore> | OpenedStore): void {
  const withStore = (title: string, play: (opened: Required<OpenedStore>) => Promise<void>): void =>
    it(`${name}: ${title}`, async () => {
      const opened = await open()
      const { store, other = store, close = () => {}, checksItself = false } = opened
      try {
        await play({ ...opened, other, close, checksItself })
      } finally {
        await close()
      }
    })

  withStore('keeps a record for everybody, for its time', async ({ store, other, pass }) => {
    const [key, short] = [newKey(), newKey()]
    await store.set(key, { outcome: { message: 'қате' } }, HOUR_MS)
    await store.set(short, { a: 1 }, 20)
    expect(await other.get(key)).toEqual({ outcome: { message: 'қате' } })
    expect((await other.get(newKey())) ?? undefined).toBeUndefined()
    await pass(40)
    expect((await other.get(short)) ?? undefined).toBeUndefined()
    expect(await store.get(key)).toBeDefined()
  })

  withStore(
    'gives the lease of a key to exactly one of many, until its time is over',
    async ({ store, other, pass }) => {
      for (let round = 0; round < 5; round++) {
        const key = newKey()
        const claims = await Promise.all(
          Array.from({ length: 20 }, (_, index) => (index % 2 ? store : other).claim(key, `owner-${index}`, HOUR_MS)),
        )
        expect(claims.filter(Boolean)).toHaveLength(1)
        const owner = `owner-${claims.indexOf(true)}`
        expect(await other.claim(key, owner, HOUR_MS)).toBe(true)
        expect(await store.claim(key, 'another', HOUR_MS)).toBe(false)
        expect(await store.claim(key, owner, 1)).toBe(true)
        await pass(20)
        expect(await other.claim(key, 'another', HOUR_MS)).toBe(true)
        // Not of one that does not have it.
        expect(await store.claim(key, owner, 0)).toBe(false)
        expect(await other.claim(key, 'another', 0)).toBe(true)
        expect(await store.claim(key, owner, HOUR_MS)).toBe(true)
      }
    },
  )

  withStore('refuses a record with a lower number, and an equal one of another writer', async ({ store, other }) => {
    const key = newKey()
    const record = { fence: 5, writer: 'one', told: 'all' }
    expect(await store.set(key, record, HOUR_MS)).toBe(true)
    for (const late of [{ fence: 4, writer: 'one' }, { fence: 5, writer: 'other' }, { fence: 4 }])
      expect(await other.set(key, late, HOUR_MS)).toBe(false)
    expect(await store.get(key)).toEqual(record)
    // The same write once more, of a client that was not answered.
    expect(await store.set(key, record, HOUR_MS)).toBe(true)
    expect(await other.set(key, { fence: 10, writer: 'other' }, HOUR_MS)).toBe(true)
    expect(await store.set(key, { fence: 9, writer: 'one' }, HOUR_MS)).toBe(false)
    expect(await store.get(key)).toEqual({ fence: 10, writer: 'other' })
  })

  withStore('lets one of many write a number first', async ({ store, other }) => {
    const key = newKey()
    const writes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? store : other).set(key, { fence: 1, writer: `writer-${index}` }, HOUR_MS),
      ),
    )
    expect(writes.filter(Boolean)).toHaveLength(1)
    expect(await store.get(key)).toMatchObject({ writer: `writer-${writes.indexOf(true)}` })
  })

  withStore('takes a lease and writes, both or none', async ({ store, other }) => {
    const key = newKey()
    const one = { owner: 'one', ttlMs: HOUR_MS }
    const another = { owner: 'another', ttlMs: HOUR_MS }
    expect(await store.setLeased(key, { fence: 1, writer: 'one' }, HOUR_MS, one)).toBe('stored')
    expect(await other.setLeased(key, { fence: 2, writer: 'another' }, HOUR_MS, another)).toBe('held')
    expect(await store.get(key)).toMatchObject({ fence: 1 })
    expect(await store.setLeased(key, { fence: 2, writer: 'one' }, HOUR_MS, { owner: 'one', ttlMs: 0 })).toBe('stored')
    expect(await other.setLeased(key, { fence: 2, writer: 'another' }, HOUR_MS, another)).toBe('stale')
    expect(await store.claim(key, 'one', HOUR_MS)).toBe(true)
  })

  withStore('knows which records are due, the longest first', async ({ store, other, checksItself }) => {
    const [later, first, second, settled] = [newKey(), newKey(), newKey(), newKey()]
    for (const [key, dueAt] of [
      [later, 5000],
      [second, 2000],
      [first, 1000],
      [settled, 1000],
    ] as const)
      await store.set(key, { fence: 1, writer: 'one', dueAt }, HOUR_MS)
    await other.setLeased(settled, { fence: 2, writer: 'one' }, HOUR_MS, { owner: 'one', ttlMs: 0 })
    if (checksItself) return expect(await other.due(3000, 10)).toEqual([])
    expect(await other.due(3000, 10)).toEqual([first, second])
    expect(await other.due(3000, 1)).toEqual([first])
    await store.set(first, { fence: 2, writer: 'one', dueAt: 4000 }, HOUR_MS)
    expect(await other.due(3000, 10)).toEqual([second])
  })
}
