/**
 * How long a task that is done waits for the question that notices it: the mean over each model of completion times, over
 * the least that any schedule can have that asks as often. Nothing is sent, and chance is seeded: the same figures anywhere.
 */
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

export interface Shift extends NoticeDelay {
  /** The model it had learned before. */
  readonly from: string
}

/** After a shift, the mean over so many tasks. */
export const WINDOW = 300
/** Every so many tasks it is measured. */
const STEP = 5
export const LEARNED = 1000

const optima = new Map<CompletionTimes, (polls: number) => number>()

function toOptimum(model: CompletionTimes, { polls, delayMs }: Measured): number {
  const best = optima.get(model) ?? optimum(model)
  optima.set(model, best)
  return delayMs / best(polls)
}

/** What others do. Nothing in it is drawn: there is one sequence of questions. */
const steady: Readonly<Record<string, Schedule>> = {
  'every 2 s': () => 2000,
  'every 500 ms': () => 500,
  'backoff × 1.5 from 1 s to 30 s': ({ polls }) => Math.min(30_000, 1000 * 1.5 ** polls),
  'backoff × 2 from 1 s to 30 s': ({ polls }) => Math.min(30_000, 1000 * 2 ** polls),
  'two steps: 2 s, after a minute 10 s': ({ elapsedMs }) => (elapsedMs < 60_000 ? 2000 : 10_000),
}

const jittered: Readonly<Record<string, Schedule>> = {
  sqrtSchedule: sqrtSchedule(),
  'exponentialSchedule, defaults': exponentialSchedule(),
  'fixedSchedule, 2 s': fixedSchedule({ intervalMs: 2000 }),
  "smithy's waiter, 2 s to 120 s": ({ polls, random }) =>
    2000 + random() * (Math.min(120_000, 2000 * 2 ** polls) - 2000),
}

/** Every schedule that learns nothing, on every model; `sequences` of questions are averaged where they are drawn. */
export function noticeDelay(sequences = 100): NoticeDelay[] {
  const rows = (schedules: Readonly<Record<string, Schedule>>, model: CompletionTimes, samples: number) =>
    Object.entries(schedules).map(([schedule, each]) => {
      const measured = measure(each, model, createRandom(1), samples)
      return { schedule, model: model.name, ...measured, ratio: toOptimum(model, measured) }
    })
  return models.flatMap((model) => [...rows(jittered, model, sequences), ...rows(steady, model, 1)])
}

const means = (all: readonly Measured[]): Measured => ({
  polls: all.reduce((sum, { polls }) => sum + polls, 0) / all.length,
  delayMs: all.reduce((sum, { delayMs }) => sum + delayMs, 0) / all.length,
})

/** The adaptive schedule while it learns: the mean over some `runs` that learn for themselves. */
export async function learningCurve(samples = 30, runs = 5): Promise<Learning[]> {
  const rows: Learning[] = []
  for (const model of models) {
    const byDefault = toOptimum(model, measure(sqrtSchedule(), model, createRandom(1), samples))
    const schedules = Array.from({ length: runs }, (_, run) => ({
      schedule: adaptiveSchedule(),
      random: createRandom(run),
    }))
    let seen = 0
    for (const observations of [0, 10, 30, 50, 100, 200, 500, LEARNED]) {
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
export async function shifts(runs = 3): Promise<Shift[]> {
  const rows: Shift[] = []
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
