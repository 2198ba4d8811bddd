/**
 * `npm run simulate -- --seeds N --from S --mode safety|liveness|proxy|tabs [--most M] [--json] [--seed K]`: payments by the
 * thousand, with everything going wrong, until M have broken a rule; in the mode `proxy` pages, processes of the proxy and
 * their store; in the mode `tabs` the tabs of a browser. A seed gives the same scenario, to the byte. `--seed K` plays one, with its trace. The scenarios that ever
 * failed are kept, and played first.
 */
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { drawPlan } from './draw.ts'
import type { Mode, Plan } from './plan.ts'
import { count, createReport, type Report, rateOf, table } from './report.ts'
import { ruleBook } from './rule-book.ts'
import { createScenario, type Scenario } from './scenario.ts'
import { shrink } from './shrink.ts'
import type { Violation } from './world.ts'

/** A scenario that broke a rule once, as small as it could be made: seeds mean something else when the draw changes. */
export interface Kept {
  readonly rule: string
  readonly found: string
  readonly plan: Plan
}

export const kept: readonly Kept[] = JSON.parse(readFileSync(new URL('kept.json', import.meta.url), 'utf8'))

/** Plays one scenario for each seed, until `most` of them have broken a rule. */
export async function simulate(seeds: Iterable<number>, mode: Mode, from: number, most = 10): Promise<Report> {
  const report = createReport(mode, from, Object.keys(ruleBook))
  for (const { plan } of kept) if (plan.mode === mode) await judge(report, await play(plan))
  const began = performance.now()
  for (const seed of seeds) {
    if (report.violations.length >= most) break
    const scenario = await play(drawPlan(seed, mode))
    const { world, outcome } = scenario
    count(report, { strikes: world.strikes, checked: world.checked, outcomes: [outcome()] })
    await judge(report, scenario)
  }
  report.scenariosPerSecond = rateOf(report, began)
  return report
}

async function judge(report: Report, { world, plan }: Scenario): Promise<void> {
  if (world.violation) report.violations.push(await explain(plan, world.violation.rule))
}

/** The same scenario without all that the violation does not need, and what happened in it. */
async function explain(plan: Plan, rule: string): Promise<Violation> {
  const small = await shrink(plan, async (candidate) => (await play(candidate)).world.violation?.rule === rule)
  const { world } = await play(small, true)
  return { seed: plan.seed, rule, trace: [JSON.stringify(small), ...world.lines] }
}

export async function play(plan: Plan, tracing = false): Promise<Scenario> {
  const scenario = createScenario(plan, tracing)
  while (scenario.step()) await turn()
  return scenario
}

const PlatformWeakRef = WeakRef

/** What is collected when must not decide what happens: a loop stays as long as its scenario, and nothing else does. */
class LoopRef<T extends object> {
  readonly #target: T
  constructor(target: T) {
    this.#target = target
    // biome-ignore lint/correctness/noConstructorReturn: the runtime makes weak references of its own by this name
    if (!('known' in target)) return new PlatformWeakRef(target) as never
  }
  deref(): T {
    return this.#target
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '10000' },
      from: { type: 'string', default: '1' },
      mode: { type: 'string', default: 'safety' },
      most: { type: 'string', default: '10' },
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  const { mode } = values
  const [seeds, from] = [Number(values.seeds), Number(values.from)]
  if (!/^(safety|liveness|proxy|tabs)$/.test(mode) || !(seeds > 0) || !Number.isSafeInteger(from))
    return complain('simulate: --seeds and --from take whole numbers, --mode takes safety, liveness, proxy or tabs')
  // Traces are half of what an error costs.
  if (values.seed === undefined) Error.stackTraceLimit = 0
  // Observers that throw are part of the play; so are promises nobody listens to, which must not be there.
  Object.assign(globalThis, { reportError: () => {}, WeakRef: LoopRef })
  let unhandled = 0
  process.on('unhandledRejection', (error) => {
    unhandled += 1
    process.stderr.write(`unhandled rejection: ${error instanceof Error ? error.stack : error}\n`)
  })
  const { playSeed, simulate: playAll } =
    mode === 'proxy'
      ? await import('./proxy/run.ts')
      : mode === 'tabs'
        ? await import('./tabs/run.ts')
        : ofCore(mode as Mode)
  if (values.seed !== undefined) {
    const { lines, violation } = await playSeed(Number(values.seed))
    process.stdout.write(`${lines.join('\n')}\n`)
    return violation ? 1 : 0
  }
  const report = await playAll(range(from, seeds), from, Number(values.most))
  report.rules['no unhandled rejection'] = report.scenarios + report.faultless
  if (unhandled) report.violations.push({ seed: from, rule: 'no unhandled rejection', trace: [`${unhandled} of them`] })
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : table(report))
  return report.violations.length ? 1 : 0
}

const ofCore = (mode: Mode) => ({
  async playSeed(seed: number) {
    const { world, outcome } = await play(drawPlan(seed, mode), true)
    return { lines: [...world.lines, `→ ${outcome()}`], violation: world.violation }
  },
  simulate: (seeds: Iterable<number>, from: number, most: number) => simulate(seeds, mode, from, most),
})

function* range(from: number, count: number): Iterable<number> {
  for (let seed = from; seed < from + count; seed++) yield seed
}

function complain(message: string): number {
  process.stderr.write(`${message}\n`)
  return 2
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) process.exitCode = await main()
