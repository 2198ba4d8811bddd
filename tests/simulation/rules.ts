/** What must hold after every step, whatever goes wrong. A rule is reported by its name. */
import type { TaskSnapshot, TaskState, Transaction } from '@async-transaction/core'
import type { Answer, GatewayModel } from './gateway-model.ts'
import { canary, type Exchange } from './network.ts'
import type { Plan } from './plan.ts'
import type { Storage } from './storage.ts'
import type { World } from './world.ts'

export interface Rules {
  /** A process begins, with what the storage holds now. */
  started(process: string): void
  sent(process: string, request: Request, exchange: Exchange): void
  ended(process: string, exchange: Exchange): void
  /** A whole answer of the gateway reached a process. */
  heard(process: string, exchange: Exchange, answer: Answer): void
  /** An event, an error, or anything else that ends up in a log. */
  printed(process: string, value: unknown): void
  /** An observer saw this, after it saw `seen`. */
  emitted(process: string, state: TaskState, seen: readonly TaskState[]): void
  /** A task shows this as its end. */
  finished(process: string, snapshot: TaskSnapshot): void
  /** After the last step. */
  over(): void
}

interface Known {
  asked: number
  readonly inFlight: Map<string, number>
  posts: number
  heard: Answer['final']
  knewAtStart: boolean
  /** The end that can not change any more. */
  answer: string | undefined
  /** When it was first said that nothing was taken. */
  saidNoneAt: number
  /** What a task had ended as before an answer was heard, by a later question. */
  readonly before: Set<string>
  readonly reported: Set<string>
}

const OWN_PATH =
  /^\/(async\/transactions\/payments|async\/(status|result)\/task-\d+|v2\/transactions\/tracking_id\/order-1)$/
/** Of what there is one at a time: POSTs, lookups, and questions about one task. */
const questionOf = (path: string): string => path.replace(/status|result/, '')
const SECRETS = Object.values(canary).filter((secret) => secret.length > 3)

export function createRules(world: World, plan: Plan, gateway: GatewayModel, storage: Storage): Rules {
  const processes = new Map<string, Known>()
  let firstPost: { key: string | undefined; body: string } | undefined
  /** An answer that was shown while the storage did what it was told: every later process has to know it. */
  let shown: string | undefined
  /** Some process heard an error of the gateway, or asked for the transaction. */
  let errorHeard = false
  let lookedUp = false

  const known = (process: string): Known => {
    let state = processes.get(process)
    if (!state) {
      state = {
        asked: 0,
        inFlight: new Map(),
        posts: 0,
        heard: undefined,
        knewAtStart: false,
        answer: undefined,
        saidNoneAt: Number.NEGATIVE_INFINITY,
        before: new Set(),
        reported: new Set(),
      }
      processes.set(process, state)
    }
    return state
  }
  const journaled = (): string | undefined => {
    for (const value of storage.items.values()) {
      const { ending } = JSON.parse(value) as { ending?: { status: string; code?: string } }
      if (ending && (ending.status === 'result' || ending.code === 'gateway-error')) return ending.status
    }
    return undefined
  }
  const checkTruth = ({ uid, status }: Transaction): void => {
    const jumped = plan.actions.some(({ kind }) => kind === 'clock-jump')
    const ours = gateway.tasks.some((task) => task.uid === uid)
    // A clock that is set between the submission and what dates it hides which of two attempts is the older: a known limit.
    // So does whoever submits again without a memory of when it was submitted first.
    const forgot = plan.truth.rival !== undefined && (plan.journal === 'none' || !storage.faithful)
    if (!ours && !jumped && !forgot) world.violate('only a transaction that is ours is an outcome', `${uid} ${status}`)
    const truth = plan.truth.kind === 'error' ? 'successful' : plan.truth.kind
    if (ours && status !== truth)
      world.violate('success and failure come from the gateway alone', `${status}, in truth ${truth}`)
  }

  return {
    started(process) {
      known(process).knewAtStart = storage.faithful && journaled() !== undefined
    },
    sent(process, request, { operation, path, body, requestKey }) {
      const state = known(process)
      const flying = (state.inFlight.get(questionOf(path)) ?? 0) + 1
      state.inFlight.set(questionOf(path), flying)
      if (flying > 1) world.violate('one request in flight per task', path)
      if (!request.url.startsWith('https://gateway.test/') || !OWN_PATH.test(path))
        world.violate('requests go to the task’s own paths', request.url)
      if (SECRETS.some((secret) => request.url.includes(secret))) world.violate('no card data anywhere', request.url)
      if (operation === 'submit') {
        state.posts += 1
        firstPost ??= { key: requestKey, body }
        if (firstPost.key !== requestKey || firstPost.body !== body)
          world.violate('every POST is the same under one RequestID', `${requestKey}`)
        if (plan.journal !== 'none' && storage.faithful && storage.items.size === 0)
          world.violate('the journal has it before the first byte leaves')
        return
      }
      state.asked += 1
      const most = mostQuestions(plan, world.now)
      if (state.asked > most) world.violate('requests stay within the schedule', `${state.asked} questions`)
      lookedUp ||= operation === 'lookup'
      if (operation === 'lookup') return
      if (state.heard && state.heard !== 'last-words')
        world.violate('what was heard is never asked for again', `${operation} after ${state.heard}`)
      if (state.knewAtStart && storage.faithful) world.violate('what is journaled is never asked for again', operation)
    },
    ended(process, { path }) {
      const { inFlight } = known(process)
      inFlight.set(questionOf(path), (inFlight.get(questionOf(path)) ?? 1) - 1)
    },
    heard(process, { operation }, { final }) {
      if (!final || (operation !== 'status' && operation !== 'result')) return
      known(process).heard ??= final
      if (final !== 'transaction') errorHeard = true
    },
    printed(process, value) {
      const state = known(process)
      const event = value as { type?: string; status?: string; code?: string }
      if (event.type === 'settled' && (!state.heard || state.heard === 'last-words'))
        state.before.add(event.code ?? event.status ?? '')
      const text = value instanceof Error ? `${value.stack} ${JSON.stringify(value)}` : Object.values(event).join()
      const leaked = SECRETS.find((secret) => text.includes(secret))
      if (leaked) world.violate('no card data anywhere', `${process}: ${leaked}`)
    },
    emitted(_, state, seen) {
      const rank = { processing: 0, completed: 1, result: 2, unknown: 2 }
      const last = seen.at(-1)
      const order = last && rank[state.status] - rank[last.status]
      if (order !== undefined && (order < 0 || (order === 0 && state.status !== 'processing')))
        world.violate('processing* → completed? → result | unknown', `${last?.status} → ${state.status}`)
    },
    finished(process, snapshot) {
      const state = known(process)
      if (snapshot.status === 'error') this.printed(process, snapshot.error)
      if (snapshot.status === 'result' && snapshot.transaction) checkTruth(snapshot.transaction)
      const code = snapshot.status === 'error' ? snapshot.error.code : snapshot.status
      if (snapshot.status === 'error' && snapshot.error.effect === 'none') state.saidNoneAt = world.now
      if (code === 'gateway-error' && !errorHeard && !world.strikes.has('throttle'))
        world.violate('success and failure come from the gateway alone', code)
      if (code === 'unknown' && !lookedUp) world.violate('nothing is unknown before it was looked up')
      // Another process that asks at the same time may hear `unknown` before the last words are in the journal.
      if (code === 'unknown' && state.heard === 'last-words' && !world.strikes.has('second-process'))
        world.violate('last words are the outcome', code)
      if (code === 'stopped' || state.before.has(code)) return
      if (state.heard === 'transaction' && code !== 'result')
        world.violate('what was heard is the outcome', `${code} after a transaction`)
      if (state.heard === 'error' && code !== 'gateway-error' && code !== 'result')
        world.violate('what was heard is the outcome', `${code} after an error`)
      if (state.answer && code !== state.answer)
        world.violate('what is settled stays settled', `${state.answer} → ${code}`)
      if (shown && code !== shown && storage.faithful && !state.reported.has(code))
        world.violate('what was shown survives a restart', `${shown} → ${code}`)
      state.reported.add(code)
      if (code === 'result' || code === 'gateway-error') {
        state.answer = code
        if (plan.journal !== 'none' && storage.faithful) shown ??= code
      }
    },
    over() {
      // What is taken later than this was sent after it was said.
      for (const [process, { saidNoneAt }] of processes)
        if (processes.size === 1 && gateway.tasks.some(({ takenAt }) => takenAt < saidNoneAt + plan.latencyMs))
          world.violate('"none" means that nothing was taken', process)
    },
  }
}

/**
 * How many questions one process may ask by a time: what its schedule allows, and some for hints, lost answers and
 * observers that come back. The default one waits 0.5·√t after t seconds, which makes 4·√t questions.
 */
function mostQuestions({ schedule }: Plan, nowMs: number): number {
  const seconds = nowMs / 1000
  const fromTheDefault = 8 * Math.sqrt(seconds)
  return (
    40 +
    { default: fromTheDefault, fixed: seconds / 9, slow: seconds / 30, absurd: fromTheDefault + seconds / 2.4 }[
      schedule
    ]
  )
}
