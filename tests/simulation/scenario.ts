/** Plays a plan: the application around the client, which does what applications do, and what they should not. */
import type { TaskHandle, TaskSnapshot, TaskState, TransactionTask } from '@async-transaction/core'
import { createGatewayModel, type GatewayModel } from './gateway-model.ts'
import { canary, createNetwork } from './network.ts'
import type { Action, Plan } from './plan.ts'
import { BASE_URL, createProcess, type Process, type ProcessParts } from './process.ts'
import { createRandom } from './random.ts'
import { createRules } from './rules.ts'
import { createStorage } from './storage.ts'
import { createWorld, type World } from './world.ts'

export interface Scenario {
  readonly plan: Plan
  /** Runs the next event; false when the scenario is over. Promises have to settle before it is called again. */
  step(): boolean
  readonly world: World
  /** How the payment ended, as the application saw it last. */
  outcome(): string
}

const EPOCH_MS = 1_800_000_000_000
const VERIFIED = Symbol.for('async-transaction.verified')
const MINUTE = 60_000

const request = {
  amount: 3245,
  currency: 'KZT',
  description: 'Order 1',
  tracking_id: 'order-1',
  credit_card: {
    number: canary.number,
    verification_value: canary.verification_value,
    exp_month: '05',
    exp_year: '2030',
  },
}

/** One process of the application, with the task it holds. */
interface Side {
  readonly process: Process
  task: TransactionTask | undefined
  readonly leave: (() => void)[]
}

export function createScenario(plan: Plan, tracing = false): Scenario {
  const world = createWorld(plan.untilMs + 3 * MINUTE, tracing)
  const gateway = createGatewayModel(world, plan.truth, EPOCH_MS, BASE_URL)
  const storage = createStorage(world, plan)
  const rules = createRules(world, plan, gateway, storage)
  const network = createNetwork(world, gateway, plan, EPOCH_MS)
  const parts: ProcessParts = {
    world,
    plan,
    network,
    storage,
    rules,
    random: createRandom(plan.seed, 9),
    epochMs: EPOCH_MS,
  }
  const sides: Side[] = []
  let generation = 0
  let handle: TaskHandle | undefined
  let over = false

  if (plan.olderAttempt) gateway.addOlder(plan.olderAttempt.status, plan.olderAttempt.ageMs)
  for (const kind of truthFaults(plan)) world.strike(kind)

  const start = (name: string, crash: Plan['crashes'][number] | undefined): Side => {
    const restart = (): void => {
      const { restartMs = 1000, how = 'recover' } = crash ?? {}
      if (name.startsWith('main')) world.after(restartMs, () => restarted(how))
    }
    const process = createProcess(parts, name, crash?.step ?? Number.POSITIVE_INFINITY, restart)
    rules.started(name)
    const side: Side = { process, task: undefined, leave: [] }
    sides.push(side)
    return side
  }
  const main = (): Side => sides.findLast(({ process }) => process.name.startsWith('main')) as Side

  const hold = (side: Side, task: TransactionTask): TransactionTask => {
    side.task = task
    task.accepted().then(
      (accepted) => {
        if (side.process.alive) handle = accepted
      },
      () => {},
    )
    return task
  }
  const submit = (side: Side): TransactionTask =>
    hold(side, side.process.client.submit('payments', request, { requestKey: 'key-1' }))
  /** The gateway forgets a key after a day: whoever knows nothing of the day before must not use it again. */
  const mayStillSubmit = (): boolean =>
    world.now < 23 * 60 * MINUTE ||
    (!plan.actions.some(({ kind }) => kind === 'clock-jump') &&
      (generation === 0 || (storage.faithful && storage.items.size > 0)))

  const observe = (side: Side, how: 'stays' | 'throws' | 'leaves' = 'stays'): void => {
    const { task, process } = side
    if (!task) return
    const seen: TaskState[] = []
    const subscription = task.subscribe({
      next(state) {
        if (!process.alive) return
        world.trace(() => `${process.name} shows ${JSON.stringify(state).slice(0, 110)}`)
        rules.emitted(process.name, state, seen)
        seen.push(state)
        if (state.status === 'result' || state.status === 'unknown') rules.finished(process.name, state)
        if (how === 'leaves') subscription?.unsubscribe()
        if (how === 'throws') throw new Error('observer')
      },
      error(error) {
        if (!process.alive) return
        world.trace(() => `${process.name} ends in ${error}`)
        rules.finished(process.name, { status: 'error', error: error as never })
      },
    })
    side.leave.push(() => subscription.unsubscribe())
  }

  const restarted = (how: Plan['crashes'][number]['how']): void => {
    if (over) return
    generation += 1
    world.strike('restart')
    const side = start(`main-${generation}`, plan.crashes[generation])
    world.trace(() => `${side.process.name} starts, by ${how}`)
    const again = (): void => {
      if (handle) hold(side, side.process.client.resume(handle))
      else if (mayStillSubmit()) submit(side)
      observe(side)
    }
    if (how === 'submit-again' && mayStillSubmit()) {
      submit(side)
      observe(side)
    } else if (how === 'resume') again()
    else recover(side, again)
  }
  const recover = (side: Side, otherwise: () => void): void => {
    void side.process.client.recover().then(([task]) => {
      if (!side.process.alive) return
      if (!task) return otherwise()
      hold(side, task)
      observe(side)
      // Looking for a submission takes ten minutes: few applications show that page for so long.
      if (plan.mode === 'safety' && plan.seed % 4) world.after(45_000, () => side.leave.shift()?.())
    })
  }

  /** What the application, or the world around it, does to the process that is there. */
  const deeds: Record<Exclude<Action['kind'], 'crash'>, (side: Side, amount: number) => unknown> = {
    observe: (side) => observe(side),
    'observe-throwing': (side) => observe(side, 'throws'),
    'observe-and-leave': (side) => observe(side, 'leaves'),
    leave: (side) => side.leave.shift()?.(),
    'await-outcome': ({ process, task }) =>
      task?.outcome().then((outcome) => process.alive && rules.finished(process.name, outcome)),
    poll: ({ task }) => task?.poll(),
    lookup: ({ task }) => task?.lookup(),
    check: ({ process }) =>
      handle &&
      process.client.check(handle).then(
        // Its `unknown` may still be before the lookup, which is the next step.
        ({ state }) => process.alive && state.status !== 'unknown' && settle(process, state),
        () => {},
      ),
    stop: ({ task }) => task?.stop(),
    resume: (side) => {
      if (!handle) return
      hold(side, side.process.client.resume(handle))
      observe(side)
    },
    recover: (side) => recover(side, () => {}),
    'submit-again': (side) => {
      if (!mayStillSubmit()) return
      submit(side)
      observe(side)
    },
    webhook: (side, amount) => world.after(amount % 5000, () => notify(side, 'as it is')),
    'late-webhook': (side, amount) => world.after(amount, () => notify(side, amount % 2 ? 'as it is' : 'overtaken')),
    'clock-jump': ({ process }, amount) => process.jump(amount % 2 ? amount * 40 : -amount * 40),
    sleep: ({ process }, amount) => process.sleep(amount * 4),
    'second-process': () => {
      const second = start(`second-${sides.length}`, undefined)
      if (!handle) return recover(second, () => {})
      hold(second, second.process.client.resume(handle))
      observe(second)
    },
    'storage-full': () => storage.fill(),
    'storage-wiped': () => storage.wipe(),
  }
  const act = ({ kind, amount }: Action): void => {
    const side = main()
    if (kind === 'crash') side.process.die('by accident')
    else if (side.process.alive && !over) {
      world.trace(() => `${side.process.name} does: ${kind}`)
      if (disturbing.has(kind)) world.strike(kind)
      deeds[kind](side, amount)
    }
  }

  /** A webhook that the application has verified; one that was overtaken says `failed` after `successful` was known. */
  const notify = (side: Side, how: 'as it is' | 'overtaken'): void => {
    const task = gateway.tasks[0]
    const transaction = task && gateway.transactionOf(task)
    if (!transaction || !side.process.alive || !side.task || over) return
    const before = side.task.getSnapshot()
    const settled = before.status === 'result'
    if (how === 'overtaken' && !settled) return
    world.strike(how === 'overtaken' ? 'late-failed-webhook' : settled ? 'repeated-webhook' : 'webhook')
    const brought = how === 'overtaken' ? { ...transaction, status: 'failed' } : structuredClone(transaction)
    const took = side.task.deliver(Object.defineProperty(brought, VERIFIED, { value: true }) as never)
    world.trace(() => `${side.process.name} is notified ${how}: ${took ? 'taken' : 'not taken'}`)
    if (settled && (took || side.task.getSnapshot() !== before))
      world.violate('what is settled stays settled', 'by a webhook')
  }

  const settle = (process: Process, snapshot: TaskSnapshot): void => {
    if (isFinal(snapshot)) rules.finished(process.name, snapshot)
  }

  /** When nothing goes wrong any more, an application that cares gets its outcome. */
  const care = (): void => {
    if (over || world.now >= plan.untilMs) return
    const side = main()
    if (side.process.alive) {
      const snapshot = side.task?.getSnapshot()
      if (!snapshot || (snapshot.status === 'error' && !isAnswer(snapshot)))
        if (handle) hold(side, side.process.client.resume(handle))
        else if (mayStillSubmit()) submit(side)
      if (snapshot?.status === 'unknown') void side.task?.lookup()
      observe(side)
    }
    world.after(5 * MINUTE, care)
  }

  start('main-0', plan.crashes[0])
  world.at(0, () => {
    submit(main())
    if (plan.seed % 3) observe(main())
  })
  for (const action of plan.actions) world.at(action.at, () => act(action))
  if (plan.mode === 'liveness') world.at(plan.faultsEndMs, care)

  const checkEnd = (): void => {
    over = true
    if (plan.mode === 'liveness')
      checkLiveness(world, plan, gateway, main(), storage.faithful && plan.journal !== 'none')
    for (const { process, task } of sides)
      if (process.alive && task) {
        settle(process, task.getSnapshot())
        task.stop()
      }
  }
  world.at(plan.untilMs, checkEnd)
  // By then what was under way has timed out.
  world.at(plan.untilMs + 2 * MINUTE, () => {
    rules.over()
    for (const { process } of sides)
      if (process.alive && process.running)
        world.violate('nothing runs on after the end', `${process.name}: ${process.running}`)
  })

  return {
    plan,
    world,
    step() {
      if (gateway.tasks.length > 1) world.violate('one payment is charged once', `${gateway.tasks.length} tasks`)
      return world.step()
    },
    outcome() {
      const snapshot = main().task?.getSnapshot()
      return snapshot?.status === 'error' ? snapshot.error.code : (snapshot?.status ?? 'nothing')
    },
  }
}

function checkLiveness(
  world: World,
  { truth, actions }: Plan,
  gateway: GatewayModel,
  { process, task }: Side,
  remembered: boolean,
): void {
  const snapshot = task?.getSnapshot()
  const code = snapshot?.status === 'error' ? snapshot.error.code : snapshot?.status
  if (!process.alive) return
  const { tasks } = gateway
  // Put off three times, it was not taken: that is an outcome as well.
  const refused = code === 'submit-rejected' && !tasks.length
  if (code !== 'result' && code !== 'gateway-error' && code !== 'unknown' && !refused)
    world.violate('the outcome comes in time', `${code}`)
  // The gateway has the transaction, and never answered with an error of its own.
  // A lookup does not dare to tell ours from an older attempt when it cannot know when ours was made: after a jump of our
  // clock, or in a process that does not remember the one before. Only a task that the gateway forgot needs one.
  const forgotten = truth.forgottenAfterMs !== undefined || truth.latencyMs > 1400 * MINUTE
  const jumped = actions.some(({ kind }) => kind === 'clock-jump')
  const dated = !forgotten || (remembered && !jumped) || (!jumped && !world.strikes.has('restart'))
  // An error that came with "try again later" is the end, if the gateway knows no more of the task.
  const lastWords = code === 'gateway-error' && world.strikes.has('throttle')
  const sure = truth.kind !== 'error' && dated && !lastWords && !truth.rival
  if (tasks.length && sure && code !== 'result') world.violate('the outcome is what the gateway has', `${code}`)
}

/** Deeds that count as faults; the others that are counted, count themselves when they strike. */
const disturbing: ReadonlySet<Action['kind']> = new Set([
  'observe-throwing',
  'observe-and-leave',
  'leave',
  'stop',
  'second-process',
])

const isFinal = ({ status }: TaskSnapshot): boolean => status === 'result' || status === 'unknown' || status === 'error'

const isAnswer = (snapshot: TaskSnapshot): boolean =>
  snapshot.status === 'error' && (snapshot.error.code === 'gateway-error' || snapshot.error.code === 'submit-rejected')

function truthFaults({ truth, schedule, skewMs }: Plan): string[] {
  return [
    ...(truth.kind === 'error' ? ['once-only-error'] : []),
    ...(truth.forgottenAfterMs !== undefined ? ['forgotten-task'] : []),
    ...(truth.rival ? ['rival-attempt'] : []),
    ...(truth.latencyMs > 30_000 ? ['slow-task'] : []),
    ...(truth.latencyMs > 86_400_000 ? ['expiry'] : []),
    ...(truth.resultLagMs ? ['early-completed'] : []),
    ...(schedule === 'absurd' ? ['absurd-schedule'] : []),
    ...(skewMs ? ['skewed-clock'] : []),
  ]
}
