/**
 * Where the constants of `sqrtSchedule` come from: every combination on every model, the mean delay over the optimum's at as
 * many questions, and the herd. `node bench/sweep-sqrt.ts` prints the table of decision 60; it takes half a minute.
 */
import { type Schedule, sqrtSchedule } from '@async-transaction/core'
import { createRandom } from '../tests/simulation/random.ts'
import { frictionless, models } from './completion-times.ts'
import { herd } from './herd.ts'
import { measure } from './measure-schedule.ts'
import { optimum } from './optimum.ts'

const optima = models.map((model) => optimum(model))

/** The first wait is spread by `spread`; the schedule's own is 0.5. */
const candidate = (firstMs: number, gapMs: number, maxMs: number, spread: number): Schedule => {
  const schedule = sqrtSchedule({ firstMs, gapMs, maxMs })
  return (input) => (input.polls ? schedule(input) : firstMs * (1 - spread + 2 * spread * input.random()))
}

const rows: Record<string, string | number>[] = []
const add = (firstMs: number, gapMs: number, maxMs: number, spread: number): void => {
  const schedule = candidate(firstMs, gapMs, maxMs, spread)
  const row: Record<string, string | number> = { firstMs, gapMs, maxMs, spread }
  let sum = 0
  for (const [index, model] of models.entries()) {
    const { polls, delayMs } = measure(schedule, model, createRandom(1), 100)
    const ratio = delayMs / (optima[index]?.(polls) ?? Number.NaN)
    sum += ratio / models.length
    row[model.name] = `${ratio.toFixed(2)} (${polls.toFixed(1)}, ${(delayMs / 1000).toFixed(2)} s)`
  }
  rows.push({ ...row, mean: sum.toFixed(3), herd: herd(schedule, frictionless).toAll.toFixed(2) })
}

for (const firstMs of [2000, 3000, 3500, 4000, 4500])
  for (const gapMs of [400, 500, 600, 800]) add(firstMs, gapMs, 30_000, 0.5)
for (const spread of [0.2, 0.3, 0.4]) add(4000, 500, 30_000, spread)
add(3000, 600, 30_000, 0.2)
for (const maxMs of [10_000, 60_000]) add(4000, 500, maxMs, 0.5)
console.table(rows)
