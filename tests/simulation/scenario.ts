/** Plays a plan: the world, its gateway, and an application that lives and dies in it. */
import { type LostSubmission, type TaskHandle, type TaskSnapshot, TransactionError } from '@async-transaction/core'
import { Application, type Side } from './application.ts'
import { createCredentials } from './credentials.ts'
import { createDeeds } from './deeds.ts'
import { createGatewayModel } from './gateway-model.ts'
import { checkLiveness, isAnswer, isFinal } from './liveness.ts'
import { createNetwork } from './network.ts'
import type { Plan } from './plan.ts'
import { BASE_URL } from './process.ts'
import { createRandom } from './random.ts'
import { createRules } from './rules.ts'
import { createStorageFaults } from './storage.ts'
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
const MINUTE = 60_000

export function createScenario(plan: Plan, tracing = false): Scenario {
  const world = createWorld(plan.untilMs + 3 * MINUTE, tracing)
  const gateway = createGatewayModel(world, plan.truth, EPOCH_MS, BASE_URL)
  const rules = createRules(world, plan, gateway)
  const credentials = createCredentials(world, plan)
  const network = createNetwork(world, gateway, plan, EPOCH_MS)
  const random = createRandom(plan.seed, 9)
  const app = new Application(
    { world, plan, network, credentials, rules, random, epochMs: EPOCH_MS },
    createStorageFaults(world, plan),
  )
  const act = createDeeds(app, gateway)

  if (plan.olderAttempt) gateway.addOlder(plan.olderAttempt.status, plan.olderAttempt.ageMs)
  for (const kind of truthFaults(plan)) world.strike(kind)

  app.start('main-0', plan.crashes[0])
  world.at(0, () => {
    app.submit(app.main)
    if (plan.driver === 'check') driveFrom(app, app.main)
    else if (plan.seed % 3) app.observe(app.main)
  })
  for (const action of plan.actions) world.at(action.at, () => act(action))
  if (plan.mode === 'liveness') world.at(plan.faultsEndMs, () => care(app))
  world.at(plan.untilMs, () => {
    app.over = true
    if (plan.mode === 'liveness') checkLiveness(world, plan, gateway, app.main)
    for (const side of app.sides) {
      app.checkDeadline(side)
      for (const task of side.process.alive ? side.tasks : []) {
        app.settle(side, task.getSnapshot())
        task.stop()
      }
    }
  })
  // By then what was under way has timed out.
  world.at(plan.untilMs + 2 * MINUTE, () => {
    rules.over()
    for (const { process } of app.sides)
      if (process.alive)
        world.must('nothing runs on after the end', !process.running, `${process.name}: ${process.running}`)
  })

  return {
    plan,
    world,
    step() {
      const alone = gateway.tasks.length < 2
      world.must('one payment is one task', alone)
      world.must('one payment is charged once', alone || !gateway.moved)
      return world.step()
    },
    outcome() {
      const snapshot = snapshotOf(app.main)
      return snapshot?.status === 'error' ? snapshot.error.code : (snapshot?.status ?? 'nothing')
    },
  }
}

const snapshotOf = ({ task, checked }: Side): TaskSnapshot | undefined => checked ?? task?.getSnapshot()

/** Once it is accepted, or may have been, the process ends, and steps of `check()` go on. */
function driveFrom(app: Application, side: Side): void {
  const goOn = (given: TaskHandle | LostSubmission): void => {
    if (!side.process.alive || app.over) return
    side.process.die()
    app.drive(given)
  }
  side.task?.accepted().then(goOn, (error) => {
    if (error instanceof TransactionError && error.code === 'submit-lost')
      goOn(JSON.parse(JSON.stringify(error)) as LostSubmission)
  })
}

/** When nothing goes wrong any more, an application that cares gets its outcome. */
function care(app: Application, times = 0): void {
  const { world, plan, handle } = app
  if (app.over || world.now >= plan.untilMs) return
  const side = app.main
  if (side.process.alive && !app.driven) {
    const snapshot = side.task?.getSnapshot()
    if (!snapshot || (snapshot.status === 'error' && !isAnswer(snapshot)))
      if (handle) app.hold(side, app.resume(side, handle))
      else if (app.mayStillSubmit()) app.submit(side)
    // It looks the transaction up, or goes on with the task: in turn.
    if (snapshot?.status === 'unknown' && times % 2 && handle) app.hold(side, app.resume(side, handle))
    else if (snapshot?.status === 'unknown') {
      app.deed(side, 'lookup')
      void side.task?.lookup()
    }
    app.observe(side)
  } else if (app.driven && isFinal(snapshotOf(side)) && !isAnswer(snapshotOf(side))) app.drive(app.driven)
  world.after(5 * MINUTE, () => care(app, times + 1))
}

function truthFaults({ truth, schedule, skewMs, olderAttempt, dates }: Plan): string[] {
  const { kind, latencyMs, errorStatus } = truth
  // An error that is never taken back is one after ten polls, and if nothing is listed that may be ours.
  const others = olderAttempt?.status === 'incomplete' || truth.rival || truth.laterTry || truth.corrected || dates
  const forEver = kind === 'error' && errorStatus === 200 && (schedule === 'slow' || others)
  return [
    ...(kind === 'error' ? ['once-only-error'] : []),
    ...(kind === 'refused' ? ['refusal'] : []),
    ...(truth.forgottenAfterMs !== undefined ? ['forgotten-task'] : []),
    ...(truth.rival ? ['rival-attempt'] : []),
    ...(truth.laterTry ? ['later-try'] : []),
    ...(truth.becomes ? ['3-d-secure'] : []),
    ...(truth.corrected ? ['correction'] : []),
    ...(truth.middle ? ['listed-in-the-middle'] : []),
    ...(truth.listLagMs ? ['lagging-list'] : []),
    ...(latencyMs > 30_000 ? ['slow-task'] : []),
    ...(forEver ? ['error-for-ever'] : []),
    ...(truth.resultLagMs ? ['early-completed'] : []),
    ...(schedule === 'absurd' ? ['absurd-schedule'] : []),
    ...(skewMs ? ['skewed-clock'] : []),
  ]
}
