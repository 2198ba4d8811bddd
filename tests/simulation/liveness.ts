/** What has to have come once nothing has gone wrong for long enough. */
import type { TaskSnapshot } from '@async-transaction/core'
import type { Side } from './application.ts'
import type { GatewayModel } from './gateway-model.ts'
import type { Plan } from './plan.ts'
import type { World } from './world.ts'

const MINUTE = 60_000

export function checkLiveness(world: World, plan: Plan, gateway: GatewayModel, { process, task, checked }: Side): void {
  const { truth, actions } = plan
  const snapshot = checked ?? task?.getSnapshot()
  const code = snapshot?.status === 'error' ? snapshot.error.code : snapshot?.status
  if (!process.alive || (process.asleep && !isFinal(snapshot))) return
  const taken = gateway.tasks.length > 0
  const came = code === 'result' || code === 'gateway-error' || code === 'unknown'
  // Refused, or put off three times, it was not taken: that is an outcome as well. Steps of `check()` cannot submit again.
  const given = (!taken && snapshot?.status === 'error') || (!!plan.driver && code === 'submit-lost')
  world.must('the outcome comes in time', came || given, `${code}`)
  // A lookup does not dare to tell ours from another attempt when it cannot know when ours was made: after a jump of our
  // clock, or in a process that does not remember the one before. Only a task that the gateway forgot needs one.
  const forgotten = truth.forgottenAfterMs !== undefined || truth.latencyMs > 1400 * MINUTE
  const remembered = process.machine.storage.faithful && plan.journal !== 'none'
  const jumped = actions.some(({ kind }) => kind === 'clock-jump') || plan.dates !== undefined
  const dated = !forgotten || (!jumped && (remembered || !world.strikes.has('restart')))
  // Words of others are an error once the gateway knows no more of the task.
  const misled = code === 'gateway-error' && (forgotten || world.strikes.has('json-200'))
  const alone = !truth.rival && !truth.laterTry
  if (taken && truth.kind !== 'error' && dated && !misled && alone)
    world.must('the outcome is what the gateway has', code === 'result', `${code}`)
}

export const isFinal = (snapshot: TaskSnapshot | undefined): boolean =>
  snapshot?.status === 'result' || snapshot?.status === 'unknown' || snapshot?.status === 'error'

/** Whether there is nothing left to find out. */
export const isAnswer = (snapshot: TaskSnapshot | undefined): boolean =>
  snapshot?.status === 'result' || (snapshot?.status === 'error' && snapshot.error.code === 'gateway-error')
