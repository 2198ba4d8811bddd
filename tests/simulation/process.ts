/** One process of the shop: a real client on a clock, a network and a storage that can take it down at any await. */
import { type Client, createClient, fixedSchedule, type Schedule, sqrtSchedule } from '@async-transaction/core'
import { canary, type Exchange, type Network } from './network.ts'
import type { Plan } from './plan.ts'
import type { Random } from './random.ts'
import type { Rules } from './rules.ts'
import type { Storage } from './storage.ts'
import type { World } from './world.ts'

export const BASE_URL = 'https://gateway.test'

const SUBMIT_TIMEOUT_MS = 90_000
const POLL_TIMEOUT_MS = 30_000

export interface Process {
  readonly name: string
  readonly alive: boolean
  readonly client: Client
  /** Timers that are set, and exchanges that are under way. */
  readonly running: number
  die(why: string): void
  jump(ms: number): void
  sleep(ms: number): void
}

export interface ProcessParts {
  readonly world: World
  readonly plan: Plan
  readonly network: Network
  readonly storage: Storage
  readonly rules: Rules
  readonly random: Random
  readonly epochMs: number
}

const schedules: Record<Plan['schedule'], Schedule> = {
  default: sqrtSchedule(),
  fixed: fixedSchedule({ intervalMs: 12_000 }),
  slow: () => 8 * 60_000,
  absurd: ({ polls }) => [Number.NaN, -5, Number.POSITIVE_INFINITY, 4000, 3000][polls % 5] ?? 0,
}

export function createProcess(parts: ProcessParts, name: string, diesAtStep: number, died: () => void): Process {
  const { world, plan, network, storage, rules, random, epochMs } = parts
  const timers = new Set<object>()
  let alive = true
  let skewMs = plan.skewMs
  let sleepsUntil = 0
  let steps = 0
  let underWay = 0
  const napsAtStep = name === 'main-0' ? plan.nap?.step : undefined

  const die = (why: string): void => {
    if (!alive) return
    alive = false
    world.strike('crash')
    world.trace(() => `${name} dies ${why}`)
    died()
  }
  const sleep = (ms: number): void => {
    world.strike('sleep')
    world.trace(() => `${name} sleeps for ${ms} ms`)
    sleepsUntil = Math.max(sleepsUntil, world.now + ms)
  }
  /** A point at which the process may die, or fall asleep; whether it lives. */
  const step = (what: string): boolean => {
    if (!alive) return false
    if (steps === napsAtStep) sleep(plan.nap?.ms ?? 0)
    if (steps === diesAtStep && world.now < plan.faultsEndMs) die(`before ${what}`)
    steps += 1
    return alive
  }
  /** Runs when the process is awake, and lives. */
  const awake = (run: () => void): void => {
    if (!alive) return
    if (world.now < sleepsUntil) world.at(sleepsUntil, () => awake(run))
    else run()
  }

  const send = async (request: Request, init: { signal: AbortSignal }): Promise<Response> => {
    if (!step('a request')) return new Promise(() => {})
    const { signal } = init
    const path = request.url.slice(BASE_URL.length)
    const body = request.method === 'POST' ? await request.text() : ''
    const operation = /^\/async\/transactions\//.test(path)
      ? 'submit'
      : /^\/async\/(status|result)\//.test(path)
        ? (path.split('/')[2] as 'status' | 'result')
        : 'lookup'
    const requestKey = request.headers.get('requestid') ?? undefined
    const exchange: Exchange = { nth: network.count, operation, path, body, requestKey, signal }
    rules.sent(name, request, exchange)
    underWay += 1
    return new Promise((resolve, reject) => {
      let over = false
      const finish = (): boolean => {
        if (over) return false
        over = true
        underWay -= 1
        rules.ended(name, exchange)
        return true
      }
      const sentAt = world.now
      signal.addEventListener('abort', () => {
        if (!finish()) return
        reject(signal.reason)
        if (world.now - sentAt < (operation === 'submit' ? SUBMIT_TIMEOUT_MS : POLL_TIMEOUT_MS))
          world.violate('a request in flight is heard to its end', operation)
      })
      network.carry(exchange, (delivery) =>
        awake(() => {
          if (over || !step('an answer')) return
          if (delivery.kind === 'error') {
            finish()
            reject(new TypeError('fetch failed'))
            return
          }
          const stalls = plan.exchanges[exchange.nth]?.kind === 'stall'
          if (!stalls || delivery.heard) finish()
          if (delivery.heard) rules.heard(name, exchange, delivery.answer)
          resolve(delivery.response())
        }),
      )
    })
  }

  const client = createClient({
    baseUrl: BASE_URL,
    auth: () => `Basic ${canary.secret}`,
    strategy: plan.strategy,
    schedule: schedules[plan.schedule],
    deadlineMs: plan.deadlineMs,
    submitTimeoutMs: SUBMIT_TIMEOUT_MS,
    pollTimeoutMs: POLL_TIMEOUT_MS,
    maxBodyBytes: 1500,
    random: random.next,
    fetch: send,
    onEvent: (event) => rules.printed(name, event),
    clock: {
      now: () => epochMs + world.now + skewMs,
      setTimeout(callback, delayMs) {
        const timer = {}
        timers.add(timer)
        const cancel = world.after(Math.max(0, delayMs), () =>
          awake(() => {
            if (timers.delete(timer) && step('a timer')) callback()
          }),
        )
        return { timer, cancel }
      },
      clearTimeout(handle) {
        const { timer, cancel } = handle as { timer: object; cancel: () => void }
        cancel()
        timers.delete(timer)
      },
    },
    ...(plan.journal !== 'none' && { journal: storage.journalFor(step), journalRequired: plan.journalRequired }),
  })

  return {
    name,
    get alive() {
      return alive
    },
    client,
    get running() {
      return alive ? timers.size + underWay : 0
    },
    die,
    jump(ms) {
      world.strike('clock-jump')
      world.trace(() => `${name} has its clock set by ${ms} ms`)
      skewMs += ms
    },
    sleep,
  }
}
