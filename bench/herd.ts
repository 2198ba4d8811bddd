/**
 * Ten thousand clients whose tasks were taken in the same instant: how many ask in the busiest tenth of a second, over the
 * mean.
 *
 * The mean is over the time from 5 % to 95 % of all questions, so that neither the wait before the first nor the last few
 * tasks count. That is for tasks which take about as long, as after an outage. Where they take from seconds to hours, questions
 * become rarer by themselves, and the mean of all of them says nothing about a herd: there, and where no task ends, it is the
 * mean of the two seconds around.
 */
import {
  adaptiveSchedule,
  exponentialSchedule,
  fixedSchedule,
  type Schedule,
  sqrtSchedule,
} from '@async-transaction/core'
import { createRandom } from '../tests/simulation/random.ts'
import { type CompletionTimes, frictionless, models } from './completion-times.ts'
import { TYPE } from './measure-schedule.ts'
import { teach } from './notice-delay.ts'

export interface Herd {
  readonly schedule: string
  readonly model: string
  /** Questions in the busiest tenth of a second. */
  readonly peak: number
  /** Over the mean of the time from 5 % to 95 % of all questions. */
  readonly toAll: number
  /** The most over the mean of the two seconds around. */
  readonly toAround: number
}

export const CLIENTS = 10_000
const BIN_MS = 100
const AROUND = 10
const END_MS = 60 * 60_000

/** No task is done within the hour. */
const stuck: Pick<CompletionTimes, 'name' | 'sample'> = { name: 'none is done', sample: () => END_MS }

export async function herds(): Promise<Herd[]> {
  const rows: Herd[] = []
  for (const model of [...models, stuck]) {
    const learned = adaptiveSchedule()
    await teach(learned, model === stuck ? frictionless : (model as CompletionTimes), 1000, createRandom(1))
    const schedules: [string, Schedule][] = [
      ['sqrtSchedule', sqrtSchedule()],
      ['adaptiveSchedule, after 1000', learned],
      ['fixedSchedule, 2 s', fixedSchedule({ intervalMs: 2000 })],
      ['exponentialSchedule, defaults', exponentialSchedule()],
    ]
    for (const [name, schedule] of schedules) rows.push({ schedule: name, model: model.name, ...herd(schedule, model) })
  }
  return rows
}

export function herd(schedule: Schedule, model: Pick<CompletionTimes, 'sample'>): Omit<Herd, 'schedule' | 'model'> {
  const random = createRandom(1)
  const bins: number[] = []
  let questions = 0
  for (let client = 0; client < CLIENTS; client++) {
    const doneMs = Math.min(END_MS, model.sample(random))
    let atMs = 0
    for (let polls = 0; atMs < doneMs; polls++) {
      atMs += schedule({ polls, elapsedMs: atMs, random: random.next, type: TYPE })
      const bin = Math.floor(atMs / BIN_MS)
      bins[bin] = (bins[bin] ?? 0) + 1
      questions += 1
    }
  }
  const counts = Array.from(bins, (count) => count ?? 0)
  const peak = counts.reduce((most, count) => Math.max(most, count), 0)
  const after = (share: number): number => {
    let seen = 0
    return counts.findIndex((count) => {
      seen += count
      return seen >= share * questions
    })
  }
  const middle = counts.slice(after(0.05), after(0.95) + 1)
  // What ten clients do in a second is no herd.
  const busy = counts.map((count, bin) =>
    count >= peak / 4 ? count / mean(counts.slice(Math.max(0, bin - AROUND), bin + AROUND + 1)) : 0,
  )
  return { peak, toAll: peak / mean(middle), toAround: busy.reduce((most, each) => Math.max(most, each), 0) }
}

const mean = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0) / counts.length
