/** Draws the plan of a scenario from its seed. Nothing is drawn while it is played. */

import {
  type Action,
  type ActionKind,
  actions as allActions,
  authFaults,
  type ExchangeFault,
  exchangeFaults,
  type Mode,
  type Plan,
  storageFaults,
} from './plan.ts'
import { createRandom, type Random } from './random.ts'
import type { Truth } from './truth.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 1440 * MINUTE

export function drawPlan(seed: number, mode: Mode): Plan {
  const random = createRandom(seed, mode === 'safety' ? 1 : 2)
  const live = mode === 'liveness'
  const sleepy = !live && random.chance(0.01)
  const long = sleepy || random.chance(0.004)
  const liveFromMs = random.integer(SECOND, random.chance(0.2) ? 12 * MINUTE : 2 * MINUTE)
  const schedule = drawSchedule(random, long)
  // A poll every eight minutes needs longer.
  const liveMs = schedule === 'slow' ? 80 * MINUTE : 40 * MINUTE
  const untilMs = long ? 1600 * MINUTE : live ? liveFromMs + liveMs : 30 * MINUTE
  const faultsEndMs = live ? liveFromMs : untilMs
  const busy = long ? 3 : random.integer(0, 3)
  const nap = { step: random.integer(0, 10), ms: random.integer(1380 * MINUTE, 1560 * MINUTE) }
  const truth = drawTruth(random, long)
  const withinMs = live ? Math.min(faultsEndMs, MINUTE) : long && !sleepy ? untilMs : MINUTE
  const actions = drawActions(random, withinMs, live)
  // The shop is told of what changed.
  if ((truth.becomes || truth.corrected) && random.chance(0.7))
    actions.push({ at: withinMs, kind: 'correction-webhook', amount: random.integer(1, 90_000) })
  // How old a key is, nobody can tell who slept for a day and had the clock set back meanwhile.
  const tells = actions.every(({ kind }) => kind !== 'clock-jump')
  const deadlineMs = live || long ? DAY : random.pick([20 * SECOND, 2 * MINUTE, 10 * MINUTE, DAY])
  return {
    seed,
    mode,
    untilMs,
    faultsEndMs,
    truth,
    strategy: random.pick(['status', 'status', 'result']),
    schedule,
    deadlineMs,
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
    ...(random.chance(0.25) && { outages: drawOutages(random, deadlineMs) }),
    storage: random.chance(0.3) ? drawStorage(random) : {},
    ...(random.chance(0.12) && { auth: drawAuth(random) }),
    ...(random.chance(0.03) && { authDown: { at: drawTime(random, deadlineMs), ms: drawSpan(random) } }),
    ...(random.chance(0.08) && { tokenMs: random.integer(SECOND, 5 * MINUTE) }),
    ...(random.chance(0.15) && { dates: random.pick(['absent', 'cached', 'day-ahead', 'day-behind']) }),
    ...(random.chance(0.1) && { driver: 'check' }),
    ...(sleepy && tells && { nap }),
    actions,
    crashes: random.chance(0.35) ? drawCrashes(random, live) : [],
  }
}

function drawSchedule(random: Random, long: boolean): Plan['schedule'] {
  if (long) return 'slow'
  return random.chance(0.02) ? 'adaptive' : random.pick(['default', 'default', 'default', 'fixed', 'slow', 'absurd'])
}

function drawTruth(random: Random, long: boolean): Truth {
  const kind = random.pick([
    'successful',
    'successful',
    'successful',
    'failed',
    'incomplete',
    'error',
    'error',
    random.chance(0.3) ? 'refused' : 'error',
  ] as const)
  const refusesCard = kind === 'error' && random.chance(0.25)
  const latencyMs = long
    ? random.integer(0, 1500 * MINUTE)
    : random.pick([
        0,
        random.integer(0, 3000),
        random.integer(3000, 9000),
        random.integer(9000, 90_000),
        random.integer(3000, random.chance(0.3) ? 20 * MINUTE : 9000),
      ])
  return {
    kind,
    latencyMs,
    charged: !refusesCard && random.chance(0.3),
    errorStatus: refusesCard
      ? random.pick([400, 402, 422])
      : random.pick([500, 500, 422, 400, 404, 502, 503, 429, 403, 401, 200]),
    resultLagMs: random.chance(0.1) ? random.integer(100, 20_000) : 0,
    processingStatus: random.pick([200, 202, 425]),
    ...(refusesCard && { errorShape: 'fields' }),
    ...(random.chance(0.06) && { rival: random.pick(['failed', 'incomplete']) }),
    ...(random.chance(0.06) && { forgottenAfterMs: random.integer(0, 20_000) }),
    ...(random.chance(0.4) && { middle: random.pick(['incomplete', 'no-status']) }),
    ...(random.chance(0.3) && {
      listLagMs: random.chance(0.1) ? random.integer(20_000, 120_000) : random.integer(500, 8000),
    }),
    ...(kind === 'incomplete' && random.chance(0.5) && { becomes: drawLater(random) }),
    ...(random.chance(0.1) && { corrected: drawLater(random) }),
    ...(random.chance(0.06) && { laterTry: drawLater(random) }),
  }
}

const drawLater = (random: Random): { status: string; afterMs: number } => ({
  status: random.pick(['successful', 'failed']),
  afterMs: random.integer(0, random.pick([5000, 90_000, 10 * MINUTE])),
})

function drawExchanges(random: Random, busy: number): Plan['exchanges'] {
  const faults: Record<number, { kind: ExchangeFault; amount: number }> = {}
  const often: readonly ExchangeFault[] = [
    'drop-before',
    'drop-after',
    'cut',
    'stall',
    'delay',
    'duplicate',
    'json',
    'resend',
  ]
  const draw = (nth: number, odds: number): void => {
    if (random.chance(odds))
      faults[nth] = {
        kind: random.chance(0.5) ? random.pick(often) : random.pick(exchangeFaults),
        amount: random.integer(0, 120_000),
      }
  }
  for (let nth = 0; nth < 12; nth++) draw(nth, [0.12, 0.3, 0.5, 0.8][busy] ?? 0)
  if (random.chance(0.15)) for (let nth = 12; nth < 60; nth++) draw(nth, 0.1)
  return faults
}

/** At once, within a minute, in the tenth one, or about when the deadline is. */
const drawTime = (random: Random, deadlineMs: number): number =>
  random.pick([
    random.integer(0, 5000),
    random.integer(0, MINUTE),
    random.integer(0, 12 * MINUTE),
    Math.max(0, deadlineMs + random.integer(-40_000, 5000)),
  ])

const drawSpan = (random: Random): number => random.pick([3000, 8000, 30_000, 2 * MINUTE, 10 * MINUTE])

function drawOutages(random: Random, deadlineMs: number): NonNullable<Plan['outages']> {
  const kinds: readonly ExchangeFault[] = [
    'json',
    'json',
    'json-after',
    'forbidden',
    'unauthorized',
    'throttle',
    'throttle-503',
    'html',
    'drop-before',
    'drop-after',
    'refuse-after',
    'resend',
  ]
  return Array.from({ length: random.integer(1, 2) }, () => ({
    kind: random.pick(kinds),
    at: drawTime(random, deadlineMs),
    ms: drawSpan(random),
    amount: random.integer(0, 120_000),
  }))
}

const drawStorage = (random: Random): Plan['storage'] =>
  Object.fromEntries(
    Array.from({ length: random.integer(1, 3) }, () => [random.integer(0, 24), random.pick(storageFaults)]),
  )

const drawAuth = (random: Random): NonNullable<Plan['auth']> =>
  Object.fromEntries(
    Array.from({ length: random.integer(1, 4) }, () => [
      random.integer(0, random.pick([3, 12, 40])),
      { kind: random.pick(authFaults), amount: random.integer(0, 60_000) },
    ]),
  )

function drawActions(random: Random, withinMs: number, live: boolean): Action[] {
  const ends: readonly ActionKind[] = ['stop', 'stop-all']
  const kinds = live ? allActions.filter((kind) => !ends.includes(kind)) : allActions
  return Array.from({ length: random.integer(0, 6) }, () => ({
    at: random.chance(0.2) ? random.integer(0, 300) : random.integer(0, withinMs),
    kind: random.pick(kinds),
    amount: random.integer(1, 90_000),
  })).sort((a, b) => a.at - b.at)
}

const drawCrashes = (random: Random, live: boolean): Plan['crashes'] =>
  Array.from({ length: random.integer(1, 2) }, () => ({
    step: random.integer(0, random.chance(0.2) ? 120 : 24),
    restartMs: random.integer(0, live ? 20_000 : 120_000),
    how: random.pick(['recover', 'recover', 'resume', 'submit-again'] as const),
  }))
