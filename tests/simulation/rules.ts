/** What must hold after every step, whatever goes wrong. The names of the rules, and their excuses, are in `rule-book.ts`. */
import type { TaskSnapshot, TaskState, Transaction } from '@async-transaction/core'
import type { GatewayModel } from './gateway-model.ts'
import { canary, type Delivery, type Exchange } from './network.ts'
import { createPace, type Pace } from './pace.ts'
import type { Plan } from './plan.ts'
import type { Machine } from './process.ts'
import type { World } from './world.ts'

export interface Rules {
  /** A process begins, with what the storage of its machine holds now. */
  started(process: string, machine: Machine): void
  /** The application did something with it. */
  deed(process: string, kind: string): void
  stopped(process: string): void
  proposed(process: string, delayMs: number): void
  /** Another process goes on after so long, as this one said. */
  handedOn(process: string, inMs: number): void
  sent(process: string, request: Request, exchange: Exchange): void
  ended(process: string, exchange: Exchange): void
  /** A whole response reached a process. */
  answered(process: string, exchange: Exchange, delivery: Delivery & { readonly kind: 'answer' }): void
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
  readonly machine: Machine
  readonly pace: Pace
  readonly inFlight: Map<string, number>
  heard: 'transaction' | 'error' | undefined
  /** What the journal had when it began. */
  readonly knew: 'answer' | 'words' | undefined
  /** The end that can not change any more. */
  answer: string | undefined
  /** What a task had ended as before an answer was heard, by a later question. */
  readonly before: Set<string>
  /** The same, before any answer was shown on its machine: a task that ended so goes on showing it. */
  readonly ended: Set<string>
  readonly reported: Set<string>
  /** When it was said that nothing was taken. */
  readonly nones: number[]
}

const OWN_PATH =
  /^\/(async\/transactions\/payments|async\/(status|result)\/task-\d+|v2\/transactions\/tracking_id\/order-1|transactions\/uid-\w+)$/
/** Of what there is one at a time: POSTs, lookups, and questions about one task. */
const questionOf = (path: string): string => path.replace(/status|result/, '').replace(/^.*uid-\w+/, '/v2/transactions')
const SECRETS = Object.values(canary).filter((secret) => secret.length > 3)
const DAY_MS = 86_400_000
/** Another process that is just writing its own end may not have read it yet. */
const JOURNAL_MS = 50

export function createRules(world: World, plan: Plan, gateway: GatewayModel): Rules {
  const processes = new Map<string, Known>()
  const posts = new Map<number, { readonly process: string; readonly at: number }>()
  /** Of each machine, the answer that was shown while its storage lost nothing: later processes have to know it. */
  const answers = new Map<Machine, { readonly code: string; readonly at: number }>()
  const deadlineStarts: number[] = []
  const errors = new WeakSet<object>()
  let firstPost: { key: string | undefined; body: string } | undefined
  let errorHeard = false
  /** Some process read an error in JSON, whoever said it. */
  let wordsHeard = false
  let lookedUp = false

  const known = (process: string): Known => processes.get(process) as Known
  const remembers = ({ storage }: Machine): boolean => plan.journal !== 'none' && storage.faithful
  const journaled = ({ storage }: Machine): Known['knew'] => {
    let words = false
    for (const value of storage.items.values()) {
      const { ending, lastWords } = JSON.parse(value) as {
        ending?: { status: string; code?: string }
        lastWords?: object
      }
      if (ending && (ending.status === 'result' || ending.code === 'gateway-error')) return 'answer'
      words ||= !!lastWords
    }
    return words && errorHeard ? 'words' : undefined
  }
  const checkTruth = ({ uid, status }: Transaction): void => {
    const ours = gateway.tasks.some((task) => task.uid === uid)
    // Whoever submits again without a memory of when it was submitted first cannot tell a rival that came in between. Nor can
    // anybody whose gateway says wrongly, or does not say, how late it is.
    const undated = !!plan.dates && (plan.dates !== 'absent' || plan.skewMs !== 0)
    const forgot = plan.truth.rival !== undefined && [...processes.values()].some(({ machine }) => !remembers(machine))
    if (!undated && !forgot) world.must('only a transaction that is ours is an outcome', ours, `${uid} ${status}`)
    if (ours)
      world.must('success and failure come from the gateway alone', gateway.statuses.includes(status), `${status}`)
  }
  /** Whether they share what they know: a process that forgets, or is told wrong, is on its own. */
  const shares = (one: string, other: string): boolean =>
    one === other || (known(one).machine === known(other).machine && remembers(known(one).machine))

  return {
    started(process, machine) {
      processes.set(process, {
        machine,
        pace: createPace(world, plan, deadlineStarts),
        inFlight: new Map(),
        heard: undefined,
        knew: world.now < DAY_MS - 3_600_000 && machine.storage.faithful ? journaled(machine) : undefined,
        answer: undefined,
        before: new Set(),
        ended: new Set(),
        reported: new Set(),
        nones: [],
      })
    },
    deed: (process, kind) => known(process).pace.deed(kind),
    stopped: (process) => known(process).pace.stopped(),
    proposed: (process, delayMs) => processes.get(process)?.pace.proposed(delayMs),
    handedOn: (process, inMs) => known(process).pace.handedOn(inMs),
    sent(process, request, exchange) {
      const { operation, path, body, requestKey, nth } = exchange
      const { inFlight, pace, machine, heard, knew } = known(process)
      const flying = (inFlight.get(questionOf(path)) ?? 0) + 1
      inFlight.set(questionOf(path), flying)
      world.must('one request in flight per task', flying === 1, path)
      const own = request.url.startsWith('https://gateway.test/') && OWN_PATH.test(path)
      world.must('requests go to the task’s own paths', own, request.url)
      world.must('no card data anywhere', !SECRETS.some((secret) => request.url.includes(secret)), request.url)
      pace.sent(exchange)
      if (operation === 'submit') {
        posts.set(nth, { process, at: world.now })
        firstPost ??= { key: requestKey, body }
        const same = firstPost.key === requestKey && firstPost.body === body
        world.must('every POST is the same under one RequestID', same, `${requestKey}`)
        if (plan.journal !== 'none')
          world.must('the journal has it before the first byte leaves', machine.storage.items.size > 0)
      } else if (operation === 'lookup') lookedUp = true
      else {
        world.must('what was heard is never asked for again', heard !== 'transaction', operation)
        world.must('what is journaled is never asked for again', knew !== 'answer', operation)
      }
    },
    ended(process, { path }) {
      const { inFlight } = known(process)
      inFlight.set(questionOf(path), (inFlight.get(questionOf(path)) ?? 1) - 1)
    },
    answered(process, exchange, delivery) {
      const { operation } = exchange
      const { final } = delivery.answer
      known(process).pace.answered(exchange, delivery)
      if (operation !== 'status' && operation !== 'result') return
      wordsHeard ||= final !== 'transaction' && delivery.answer.body.includes('"message"')
      if (!final || !delivery.heard) return
      known(process).heard ??= final
      if (final === 'error') errorHeard = true
    },
    printed(process, value) {
      const event = value as { type?: string; status?: string; code?: string }
      const state = known(process)
      if (event.type === 'settled') {
        const code = event.code ?? event.status ?? ''
        if (!state.heard) state.before.add(code)
        if (!state.answer && !answers.has(state.machine)) state.ended.add(code)
      }
      const text = value instanceof Error ? `${value.stack} ${JSON.stringify(value)}` : JSON.stringify(event)
      const leaked = SECRETS.find((secret) => text.includes(secret))
      world.must('no card data anywhere', !leaked, `${process}: ${leaked}`)
    },
    emitted(_, state, seen) {
      const rank = { processing: 0, completed: 1, result: 2, unknown: 2 }
      const last = seen.at(-1)
      const order = last ? rank[state.status] - rank[last.status] : 1
      const inOrder = order > 0 || (order === 0 && state.status === 'processing')
      world.must('processing* → completed? → result | unknown', inOrder, `${last?.status} → ${state.status}`)
    },
    finished(process, snapshot) {
      const state = known(process)
      const { machine, reported, heard, knew } = state
      if (snapshot.status === 'result' && snapshot.transaction) checkTruth(snapshot.transaction)
      const code = snapshot.status === 'error' ? snapshot.error.code : snapshot.status
      if (snapshot.status === 'error' && !errors.has(snapshot.error)) {
        errors.add(snapshot.error)
        this.printed(process, snapshot.error)
        if (snapshot.error.effect === 'none') state.nones.push(world.now)
      }
      const again = reported.has(code)
      reported.add(code)
      if (code === 'unknown' || code === 'gateway-error')
        world.must('nothing is given up before it was looked up', lookedUp, code)
      if (code === 'gateway-error') {
        world.must('an error was heard', wordsHeard)
        const once = plan.truth.kind === 'error' && gateway.tasks.some(({ consumed }) => consumed)
        world.must('an error is the gateway’s word', once || (errorHeard && plan.truth.errorStatus === 200), code)
      }
      if (code === 'stopped' || again) return
      if (!state.before.has(code)) {
        if (heard === 'error' || knew === 'words')
          world.must('last words are the outcome', code !== 'unknown', `${code} after an error`)
        if (heard === 'transaction')
          world.must('what was heard is the outcome', code === 'result', `${code} after a transaction`)
      }
      const less = code !== 'result' && !state.ended.has(code)
      const settled = state.answer && code !== state.answer && less
      world.must('what is settled stays settled', !settled, `${state.answer} → ${code}`)
      const shown = answers.get(machine)
      if (shown && remembers(machine) && world.now > shown.at + JOURNAL_MS)
        world.must('what was shown survives a restart', code === shown.code || !less, `${shown.code} → ${code}`)
      if (code !== 'result' && code !== 'gateway-error') return
      state.answer = code
      if (plan.journal !== 'none' && machine.storage.complete && shown?.code !== 'result')
        answers.set(machine, { code, at: world.now })
    },
    over() {
      const taken = gateway.tasks.flatMap(({ takenBy }) => [...takenBy]).flatMap((nth) => posts.get(nth) ?? [])
      for (const [process, { nones }] of processes) {
        if (!nones.length) continue
        // A POST that was sent after it was said is another try.
        const wrong = taken.some((post) => shares(process, post.process) && nones.some((at) => at >= post.at))
        world.must('"none" means that nothing was taken', !wrong || !gateway.moved, process)
      }
      for (const { machine } of processes.values())
        for (const value of machine.storage.items.values())
          world.must('the journal keeps no end of our polling as an outcome', isOutcome(value))
      for (const [machine, { code }] of answers) {
        const kept = [...machine.storage.items.values()].some((value) => keeps(value, code))
        if (machine.storage.complete) world.must('nothing heard is overwritten by less', kept, code)
      }
    },
  }
}

/** Whether an entry has a result, or where an error was shown, an error or words. */
function keeps(value: string, shown: string): boolean {
  const { ending, lastWords } = JSON.parse(value) as { ending?: { status: string; code?: string }; lastWords?: object }
  if (ending?.status === 'result') return true
  return shown === 'gateway-error' && (ending?.code === 'gateway-error' || !!lastWords)
}

/** Whether an entry has no end but a word of the gateway, an unknown outcome, or that of a submission of which no more is known. */
function isOutcome(value: string): boolean {
  const { ending, recovered } = JSON.parse(value) as { ending?: { status: string; code?: string }; recovered?: boolean }
  const codes = [undefined, 'gateway-error', 'submit-rejected']
  return !ending || !!recovered || codes.includes(ending.code)
}
