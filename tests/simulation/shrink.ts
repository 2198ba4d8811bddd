/** Leaves out of a plan whatever its violation does not need. */
import type { Plan } from './plan.ts'

/** The smallest plan found for which `fails` still holds. */
export async function shrink(plan: Plan, fails: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  let smallest = plan
  for (let shrunk = true; shrunk; ) {
    shrunk = false
    for (const candidate of smaller(smallest))
      if (await fails(candidate)) {
        smallest = candidate
        shrunk = true
        break
      }
  }
  return smallest
}

function* smaller(plan: Plan): Iterable<Plan> {
  for (const index of plan.actions.keys()) yield { ...plan, actions: plan.actions.toSpliced(index, 1) }
  for (const index of plan.crashes.keys()) yield { ...plan, crashes: plan.crashes.toSpliced(index, 1) }
  for (const nth of Object.keys(plan.exchanges)) yield { ...plan, exchanges: without(plan.exchanges, nth) }
  for (const nth of Object.keys(plan.storage)) yield { ...plan, storage: without(plan.storage, nth) }
  const { nap, ...restless } = plan
  if (nap) yield restless
  const { olderAttempt, truth, ...others } = plan
  if (olderAttempt) yield { ...others, truth }
  if (plan.skewMs) yield { ...plan, skewMs: 0 }
  if (plan.journalRequired) yield { ...plan, journalRequired: false }
  if (plan.schedule !== 'default') yield { ...plan, schedule: 'default' }
  if (plan.journal !== 'none') yield { ...plan, journal: 'none' }
  if (plan.strategy !== 'status') yield { ...plan, strategy: 'status' }
  if (truth.resultLagMs) yield { ...plan, truth: { ...truth, resultLagMs: 0 } }
  if (truth.latencyMs) yield { ...plan, truth: { ...truth, latencyMs: 0 } }
  const { rival, ...alone } = truth
  if (rival) yield { ...plan, truth: alone }
  const { forgottenAfterMs, ...remembered } = truth
  if (forgottenAfterMs !== undefined) yield { ...plan, truth: remembered }
}

function without<T>(items: Readonly<Record<number, T>>, key: string): Record<number, T> {
  return Object.fromEntries(Object.entries(items).filter(([each]) => each !== key))
}
