/**
 * The least mean delay between completion and notice that any schedule can have which knows the distribution and asks as
 * often on average: the optimal inspection schedule, found on a grid and not by its asymptotic density ∝ √hazard.
 *
 * A question at `t` after one at `s` costs `price · P(T > s)`, and the tasks that are done between the two wait for it:
 * `V(s) = price · P(T > s) + min over t > s of (∫ (t − x) dF(x) from s to t + V(t))`. Under the minimum stands a line in
 * P(T > s) for every t, so that their lower envelope gives all of it in one pass from the right.
 */
import type { CompletionTimes } from './completion-times.ts'

/** The grid has this many points between two questions of the asymptotic optimum, and is never coarser than `COARSEST`. */
const FINENESS = 12
const COARSEST = 0.02
const FIRST_MS = 20
const LAST_MS = 7 * 24 * 60 * 60_000
/** Prices that are tried, in milliseconds of delay per question, are a factor of this apart, as a logarithm. */
const PRECISION = 0.05
const STRIDE = 16

/** `optimum(model)(polls)` is that delay in milliseconds, at this mean number of questions. Chance may mix two schedules. */
export function optimum(model: CompletionTimes): (polls: number) => number {
  const costs = new Map<number, number>()
  const cost = (step: number): number => {
    const known = costs.get(step) ?? leastCost(model, Math.exp(step * PRECISION))
    costs.set(step, known)
    return known
  }
  return (polls) => {
    // The dual of "least delay at so many questions": concave in the price, so that halving finds its maximum.
    const gain = (step: number): number => cost(step) - Math.exp(step * PRECISION) * polls
    // From above, since low prices make fine grids.
    let low = Math.ceil(Math.log(1e7) / PRECISION)
    while (gain(low - STRIDE) > gain(low)) low -= STRIDE
    let high = low + STRIDE
    low -= STRIDE
    while (low < high) {
      const middle = (low + high) >> 1
      if (gain(middle) < gain(middle + 1)) low = middle + 1
      else high = middle
    }
    return gain(low)
  }
}

/** The least mean of `delay + price · questions`. */
function leastCost(model: CompletionTimes, price: number): number {
  const times = grid(model, price)
  const lines: Line[] = []
  let value = 0
  for (const ms of times.reverse()) {
    const [left, leftMean] = [model.left(ms), model.leftMean(ms)]
    if (lines.length) value = price * left - leftMean + lowest(lines, left)
    add(lines, { slope: ms, base: value - ms * left + leftMean })
  }
  return value
}

function grid(model: CompletionTimes, price: number): number[] {
  const times = [0]
  for (let ms = FIRST_MS; ms < LAST_MS; ) {
    times.push(ms)
    const coarse = ms * COARSEST
    const left = model.left(ms)
    const hazard = (1 - model.left(ms + coarse) / left) / coarse
    // Where few are left, little is to be gained by precision.
    const fine = Math.sqrt((2 * price) / hazard) / FINENESS / left ** 0.25
    ms += left > 1e-7 ? Math.min(coarse, fine) : coarse
  }
  return times
}

/** `base + slope · x` */
interface Line {
  readonly slope: number
  readonly base: number
}

const at = ({ slope, base }: Line, x: number): number => base + slope * x

const meeting = (one: Line, other: Line): number => (other.base - one.base) / (one.slope - other.slope)

/** Adds to the lower envelope a line that is flatter than all before it, and so the lowest for large `x`. */
function add(lines: Line[], line: Line): void {
  for (;;) {
    const [before, top] = [lines.at(-2), lines.at(-1)]
    // The top one is lowest between where it meets the one before and where it meets the new one, if that is anywhere.
    if (!before || !top || meeting(before, top) < meeting(top, line)) break
    lines.pop()
  }
  lines.push(line)
}

function lowest(lines: readonly Line[], x: number): number {
  let [low, high] = [0, lines.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (at(lines[middle] as Line, x) <= at(lines[middle + 1] as Line, x)) high = middle
    else low = middle + 1
  }
  return at(lines[low] as Line, x)
}
