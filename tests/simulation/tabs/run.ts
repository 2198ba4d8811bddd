/** The mode `tabs` of `npm run simulate`: plays the plans of seeds, and explains those that break a rule. */

import type { ProxyWorld } from '../proxy/world.ts'
import { count, createReport, type Report, rateOf } from '../report.ts'
import type { Violation } from '../world.ts'
import kept from './kept.json' with { type: 'json' }
import { drawTabsPlan, smallerPlans, type TabsPlan } from './plan.ts'
import { playTabs } from './scenario.ts'

export const playSeed = (seed: number): Promise<ProxyWorld> => playTabs(drawTabsPlan(seed), true)

/** Plays one scenario for each seed, until `most` of them have broken a rule. */
export async function simulate(seeds: Iterable<number>, from: number, most = 10): Promise<Report> {
  const report = createReport('tabs', from)
  const began = performance.now()
  for (const { plan } of kept) await judge(report, plan as TabsPlan, await playTabs(plan as TabsPlan))
  for (const seed of seeds) {
    if (report.violations.length >= most) break
    const plan = drawTabsPlan(seed)
    const world = await playTabs(plan)
    count(report, world)
    await judge(report, plan, world)
  }
  report.scenariosPerSecond = rateOf(report, began)
  return report
}

async function judge(report: Report, plan: TabsPlan, { violation }: ProxyWorld): Promise<void> {
  if (violation) report.violations.push(await explain(plan, violation.rule))
}

/** The same scenario without all that the violation does not need, and what happened in it. */
async function explain(plan: TabsPlan, rule: string): Promise<Violation> {
  const fails = async (candidate: TabsPlan) => (await playTabs(candidate)).violation?.rule === rule
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
  const { lines } = await playTabs(small, true)
  return { seed: plan.seed, rule, trace: [JSON.stringify(small), ...lines] }
}
