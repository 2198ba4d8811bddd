/** The application around the client: its processes, the tasks that they hold, and how it observes them. */
import {
  type Check,
  errorFrom,
  type LostSubmission,
  type PlainSnapshot,
  type TaskHandle,
  type TaskSnapshot,
  type TaskState,
  type TransactionTask,
} from '@async-transaction/core'
import { isFinal } from './liveness.ts'
import { canary } from './network.ts'
import type { Plan } from './plan.ts'
import { createProcess, type Machine, type Process, type ProcessParts } from './process.ts'
import type { Rules } from './rules.ts'
import { createStorage, type StorageFaults } from './storage.ts'
import type { World } from './world.ts'

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

/** One process of the application, with the tasks that it holds. */
export interface Side {
  readonly process: Process
  /** The latest one. */
  task: TransactionTask | undefined
  readonly tasks: Set<TransactionTask>
  readonly leave: (() => void)[]
  /** What `check()` found last. */
  checked?: TaskSnapshot
  /** When the application did something last that may start a payment, or start it again. */
  revivedAt: number
}

type Crash = Plan['crashes'][number]

export class Application {
  readonly world: World
  readonly plan: Plan
  readonly rules: Rules
  readonly sides: Side[] = []
  /** The handle of the task, once a process got it. */
  handle: TaskHandle | undefined
  /** What the next step of `check()` is given, if it is driven by that. */
  driven: TaskHandle | LostSubmission | undefined
  over = false
  readonly #parts: ProcessParts
  readonly #faults: StorageFaults
  readonly #machine: Machine
  #generation = 0

  constructor(parts: ProcessParts, faults: StorageFaults) {
    this.world = parts.world
    this.plan = parts.plan
    this.rules = parts.rules
    this.#parts = parts
    this.#faults = faults
    this.#machine = this.machine('first')
  }

  machine(name: string): Machine {
    return { name, storage: createStorage(this.world, this.plan, this.#faults) }
  }

  /** The process that customers see, or the step that is under way. */
  get main(): Side {
    return this.sides.findLast(({ process }) => process.name.startsWith('main')) as Side
  }

  get storage(): Machine['storage'] {
    return this.#machine.storage
  }

  start(name: string, crash?: Crash, machine = this.#machine): Side {
    const restart = (): void => {
      const { restartMs = 1000, how = 'recover' } = crash ?? {}
      if (name.startsWith('main')) this.world.after(restartMs, () => this.#restarted(how))
    }
    this.rules.started(name, machine)
    const process = createProcess(this.#parts, name, machine, crash?.step ?? Number.POSITIVE_INFINITY, restart)
    const side: Side = { process, task: undefined, tasks: new Set(), leave: [], revivedAt: this.world.now }
    this.sides.push(side)
    return side
  }

  deed({ process }: Side, kind: string): void {
    this.world.note(kind)
    this.rules.deed(process.name, kind)
  }

  hold(side: Side, task: TransactionTask): TransactionTask {
    this.deed(side, 'hold')
    side.task = task
    side.tasks.add(task)
    side.revivedAt = this.world.now
    task.accepted().then(
      (accepted) => {
        if (side.process.alive) this.handle = accepted
      },
      () => this.settle(side, task.getSnapshot()),
    )
    return task
  }

  submit(side: Side, signal?: AbortSignal): TransactionTask {
    this.deed(side, 'submit')
    const options = { requestKey: 'key-1', ...(signal && { signal }) }
    return this.hold(side, side.process.client.submit('payments', request, options))
  }

  resume(side: Side, handle: TaskHandle): TransactionTask {
    this.deed(side, 'resume')
    return side.process.client.resume(handle)
  }

  /** The gateway forgets a key after a day: whoever knows nothing of the day before must not use it again. */
  mayStillSubmit(): boolean {
    const { storage } = this.#machine
    return (
      this.world.now < 23 * 60 * MINUTE ||
      (!this.plan.actions.some(({ kind }) => kind === 'clock-jump' || kind === 'other-machine') &&
        (this.#generation === 0 || (storage.faithful && storage.items.size > 0)))
    )
  }

  observe(side: Side, how: 'stays' | 'throws' | 'leaves' = 'stays', signal?: AbortSignal): void {
    const { task, process } = side
    if (!task) return
    this.deed(side, 'observe')
    const seen: TaskState[] = []
    const subscription = task.subscribe(
      {
        next: (state) => {
          this.saw(side, state, seen)
          if (how === 'leaves') subscription?.unsubscribe()
          if (how === 'throws') throw new Error('observer')
        },
        error: (error) => {
          if (process.alive) this.world.trace(() => `${process.name} ends in ${error}`)
          this.settle(side, { status: 'error', error: error as never })
        },
      },
      signal ? { signal } : {},
    )
    if (!signal && how !== 'leaves') side.leave.push(() => subscription.unsubscribe())
  }

  /** An observer saw a state, after it saw others. */
  saw(side: Side, state: TaskState, seen: TaskState[]): void {
    const { process } = side
    if (!process.alive) return
    this.world.trace(() => `${process.name} shows ${JSON.stringify(state).slice(0, 110)}`)
    this.rules.emitted(process.name, state, seen)
    seen.push(state)
    this.settle(side, state)
  }

  settle({ process }: Side, snapshot: TaskSnapshot): void {
    if (process.alive && isFinal(snapshot)) this.rules.finished(process.name, snapshot)
  }

  recover(side: Side, otherwise: () => void): void {
    const { process } = side
    this.deed(side, 'recover')
    void process.client.recover().then(([task]) => {
      if (!process.alive || this.over) return
      if (!task) return otherwise()
      this.hold(side, task)
      this.observe(side)
      // Looking for a submission takes ten minutes: few applications show that page for so long.
      if (this.plan.mode === 'safety' && this.plan.seed % 4) this.world.after(45_000, () => side.leave.shift()?.())
    })
  }

  /** One step of `check()` in a process of its own, and those after it. A step that dies is taken again. */
  drive(given: TaskHandle | LostSubmission): void {
    if (this.over) return
    this.driven = given
    const { checked } = this.main
    this.#generation += 1
    const side = this.start(`main-${this.#generation}`, this.plan.crashes[this.#generation])
    const { process } = side
    if (checked) side.checked = checked
    this.deed(side, 'step')
    void process.client.check(given).then((found: Check<TaskHandle | LostSubmission>) => {
      if (!process.alive) return
      const { handle, nextCheckMs } = structuredClone(found)
      this.world.trace(
        () => `${process.name} checks: ${JSON.stringify(found.state).slice(0, 110)}, next ${nextCheckMs}`,
      )
      side.checked = snapshotOfPlain(found.state)
      this.settle(side, side.checked)
      this.driven = handle
      if (nextCheckMs === undefined) return
      this.rules.handedOn(process.name, nextCheckMs)
      this.world.after(nextCheckMs, () => {
        if (!process.alive) return
        process.die()
        this.drive(handle)
      })
    })
  }

  /** An observed task ends at its deadline, give or take the lookups of one that is gone. */
  checkDeadline({ process, task, leave, revivedAt }: Side): void {
    const { world, plan } = this
    const late = world.now - revivedAt > plan.deadlineMs + 15 * MINUTE
    if (!process.alive || !task || !leave.length || process.asleep || !late) return
    world.must('nothing outlasts the deadline', isFinal(task.getSnapshot()), task.getSnapshot().status)
  }

  #restarted(how: Crash['how']): void {
    if (this.over) return
    this.world.strike('restart')
    if (this.driven) this.drive(this.driven)
    else this.#restart(how)
  }

  #restart(how: Crash['how']): void {
    this.#generation += 1
    const side = this.start(`main-${this.#generation}`, this.plan.crashes[this.#generation])
    this.world.trace(() => `${side.process.name} starts, by ${how}`)
    const again = (): void => {
      if (this.handle) this.hold(side, this.resume(side, this.handle))
      else if (this.mayStillSubmit()) this.#submitAgain(side)
      this.observe(side)
    }
    if (how === 'submit-again' && this.mayStillSubmit()) {
      this.#submitAgain(side)
      this.observe(side)
    } else if (how === 'resume') again()
    else this.recover(side, again)
  }

  /** To a process that remembers nothing, our first try is older than its own. */
  #submitAgain(side: Side): void {
    if (this.plan.truth.laterTry && this.plan.journal === 'none') this.world.note('later-try-elsewhere')
    this.submit(side)
  }
}

export const snapshotOfPlain = (state: PlainSnapshot): TaskSnapshot =>
  state.status === 'error' ? { status: 'error', error: errorFrom(state.error) } : state
