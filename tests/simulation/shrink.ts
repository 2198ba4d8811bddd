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
  for (const index of plan.outages?.keys() ?? []) yield { ...plan, outages: plan.outages?.toSpliced(index, 1) ?? [] }
  for (const nth of Object.keys(plan.exchanges)) yield { ...plan, exchanges: without(plan.exchanges, nth) }
  for (const nth of Object.keys(plan.storage)) yield { ...plan, storage: without(plan.storage, nth) }
  for (const nth of Object.keys(plan.auth ?? {})) yield { ...plan, auth: without(plan.auth ?? {}, nth) }
  for (const part of OPTIONAL) if (plan[part] !== undefined) yield without(plan, part) as Plan
  for (const part of UNTRUTHS)
    if (plan.truth[part]) yield { ...plan, truth: without(plan.truth, part) as Plan['truth'] }
  if (plan.skewMs) yield { ...plan, skewMs: 0 }
  if (plan.journalRequired) yield { ...plan, journalRequired: false }
  if (plan.schedule !== 'default') yield { ...plan, schedule: 'default' }
  if (plan.journal !== 'none') yield { ...plan, journal: 'none' }
  if (plan.strategy !== 'status') yield { ...plan, strategy: 'status' }
  if (plan.truth.resultLagMs) yield { ...plan, truth: { ...plan.truth, resultLagMs: 0 } }
  if (plan.truth.latencyMs) yield { ...plan, truth: { ...plan.truth, latencyMs: 0 } }
}

/** Parts of a plan, and of what the gateway makes of it, without which it is a plan as well. */
const OPTIONAL = ['olderAttempt', 'nap', 'authDown', 'tokenMs', 'dates', 'driver'] as const
const UNTRUTHS = [
  'rival',
  'laterTry',
  'forgottenAfterMs',
  'middle',
  'listLagMs',
  'becomes',
  'corrected',
  'errorShape',
] as const

const without = <T extends object>(items: T, key: string): T =>
  Object.fromEntries(Object.entries(items).filter(([each]) => each !== key)) as T
