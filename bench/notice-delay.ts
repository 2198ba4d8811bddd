/**
 * How long a task that is done waits for the question that notices it: the mean over each model of completion times, over
 * the least that any schedule can have that asks as often. Nothing is sent, and chance is seeded: the same figures anywhere.
 * `node bench/notice-delay.ts` prints the tables, and fails when a target does not hold.
 */
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import {
  adaptiveSchedule,
  exponentialSchedule,
  fixedSchedule,
  type Schedule,
  sqrtSchedule,
} from '@async-transaction/core'
import { createRandom, type Random } from '../tests/simulation/random.ts'
import { type CompletionTimes, models } from './completion-times.ts'
import { type Measured, measure, TYPE } from './measure-schedule.ts'
import { optimum } from './optimum.ts'

export interface NoticeDelay {
  readonly schedule: string
  readonly model: string
  /** Questions per task. */
  readonly polls: number
  readonly delayMs: number
  /** `delayMs` over the optimum's at as many questions. */
  readonly ratio: number
}

export interface Learning extends NoticeDelay {
  /** How many tasks it had seen. */
  readonly observations: number
  /** `ratio` over that of the default schedule. */
  readonly toDefault: number
}

/** After a shift, the mean over so many tasks. */
const WINDOW = 300
/** Every so many tasks it is measured. */
const STEP = 5
const LEARNED = 1000

const optima = new Map<CompletionTimes, (polls: number) => number>()

function toOptimum(model: CompletionTimes, { polls, delayMs }: Measured): number {
  const best = optima.get(model) ?? optimum(model)
  optima.set(model, best)
  return delayMs / best(polls)
}

/** What others do, without jitter unless it is theirs. */
const others: Readonly<Record<string, Schedule>> = {
  'every 2 s': () => 2000,
  'every 500 ms': () => 500,
  'backoff × 1.5 from 1 s to 30 s': ({ polls }) => Math.min(30_000, 1000 * 1.5 ** polls),
  'backoff × 2 from 1 s to 30 s': ({ polls }) => Math.min(30_000, 1000 * 2 ** polls),
  "smithy's waiter, 2 s to 120 s": ({ polls, random }) =>
    2000 + random() * (Math.min(120_000, 2000 * 2 ** polls) - 2000),
  'two steps: 2 s, after a minute 10 s': ({ elapsedMs }) => (elapsedMs < 60_000 ? 2000 : 10_000),
}

const ours: Readonly<Record<string, () => Schedule>> = {
  sqrtSchedule: () => sqrtSchedule(),
  'exponentialSchedule, defaults': () => exponentialSchedule(),
  'fixedSchedule, 2 s': () => fixedSchedule({ intervalMs: 2000 }),
}

/** Every schedule on every model; `samples` is how many sequences of questions are averaged. */
export async function noticeDelay({ samples = 100 }: { samples?: number } = {}): Promise<NoticeDelay[]> {
  const rows: NoticeDelay[] = []
  for (const model of models) {
    const row = (schedule: string, measured: Measured): void => {
      rows.push({ schedule, model: model.name, ...measured, ratio: toOptimum(model, measured) })
    }
    for (const [name, make] of Object.entries(ours)) row(name, measure(make(), model, createRandom(1), samples))
    row(`adaptiveSchedule, after ${LEARNED}`, await learned(model, LEARNED, samples))
    for (const [name, schedule] of Object.entries(others))
      row(
        name,
        measure(schedule, model, createRandom(1), schedule === others["smithy's waiter, 2 s to 120 s"] ? samples : 1),
      )
  }
  return rows
}

/** The adaptive schedule, when it has seen so many tasks: the mean over five that learned for themselves. */
async function learned(model: CompletionTimes, tasks: number, samples: number): Promise<Measured> {
  const all: Measured[] = []
  for (let run = 0; run < 5; run++) {
    const schedule = adaptiveSchedule()
    await teach(schedule, model, tasks, createRandom(run))
    all.push(measure(schedule, model, createRandom(run), 2 * samples))
  }
  return means(all)
}

const means = (all: readonly Measured[]): Measured => ({
  polls: all.reduce((sum, { polls }) => sum + polls, 0) / all.length,
  delayMs: all.reduce((sum, { delayMs }) => sum + delayMs, 0) / all.length,
})

/** The adaptive schedule while it learns, over some `runs`. */
export async function learningCurve({
  samples = 30,
  runs = 5,
}: {
  samples?: number
  runs?: number
} = {}): Promise<Learning[]> {
  const rows: Learning[] = []
  for (const model of models) {
    const byDefault = toOptimum(model, measure(sqrtSchedule(), model, createRandom(1), samples))
    const schedules = Array.from({ length: runs }, (_, run) => ({
      schedule: adaptiveSchedule(),
      random: createRandom(run),
    }))
    let seen = 0
    for (const observations of [0, 10, 30, 50, 100, 200, 500, 1000, 2000]) {
      const all: Measured[] = []
      for (const { schedule, random } of schedules) {
        await teach(schedule, model, observations - seen, random)
        all.push(measure(schedule, model, createRandom(1), samples))
      }
      const { polls, delayMs } = means(all)
      seen = observations
      const ratio = toOptimum(model, { polls, delayMs })
      rows.push({
        schedule: 'adaptiveSchedule',
        model: model.name,
        observations,
        polls,
        delayMs,
        ratio,
        toDefault: ratio / byDefault,
      })
    }
  }
  return rows
}

/** The mean over the first `WINDOW` tasks of another distribution, after `LEARNED` of the one before. */
export async function shifts({ runs = 5 }: { runs?: number } = {}): Promise<(NoticeDelay & { from: string })[]> {
  const rows: (NoticeDelay & { from: string })[] = []
  for (const from of models)
    for (const model of models) {
      if (from === model) continue
      const all: Measured[] = []
      for (let run = 0; run < runs; run++) {
        const random = createRandom(run)
        const schedule = adaptiveSchedule()
        await teach(schedule, from, LEARNED, random)
        for (let task = 0; task < WINDOW; task += STEP) {
          all.push(measure(schedule, model, random, 1))
          await teach(schedule, model, STEP, random)
        }
      }
      const { polls, delayMs } = means(all)
      const ratio = toOptimum(model, { polls, delayMs })
      rows.push({ schedule: 'adaptiveSchedule', from: from.name, model: model.name, polls, delayMs, ratio })
    }
  return rows
}

/** Plays `tasks` with the schedule's own questions, from which it learns. */
export async function teach(schedule: Schedule, model: CompletionTimes, tasks: number, random: Random): Promise<void> {
  for (let task = 0; task < tasks; task++) {
    const doneMs = model.sample(random)
    let [afterMs, byMs] = [0, 0]
    for (let polls = 0; byMs < doneMs; polls++) {
      afterMs = byMs
      byMs += schedule({ polls, elapsedMs: byMs, random: random.next, type: TYPE })
    }
    await schedule.observe?.({ type: TYPE, afterMs, byMs })
  }
}

/** The mean ratio over the models. */
const meanOf = (rows: readonly NoticeDelay[], name: string): number => {
  const ratios = rows.filter(({ schedule }) => schedule === name).map(({ ratio }) => ratio)
  return ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length
}

/** The targets, and whether they hold. */
export function targets(
  rows: readonly NoticeDelay[],
  curve: readonly Learning[],
  shifted: readonly NoticeDelay[],
): { readonly target: string; readonly most: number; readonly measured: number; readonly holds: boolean }[] {
  const learned = curve.filter(({ observations }) => observations === LEARNED)
  const all: [string, number, number][] = [
    ['sqrtSchedule, mean over the models', 1.3, meanOf(rows, 'sqrtSchedule')],
    [`adaptiveSchedule, worst model after ${LEARNED}`, 1.1, Math.max(...learned.map(({ ratio }) => ratio))],
    ['adaptiveSchedule to the default, worst', 1.05, Math.max(...curve.map(({ toDefault }) => toDefault))],
    [`adaptiveSchedule, worst shift, ${WINDOW} tasks after it`, 1.3, Math.max(...shifted.map(({ ratio }) => ratio))],
  ]
  return all.map(([target, most, measured]) => ({ target, most, measured, holds: measured <= most }))
}

async function print(): Promise<void> {
  const rows = await noticeDelay()
  const table = new Map<string, Record<string, string>>()
  for (const { schedule, model, polls, delayMs, ratio } of rows)
    table.set(schedule, {
      ...table.get(schedule),
      [model]: `${ratio.toFixed(2)} (${polls.toFixed(1)}, ${(delayMs / 1000).toFixed(2)} s)`,
    })
  for (const [name, row] of table) row['mean ratio'] = meanOf(rows, name).toFixed(2)
  console.log('Delay over the optimum (questions per task, mean delay)')
  console.table(Object.fromEntries(table))
  const curve = await learningCurve()
  console.log('adaptiveSchedule: delay over the optimum, and over the default, after so many tasks')
  const learning: Record<string, Record<string, string>> = {}
  for (const { model, observations, ratio, toDefault } of curve)
    learning[observations] = { ...learning[observations], [model]: `${ratio.toFixed(2)}, ${toDefault.toFixed(2)}` }
  console.table(learning)
  const shifted = await shifts()
  console.log(`adaptiveSchedule: the first ${WINDOW} tasks after a shift`)
  console.table(shifted.map(({ from, model, ratio }) => ({ from, to: model, ratio: ratio.toFixed(2) })))
  const held = targets(rows, curve, shifted)
  console.table(held.map((each) => ({ ...each, measured: each.measured.toFixed(3) })))
  if (held.some(({ holds }) => !holds)) process.exitCode = 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await print()
