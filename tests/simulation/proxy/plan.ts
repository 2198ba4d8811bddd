/** What happens to an order in a scenario of the proxy, decided beforehand, so that a part can be left out and the rest stays. */
import { createRandom, type Random } from '../random.ts'

/** What goes wrong between a page and the proxy, or between the proxy and the gateway. */
export const wayFaults = ['drop-before', 'drop-after', 'html', 'delay'] as const
export const gatewayFaults = [...wayFaults, 'json', 'json-after', 'throttle', 'unauthorized', 'resend', 'busy'] as const
/** What goes wrong with one call of the store. */
export const storeFaults = ['throws', 'applied-unheard', 'hangs', 'slow', 'late'] as const
/** What somebody does, or what happens to a process, at a time. */
export const deeds = [
  'pay',
  'pay-again',
  'reload',
  'close',
  'old-token',
  'die',
  'deploy',
  'stall',
  'sweep',
  'webhook',
  'store-outage',
  'store-forgets',
] as const

export type GatewayFault = (typeof gatewayFaults)[number]
export type WayFault = (typeof wayFaults)[number]
export type StoreFault = (typeof storeFaults)[number]
export type DeedKind = (typeof deeds)[number]

/** What the gateway makes of a card. */
export interface CardTruth {
  /** `error`: said once, inside the task. `refused`: the POST is refused in the gateway's own shape. */
  readonly kind: 'successful' | 'failed' | 'incomplete' | 'error' | 'refused'
  readonly latencyMs: number
  /** Of an `error`: whether the card was charged all the same. */
  readonly charged: boolean
  /** Of an `incomplete`: what becomes of it, so long after it was done. */
  readonly becomes?: { readonly status: 'successful' | 'failed'; readonly afterMs: number }
}

export interface Deed {
  readonly at: number
  readonly kind: DeedKind
  /** The page, or the isolate. */
  readonly who: number
  readonly card: number
  readonly amount: number
}

export interface ProxyPlan {
  readonly seed: number
  readonly isolates: number
  readonly untilMs: number
  /** Nothing goes wrong from here on. */
  readonly faultsEndMs: number
  readonly cards: readonly CardTruth[]
  readonly latencyMs: number
  readonly storeMs: number
  readonly deeds: readonly Deed[]
  /** By the number of the exchange, or of the call, of all processes together. */
  readonly page: Readonly<Record<number, { readonly kind: WayFault; readonly amount: number }>>
  readonly gateway: Readonly<Record<number, { readonly kind: GatewayFault; readonly amount: number }>>
  readonly store: Readonly<Record<number, { readonly kind: StoreFault; readonly amount: number }>>
}

const MINUTE_MS = 60_000
const KINDS: readonly CardTruth['kind'][] = [
  'successful',
  'successful',
  'failed',
  'failed',
  'incomplete',
  'error',
  'refused',
]

export function drawProxyPlan(seed: number): ProxyPlan {
  const random = createRandom(seed, 7)
  const faultsEndMs = random.integer(1, 8) * MINUTE_MS
  const cards = Array.from({ length: random.integer(1, 3) }, () => drawCard(random))
  const first: Deed = { at: random.integer(0, 500), kind: 'pay', who: 0, card: 0, amount: 0 }
  const others = Array.from({ length: random.integer(0, 6) }, (): Deed => drawDeed(random, faultsEndMs, cards.length))
  return {
    seed,
    isolates: random.integer(1, 3),
    faultsEndMs,
    untilMs: faultsEndMs + 25 * MINUTE_MS,
    cards,
    latencyMs: random.integer(1, 80),
    storeMs: random.chance(0.5) ? 0 : random.integer(1, 30),
    deeds: [first, ...others].sort((one, other) => one.at - other.at),
    page: drawFaults(random, wayFaults, 0, 40),
    gateway: drawFaults(random, gatewayFaults, 0, 40),
    store: drawFaults(random, storeFaults, 0, 120),
  }
}

function drawCard(random: Random): CardTruth {
  const kind = random.pick(KINDS)
  const latencyMs = random.chance(0.2) ? random.integer(60_000, 240_000) : random.integer(0, 20_000)
  const becomes = { status: random.pick(['successful', 'failed'] as const), afterMs: random.integer(1000, 300_000) }
  return {
    kind,
    latencyMs,
    charged: random.chance(0.5),
    ...(kind === 'incomplete' && random.chance(0.7) && { becomes }),
  }
}

function drawDeed(random: Random, before: number, cards: number): Deed {
  // Most of what happens does so while the first payment is under way.
  const at = random.chance(0.6) ? random.integer(0, 40_000) : random.integer(0, before)
  return {
    at: Math.min(at, before),
    kind: random.pick(deeds),
    who: random.integer(0, 2),
    card: random.integer(0, cards - 1),
    amount: random.integer(1, 30_000),
  }
}

function drawFaults<K extends string>(
  random: Random,
  kinds: readonly K[],
  from: number,
  to: number,
): Record<number, { kind: K; amount: number }> {
  const faults: Record<number, { kind: K; amount: number }> = {}
  if (random.chance(0.4)) return faults
  for (let left = random.integer(1, 4); left > 0; left--) {
    // A run of equal faults, as an outage has.
    const nth = random.integer(from, to)
    const kind = random.pick(kinds)
    const run = random.chance(0.2) ? random.integer(2, 6) : 1
    for (let index = 0; index < run; index++) faults[nth + index] = { kind, amount: random.integer(1, 30_000) }
  }
  return faults
}

/** The same plan with one thing less in it, each in turn. */
export function* smallerPlans(plan: ProxyPlan): Iterable<ProxyPlan> {
  for (const index of plan.deeds.keys()) yield { ...plan, deeds: plan.deeds.toSpliced(index, 1) }
  for (const part of ['page', 'gateway', 'store'] as const)
    for (const nth of Object.keys(plan[part]))
      yield { ...plan, [part]: Object.fromEntries(Object.entries(plan[part]).filter(([each]) => each !== nth)) }
  if (plan.isolates > 1) yield { ...plan, isolates: 1 }
  if (plan.storeMs) yield { ...plan, storeMs: 0 }
}
