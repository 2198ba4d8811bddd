/** What happens to the tabs of an order, decided beforehand, so that a part can be left out and the rest stays. */
import { createRandom } from '../random.ts'

/** What goes wrong with a request to the gateway. */
export const requestFaults = ['drop-before', 'drop-after', 'html', 'slow', 'json'] as const
/** What happens to a tab, at a time. */
export const deeds = [
  'open',
  'close',
  'freeze',
  'thaw',
  'hide',
  'show',
  'put-aside',
  'bring-back',
  'go-offline',
  'come-online',
  'deny-network',
] as const
/** What the storage of the origin does for a while. */
export const storageFaults = ['denied', 'full', 'hangs', 'slow'] as const

export type RequestFault = (typeof requestFaults)[number]
export type DeedKind = (typeof deeds)[number]
export type StorageFault = (typeof storageFaults)[number]

export interface Deed {
  readonly at: number
  readonly kind: DeedKind
  readonly tab: number
}

export interface TabsPlan {
  readonly seed: number
  /** What the gateway makes of the payment. An `error` is returned once. */
  readonly truth: 'successful' | 'failed' | 'error'
  readonly latencyMs: number
  readonly networkMs: number
  readonly storageMs: number
  /** How many tabs are open from the beginning. */
  readonly tabs: number
  /** The schedule of each tab, in milliseconds. */
  readonly intervalsMs: readonly number[]
  readonly pollTimeoutMs: number
  readonly locks: boolean
  readonly deeds: readonly Deed[]
  /** By the number of the question. */
  readonly requests: Readonly<Record<number, RequestFault>>
  readonly storage: readonly { readonly at: number; readonly forMs: number; readonly kind: StorageFault }[]
}

/** No fault begins later than this, and each is over then, in milliseconds. */
export const FAULTS_END_MS = 210_000

export function drawTabsPlan(seed: number): TabsPlan {
  const random = createRandom(seed, 4)
  const { integer, chance, pick } = random
  const tabs = integer(1, 4)
  const many = <T>(most: number, draw: () => T): T[] => Array.from({ length: integer(0, most) }, draw)
  return {
    seed,
    truth: pick(['successful', 'failed', 'error'] as const),
    latencyMs: pick([0, 1500, 6000, 6000, 20_000, chance(0.2) ? 150_000 : 40_000]),
    networkMs: pick([5, 80, 600]),
    storageMs: pick([0, 1, 30]),
    tabs,
    intervalsMs: Array.from({ length: 4 }, () => pick([1000, 2000, 3000, 5000, 20_000])),
    pollTimeoutMs: pick([10_000, 30_000]),
    locks: !chance(0.05),
    deeds: many(8, () => ({
      at: pick([integer(0, 10_000), integer(0, 60_000), integer(0, 120_000)]),
      kind: pick(deeds),
      tab: integer(0, 3),
    })),
    requests: Object.fromEntries(many(4, () => [integer(0, 12), pick(requestFaults)])),
    storage: chance(0.3)
      ? [{ at: pick([0, 0, 3000, 20_000]), forMs: pick([2000, 20_000, 180_000]), kind: pick(storageFaults) }]
      : [],
  }
}

/** Plans with one thing less. */
export function* smallerPlans(plan: TabsPlan): Iterable<TabsPlan> {
  for (const left of plan.deeds) yield { ...plan, deeds: plan.deeds.filter((each) => each !== left) }
  for (const left of Object.keys(plan.requests)) {
    const { [Number(left)]: _, ...requests } = plan.requests
    yield { ...plan, requests }
  }
  if (plan.storage.length) yield { ...plan, storage: [] }
  if (plan.tabs > 1) yield { ...plan, tabs: plan.tabs - 1 }
  if (plan.storageMs) yield { ...plan, storageMs: 0 }
}
