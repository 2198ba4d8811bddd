/** A lease on a record: short, renewed while its holder works, and given back with the last write. */
import type { Clock } from '@async-transaction/core/protocol'
import type { LeasedWrite, OutcomeLease, OutcomeRecord } from '../store/outcome-store.ts'
import { type Fenced, fenceOf, type Merge } from './fenced.ts'

export interface LeasedWork<R extends Fenced, T> {
  /** For how long the record is kept, in milliseconds. */
  readonly ttlMs: number
  /** How long to wait for the lease of another one, in milliseconds. */
  readonly waitMs: number
  readonly merge: Merge<R>
  /** May answer from the record as it is; `waited`: another one held the lease, and changed it. */
  readonly seen: (record: R | undefined, waited: boolean) => Promise<T | undefined> | T | undefined
  /** The record to store before the work. */
  readonly begin: (record: R | undefined, owner: string) => R
  readonly work: (begun: R, lease: Lease<R>) => Promise<T>
}

export interface Lease<R> {
  /** Stores a step of the work. Resolves to the record as it is stored: with what others have learned meanwhile. */
  keep(next: R): Promise<R>
  /** Stores the end of the work, tried several times, and gives the lease back. Resolves to nothing if it is not stored. */
  finish(next: R): Promise<R | undefined>
}

/** How long a process that died keeps others waiting, in milliseconds. */
const LEASE_MS = 10_000
const RENEW_MS = 3000
const FINISH_TRIES = 3
const RETRY_MS = 250
/** Writers of one record at once; more are a fault. */
const MOST_TRIES = 20

/** The part of the record store that a lease needs. */
interface LeaseStore {
  readonly clock: Clock
  get<R extends OutcomeRecord>(key: string): Promise<R | undefined>
  set(key: string, record: OutcomeRecord, ttlMs: number): Promise<boolean>
  claim(key: string, owner: string, ttlMs: number): Promise<boolean>
  setLeased(key: string, record: OutcomeRecord, ttlMs: number, lease: OutcomeLease): Promise<LeasedWrite>
  sleep(ms: number): Promise<void>
}

/** Takes the lease with the first write of the work, and does the work. If it could not, says why. */
export async function hold<R extends Fenced, T>(
  records: LeaseStore,
  key: string,
  owner: string,
  first: R,
  { ttlMs, merge, work }: LeasedWork<R, T>,
): Promise<Exclude<LeasedWrite, 'stored'> | { readonly result: T }> {
  let writes = 0
  const numbered = (record: R, fence: number): R => ({ ...record, fence, writer: `${owner}/${++writes}` })
  const release = async (): Promise<void> => void (await records.claim(key, owner, 0).catch(() => {}))
  const begun = numbered(first, first.fence)
  let written: LeasedWrite
  try {
    written = await records.setLeased(key, begun, ttlMs, { owner, ttlMs: LEASE_MS })
  } catch (error) {
    // The store may have taken the lease without an answer.
    await release()
    throw error
  }
  if (written !== 'stored') return written

  let { fence } = begun
  let finished = false
  const stopRenewing = renew(records, key, owner)
  try {
    return { result: await work(begun, { keep, finish }) }
  } finally {
    await stopRenewing()
    if (!finished) await release()
  }

  async function keep(next: R): Promise<R> {
    let mine = numbered(next, fence + 1)
    for (let tries = 1; tries < MOST_TRIES && !(await records.set(key, mine, ttlMs)); tries++) mine = await merged(next)
    fence = mine.fence
    return mine
  }

  async function finish(next: R): Promise<R | undefined> {
    // A renewal that lands after the release would take the lease again.
    await stopRenewing()
    let mine = numbered(next, fence + 1)
    let failures = 0
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      try {
        const written = await records.setLeased(key, mine, ttlMs, { owner, ttlMs: 0 })
        finished = written === 'stored'
        // Another one has the lease now: that does not keep us from storing.
        if (finished || (written === 'held' && (await records.set(key, mine, ttlMs)))) return mine
        mine = await merged(next)
      } catch {
        if (++failures === FINISH_TRIES) return undefined
        await records.sleep(failures * RETRY_MS)
      }
    }
    return undefined
  }

  /** Our write was refused: what others have stored meanwhile, and what we learned. */
  async function merged(next: R): Promise<R> {
    const stored = await records.get<R>(key)
    return numbered(merge(stored, next), fenceOf(stored) + 1)
  }
}

/** Renews the lease until it is lost, or until the returned function is called, which waits for a renewal on its way. */
function renew(records: LeaseStore, key: string, owner: string): () => Promise<void> {
  const { clock } = records
  let stopped = false
  let renewal: Promise<void> = Promise.resolve()
  let timer = clock.setTimeout(next, RENEW_MS)
  return () => {
    stopped = true
    clock.clearTimeout(timer)
    return renewal
  }

  function next(): void {
    renewal = records.claim(key, owner, LEASE_MS).then(
      (ours) => schedule(ours),
      // The store may be back before the lease is over.
      () => schedule(true),
    )
  }

  function schedule(ours: boolean): void {
    if (ours && !stopped) timer = clock.setTimeout(next, RENEW_MS)
  }
}
