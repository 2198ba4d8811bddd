/** A mode of `npm run simulate` in simulated time: plays the plans of seeds, and explains those that break a rule. */
import type { ProxyWorld } from './proxy/world.ts'
import { count, createReport, type Report, rateOf } from './report.ts'
import type { Violation } from './world.ts'

export interface SimulatedMode<P> {
  readonly name: string
  /** Plans that broke a rule once: played first. */
  readonly kept: readonly { readonly plan: unknown }[]
  readonly draw: (seed: number) => P
  readonly play: (plan: P, tracing?: boolean) => Promise<ProxyWorld>
  /** The same plan with one thing less in it, each in turn. */
  readonly smaller: (plan: P) => Iterable<P>
}

export interface Simulation {
  playSeed(seed: number): Promise<ProxyWorld>
  /** Plays one scenario for each seed, until `most` of them have broken a rule. */
  simulate(seeds: Iterable<number>, from: number, most?: number): Promise<Report>
}

export function createSimulation<P extends { readonly seed: number }>(mode: SimulatedMode<P>): Simulation {
  const { name, kept, draw, play, smaller } = mode

  return {
    playSeed: (seed) => play(draw(seed), true),
    async simulate(seeds, from, most = 10) {
      const report = createReport(name, from)
      const began = performance.now()
      for (const { plan } of kept) await judge(report, plan as P, await play(plan as P))
      for (const seed of seeds) {
        if (report.violations.length >= most) break
        const plan = draw(seed)
        const world = await play(plan)
        count(report, world)
        await judge(report, plan, world)
      }
      report.scenariosPerSecond = rateOf(report, began)
      return report
    },
  }

  async function judge(report: Report, plan: P, { violation }: ProxyWorld): Promise<void> {
    if (violation) report.violations.push(await explain(plan, violation.rule))
  }

  /** The same scenario without all that the violation does not need, and what happened in it. */
  async function explain(plan: P, rule: string): Promise<Violation> {
    let small = plan
    for (let shrunk = true; shrunk; ) {
      shrunk = false
      for (const candidate of smaller(small)) {
        if ((await play(candidate)).violation?.rule !== rule) continue
        small = candidate
        shrunk = true
        break
      }
    }
    const { lines } = await play(small, true)
    return { seed: plan.seed, rule, trace: [JSON.stringify(small), ...lines] }
  }
}
