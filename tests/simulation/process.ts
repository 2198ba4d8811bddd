/** One process of the shop: a real client on a clock, a network and a storage that can take it down at any await. */
import { type Client, createClient, type Fetch } from '@async-transaction/core'
import { createClient as createLeanClient } from '@async-transaction/core/lean'
import type { Credentials } from './credentials.ts'
import type { Exchange, Network } from './network.ts'
import type { Plan } from './plan.ts'
import type { Random } from './random.ts'
import type { Rules } from './rules.ts'
import { scheduleOf } from './schedules.ts'
import type { Storage } from './storage.ts'
import type { World } from './world.ts'

export const BASE_URL = 'https://gateway.test'

const SUBMIT_TIMEOUT_MS = 90_000
const POLL_TIMEOUT_MS = 30_000

/** Processes on one machine share its storage. */
export interface Machine {
  readonly name: string
  readonly storage: Storage
}

export interface Process {
  readonly name: string
  readonly machine: Machine
  readonly alive: boolean
  readonly asleep: boolean
  readonly client: Client
  /** Timers that are set, and exchanges that are under way. */
  readonly running: number
  /** Ends it; without a reason it ends as planned, and is not started again. */
  die(why?: string): void
  jump(ms: number): void
  sleep(ms: number): void
}

export interface ProcessParts {
  readonly world: World
  readonly plan: Plan
  readonly network: Network
  readonly credentials: Credentials
  readonly rules: Rules
  readonly random: Random
  readonly epochMs: number
}

export function createProcess(
  parts: ProcessParts,
  name: string,
  machine: Machine,
  diesAtStep: number,
  died: () => void,
): Process {
  const { world, plan, network, credentials, rules, random, epochMs } = parts
  const timers = new Set<object>()
  let alive = true
  let skewMs = plan.skewMs
  let sleepsUntil = 0
  let steps = 0
  let underWay = 0
  const napsAtStep = name === 'main-0' ? plan.nap?.step : undefined

  const die = (why?: string): void => {
    if (!alive) return
    alive = false
    if (!why) return
    world.strike('crash')
    world.trace(() => `${name} dies ${why}`)
    died()
  }
  const sleep = (ms: number): void => {
    world.strike('sleep')
    world.trace(() => `${name} sleeps for ${ms} ms`)
    sleepsUntil = Math.max(sleepsUntil, world.now + ms)
    world.at(sleepsUntil, () => rules.deed(name, 'wake'))
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

  const send: Fetch = async (request, { signal }) => {
    if (!step('a request')) return new Promise(() => {})
    const body = request.method === 'POST' ? await request.text() : ''
    const exchange = exchangeOf(request, body, network.count, world.now, credentials)
    const { operation, sentAt } = exchange
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
      signal.addEventListener('abort', () => {
        if (!finish()) return
        reject(signal.reason)
        const allowedMs = operation === 'submit' ? SUBMIT_TIMEOUT_MS : POLL_TIMEOUT_MS
        world.must('a request in flight is heard to its end', world.now - sentAt >= allowedMs, operation)
      })
      network.carry(exchange, (delivery) =>
        awake(() => {
          if (over || !step('an answer')) return
          if (delivery.kind === 'error') {
            finish()
            reject(new TypeError('fetch failed'))
            return
          }
          if (!delivery.stalls) {
            finish()
            rules.answered(name, exchange, delivery)
          }
          resolve(delivery.response())
        }),
      )
    })
  }

  // Both transports, in turn.
  const create = plan.seed % 2 ? createClient : createLeanClient
  const client = create({
    baseUrl: BASE_URL,
    auth: credentials.create(),
    strategy: plan.strategy,
    schedule: scheduleOf(plan, (delayMs) => rules.proposed(name, delayMs)),
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
    ...(plan.journal !== 'none' && {
      journal: machine.storage.journalFor(step),
      journalRequired: plan.journalRequired,
    }),
  })

  return {
    name,
    machine,
    get alive() {
      return alive
    },
    get asleep() {
      return world.now < sleepsUntil
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

function exchangeOf(request: Request, body: string, nth: number, sentAt: number, credentials: Credentials): Exchange {
  const path = request.url.slice(BASE_URL.length)
  const authorization = request.headers.get('authorization') ?? ''
  return {
    nth,
    operation: /^\/async\/transactions\//.test(path)
      ? 'submit'
      : /^\/async\/(status|result)\//.test(path)
        ? (path.split('/')[2] as 'status' | 'result')
        : 'lookup',
    path,
    body,
    requestKey: request.headers.get('requestid') ?? undefined,
    isAuthorized: () => credentials.accepts(authorization),
    sentAt,
  }
}
