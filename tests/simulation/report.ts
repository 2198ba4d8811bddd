/** What was played, and what came of it. */
import type { Violation } from './world.ts'

export interface Report {
  readonly mode: string
  readonly from: number
  /** How many scenarios were played in which something really went wrong. */
  scenarios: number
  /** How many were played in which, after all, nothing did. */
  faultless: number
  readonly faults: Record<string, number>
  readonly outcomes: Record<string, number>
  /** In how many scenarios each rule was checked, and nothing excused it. */
  readonly rules: Record<string, number>
  readonly violations: Violation[]
  scenariosPerSecond: number
}

export const createReport = (mode: string, from: number, rules: Iterable<string> = []): Report => ({
  mode,
  from,
  scenarios: 0,
  faultless: 0,
  faults: {},
  outcomes: {},
  rules: Object.fromEntries([...rules].map((rule) => [rule, 0])),
  violations: [],
  scenariosPerSecond: 0,
})

/** Adds one scenario. */
export function count(
  report: Report,
  {
    strikes,
    checked,
    outcomes,
  }: { strikes: ReadonlyMap<string, number>; checked: Iterable<string>; outcomes: string[] },
): void {
  if (strikes.size) report.scenarios += 1
  else report.faultless += 1
  for (const [kind, times] of strikes) report.faults[kind] = (report.faults[kind] ?? 0) + times
  for (const outcome of outcomes) report.outcomes[outcome] = (report.outcomes[outcome] ?? 0) + 1
  for (const rule of checked) report.rules[rule] = (report.rules[rule] ?? 0) + 1
}

export const rateOf = ({ scenarios, faultless }: Report, began: number): number =>
  Math.round(((scenarios + faultless) * 1000) / (performance.now() - began))

export function table(report: Report): string {
  const { mode, from, scenarios, faultless, faults, outcomes, rules, violations, scenariosPerSecond } = report
  const rows = (counts: Record<string, number>): string =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([kind, times]) => `  ${kind.padEnd(50)} ${String(times).padStart(9)}\n`)
      .join('')
  return [
    `${mode}, from seed ${from}: ${scenarios} scenarios with faults, ${faultless} without, ${scenariosPerSecond} a second\n`,
    `\nfaults that struck\n${rows(faults)}`,
    `\noutcomes\n${rows(outcomes)}`,
    `\nrules, and in how many scenarios each was on\n${rows(rules)}`,
    `\nviolations: ${violations.length}\n`,
    ...violations.map(
      ({ seed, rule, trace }) => `\nseed ${seed}: ${rule}\n${trace.map((line) => `  ${line}\n`).join('')}`,
    ),
  ].join('')
}
