/** The mode `proxy` of `npm run simulate`: plays the plans of seeds, and explains those that break a rule. */
import { count, createReport, type Report, rateOf } from '../report.ts'
import type { Violation } from '../world.ts'
import kept from './kept.json' with { type: 'json' }
import { drawProxyPlan, type ProxyPlan, smallerPlans } from './plan.ts'
import { playProxy } from './scenario.ts'
import type { ProxyWorld } from './world.ts'

export const playSeed = (seed: number): Promise<ProxyWorld> => playProxy(drawProxyPlan(seed), true)

/** Plays one scenario for each seed, until `most` of them have broken a rule. */
export async function simulate(seeds: Iterable<number>, from: number, most = 10): Promise<Report> {
  const report = createReport('proxy', from)
  const began = performance.now()
  for (const { plan } of kept) await judge(report, plan as ProxyPlan, await playProxy(plan as ProxyPlan))
  for (const seed of seeds) {
    if (report.violations.length >= most) break
    const plan = drawProxyPlan(seed)
    const world = await playProxy(plan)
    count(report, world)
    await judge(report, plan, world)
  }
  report.scenariosPerSecond = rateOf(report, began)
  return report
}

async function judge(report: Report, plan: ProxyPlan, { violation }: ProxyWorld): Promise<void> {
  if (violation) report.violations.push(await explain(plan, violation.rule))
}

/** The same scenario without all that the violation does not need, and what happened in it. */
async function explain(plan: ProxyPlan, rule: string): Promise<Violation> {
  const fails = async (candidate: ProxyPlan) => (await playProxy(candidate)).violation?.rule === rule
  let small = plan
  for (let shrunk = true; shrunk; ) {
    shrunk = false
    for (const candidate of smallerPlans(small)) {
      if (!(await fails(candidate))) continue
      small = candidate
      shrunk = true
      break
    }
  }
  const { lines } = await playProxy(small, true)
  return { seed: plan.seed, rule, trace: [JSON.stringify(small), ...lines] }
}
