/**
 * When to ask, if it is known how long tasks take. Of all schedules that ask as often, the one whose questions have a
 * density ∝ √hazard hears soonest. So the plan is a measure along which questions are equally far apart: ∫ √hazard dt.
 */
import { edgeOf } from './completion-histogram.ts'
import type { Estimate } from './schedule.ts'

/** The earliest first question, in gaps: the first few are asked later than the density says, which holds for many. */
export const FIRST_GAPS = 0.6

export interface CompletionPlan {
  /** The share of tasks that take longer. */
  left(ms: number): number
  /** Milliseconds from `elapsedMs` to the next question, if there are to be `polls` per task; `gaps` of the usual distance on. */
  delay(elapsedMs: number, polls: number, gaps: number): number
  estimate(elapsedMs: number): Estimate
}

/** `shares` are those of the bins of a histogram. */
export function completionPlan(shares: readonly number[]): CompletionPlan {
  const times = shares.map((_, bin) => edgeOf(bin))
  const lefts: number[] = []
  const measures: number[] = []
  let left = 1
  let measure = 0
  // What one gap of the measure costs and brings does not depend on how many there are.
  let asked = 0
  for (const [bin, share] of shares.entries()) {
    lefts.push(left)
    measures.push(measure)
    const next = left - share
    if (bin === shares.length - 1) break
    const widthMs = edgeOf(bin + 1) - edgeOf(bin)
    const growth = Math.sqrt(Math.log(left / next) * widthMs)
    asked += (growth * (left + next)) / 2
    measure += growth
    left = next
  }
  const leftAt = (ms: number): number => Math.max(Number.EPSILON, between(times, lefts, ms))
  return {
    left: leftAt,
    delay(elapsedMs, polls, gaps) {
      // Asked of tasks that are not done: the first, of all of them, and then those after it, one in each gap.
      const gap = asked / Math.max(FIRST_GAPS, polls - 1 + FIRST_GAPS)
      return between(measures, times, between(times, measures, elapsedMs) + gaps * gap) - elapsedMs
    },
    estimate(elapsedMs) {
      const now = leftAt(elapsedMs)
      const half = between(
        lefts.map((each) => -each),
        times,
        -now / 2,
      )
      return { progress: 1 - now, expectedMs: Math.max(0, half - elapsedMs) }
    },
  }
}

/** `y` at `x`, on the line through the points of two series of which `xs` rises. Beyond them it goes on as it ended. */
function between(xs: readonly number[], ys: readonly number[], x: number): number {
  let [low, high] = [0, xs.length - 2]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((xs[middle] as number) <= x) low = middle
    else high = middle - 1
  }
  const [x0, x1, y0, y1] = [xs[low], xs[low + 1], ys[low], ys[low + 1]] as [number, number, number, number]
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0)
}
