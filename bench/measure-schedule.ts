/** What a schedule costs and brings on a model: how often it asks per task, and how long a task that is done waits for it. */
import type { Schedule } from '@async-transaction/core'
import type { Random } from '../tests/simulation/random.ts'
import type { CompletionTimes } from './completion-times.ts'

export interface Measured {
  /** The mean number of questions per task. */
  readonly polls: number
  /** The mean time from completion to notice, in milliseconds. */
  readonly delayMs: number
}

/** What all are of: a schedule that learns knows tasks by their type. */
export const TYPE = 'payments'

/** When fewer tasks than this share are left, a sequence of questions is not followed on. */
const REST = 1e-6

/**
 * Of each sequence of questions that chance gives, the expectation over the model is exact; `sequences` of them are averaged.
 * An exchange takes no time here, and with the status step the result is fetched at once.
 */
export function measure(schedule: Schedule, model: CompletionTimes, random: Random, sequences: number): Measured {
  let polls = 0
  let delayMs = 0
  for (let sequence = 0; sequence < sequences; sequence++) {
    let at = 0
    let [left, leftMean] = [model.left(0), model.leftMean(0)]
    for (let asked = 0; left > REST; asked++) {
      polls += left
      at += schedule({ polls: asked, elapsedMs: at, random: random.next, type: TYPE })
      const [leftNow, leftMeanNow] = [model.left(at), model.leftMean(at)]
      delayMs += at * (left - leftNow) - (leftMean - leftMeanNow)
      left = leftNow
      leftMean = leftMeanNow
    }
  }
  return { polls: polls / sequences, delayMs: delayMs / sequences }
}
