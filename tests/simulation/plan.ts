/** What happens in a scenario, drawn from its seed beforehand, so that a part can be left out and the rest stays. */
import type { Truth } from './gateway-model.ts'
import { createRandom, type Random } from './random.ts'

export type Mode = 'safety' | 'liveness'

/** What goes wrong with one HTTP exchange. */
export const exchangeFaults = [
  'drop-before',
  'drop-after',
  'cut',
  'stall',
  'delay',
  'duplicate',
  'html',
  'html-after',
  'empty',
  'garbage',
  'word',
  'oversize',
  'redirect',
  'throttle',
  'throttle-503',
  'unauthorized',
  'foreign',
  'error-page',
] as const
export type ExchangeFault = (typeof exchangeFaults)[number]

/** What goes wrong with one use of the storage. */
export const storageFaults = ['storage-throws', 'storage-rejects', 'storage-hangs', 'storage-loses'] as const
export type StorageFault = (typeof storageFaults)[number]

/** What somebody does, or what happens, at a time. */
export const actions = [
  'observe',
  'leave',
  'observe-throwing',
  'observe-and-leave',
  'await-outcome',
  'poll',
  'lookup',
  'check',
  'stop',
  'resume',
  'recover',
  'submit-again',
  'webhook',
  'late-webhook',
  'clock-jump',
  'sleep',
  'crash',
  'second-process',
  'storage-full',
  'storage-wiped',
] as const
export type ActionKind = (typeof actions)[number]

export interface Action {
  readonly at: number
  readonly kind: ActionKind
  readonly amount: number
}

export interface Plan {
  readonly seed: number
  readonly mode: Mode
  readonly untilMs: number
  /** Nothing goes wrong from here on: in liveness mode long before the end. */
  readonly faultsEndMs: number
  readonly truth: Truth
  readonly strategy: 'status' | 'result'
  readonly schedule: 'default' | 'fixed' | 'slow' | 'absurd'
  readonly deadlineMs: number
  readonly journal: 'none' | 'sync' | 'async' | 'parsed'
  readonly journalRequired: boolean
  readonly skewMs: number
  readonly latencyMs: number
  readonly olderAttempt?: { readonly status: string; readonly ageMs: number }
  readonly exchanges: Readonly<Record<number, { readonly kind: ExchangeFault; readonly amount: number }>>
  readonly storage: Readonly<Record<number, StorageFault>>
  readonly actions: readonly Action[]
  /** The machine sleeps for so long from the n-th await of its first process on: a laptop that is closed, and opened the day after. */
  readonly nap?: { readonly step: number; readonly ms: number }
  /** The process dies at its n-th await of network, storage or time, and is started again after so long. */
  readonly crashes: readonly {
    readonly step: number
    readonly restartMs: number
    readonly how: 'recover' | 'resume' | 'submit-again'
  }[]
}

const MINUTE = 60_000

export function drawPlan(seed: number, mode: Mode): Plan {
  const random = createRandom(seed, mode === 'safety' ? 1 : 2)
  const live = mode === 'liveness'
  const sleepy = !live && random.chance(0.01)
  const long = sleepy || random.chance(0.004)
  const liveFromMs = random.integer(1000, 2 * MINUTE)
  const untilMs = long ? 1600 * MINUTE : live ? liveFromMs + 40 * MINUTE : 30 * MINUTE
  const faultsEndMs = live ? liveFromMs : untilMs
  const busy = long ? 3 : random.integer(0, 3)
  const nap = { step: random.integer(0, 10), ms: random.integer(1380 * MINUTE, 1560 * MINUTE) }
  const actions = drawActions(random, live ? Math.min(faultsEndMs, MINUTE) : long && !sleepy ? untilMs : MINUTE, live)
  // How old a key is, nobody can tell who slept for a day and had the clock set back meanwhile.
  const tells = actions.every(({ kind }) => kind !== 'clock-jump')
  return {
    seed,
    mode,
    untilMs,
    faultsEndMs,
    truth: drawTruth(random, long),
    strategy: random.pick(['status', 'status', 'result']),
    schedule: long ? 'slow' : random.pick(['default', 'default', 'default', 'fixed', 'slow', 'absurd']),
    deadlineMs: live || long ? 1440 * MINUTE : random.pick([20_000, 2 * MINUTE, 10 * MINUTE, 1440 * MINUTE]),
    journal: random.pick(['none', 'sync', 'async', 'async', 'parsed']),
    journalRequired: random.chance(0.1),
    skewMs: random.pick([0, 0, 0, -3_600_000, 3_600_000, random.integer(-5000, 5000)]),
    latencyMs: random.integer(1, 300),
    ...(random.chance(0.15) && {
      olderAttempt: {
        status: random.pick(['failed', 'failed', 'incomplete']),
        ageMs: random.integer(10_000, 90_000_000),
      },
    }),
    exchanges: drawExchanges(random, busy),
    storage: random.chance(0.3)
      ? Object.fromEntries(
          Array.from({ length: random.integer(1, 3) }, () => [random.integer(0, 8), random.pick(storageFaults)]),
        )
      : {},
    ...(sleepy && tells && { nap }),
    actions,
    crashes: random.chance(0.35) ? drawCrashes(random, live) : [],
  }
}

function drawTruth(random: Random, long: boolean): Truth {
  const kind = random.pick(['successful', 'successful', 'failed', 'incomplete', 'error', 'error'] as const)
  return {
    kind,
    latencyMs: long
      ? random.integer(0, 1500 * MINUTE)
      : random.pick([0, random.integer(0, 3000), random.integer(3000, 9000), random.integer(9000, 90_000)]),
    charged: random.chance(0.3),
    errorStatus: random.pick([500, 500, 422, 400, 404, 502, 429]),
    resultLagMs: random.chance(0.1) ? random.integer(100, 20_000) : 0,
    processingStatus: random.pick([200, 202, 425]),
    ...(random.chance(0.06) && { rival: random.pick(['failed', 'incomplete']) }),
    ...(random.chance(0.06) && { forgottenAfterMs: random.integer(0, 20_000) }),
  }
}

function drawExchanges(random: Random, busy: number): Plan['exchanges'] {
  const faults: Record<number, { kind: ExchangeFault; amount: number }> = {}
  const often: readonly ExchangeFault[] = ['drop-before', 'drop-after', 'cut', 'stall', 'delay', 'duplicate']
  for (let nth = 0; nth < 12; nth++)
    if (random.chance([0.12, 0.3, 0.5, 0.8][busy] ?? 0))
      faults[nth] = {
        kind: random.chance(0.5) ? random.pick(often) : random.pick(exchangeFaults),
        amount: random.integer(0, 120_000),
      }
  return faults
}

function drawActions(random: Random, withinMs: number, live: boolean): Action[] {
  const kinds: readonly ActionKind[] = live ? actions.filter((kind) => kind !== 'stop') : actions
  return Array.from({ length: random.integer(0, 6) }, () => ({
    at: random.chance(0.2) ? random.integer(0, 300) : random.integer(0, withinMs),
    kind: random.pick(kinds),
    amount: random.integer(1, 90_000),
  })).sort((a, b) => a.at - b.at)
}

const drawCrashes = (random: Random, live: boolean): Plan['crashes'] =>
  Array.from({ length: random.integer(1, 2) }, () => ({
    step: random.integer(0, 24),
    restartMs: random.integer(0, live ? 20_000 : 120_000),
    how: random.pick(['recover', 'recover', 'resume', 'submit-again'] as const),
  }))
