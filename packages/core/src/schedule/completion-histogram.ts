/**
 * How long tasks took, as counts in a fixed number of bins that widen with the time. What is observed of a task is only
 * that it was done between two questions, so its count is spread between them as the counts so far, over a prior, make
 * likely: a step of the EM algorithm for interval-censored times. Newer counts are worth more, and all are forgotten when
 * what comes is nothing that they expect.
 */

export interface CompletionHistogram {
  /** Tasks per bin, the older ones discounted. */
  readonly counts: readonly number[]
  /** How many tasks they are worth. */
  readonly total: number
  /** Evidence of late that the counts no longer hold: a cumulative sum of log-likelihood ratios (CUSUM), prior over counts. */
  readonly doubt: number
}

/** Bins per doubling of the time, from `FIRST_MS` to 24 hours. The first begins at 0, and the last never ends. */
const PER_DOUBLING = 8
const FIRST_MS = 250
const BINS = 149

/** Of about so many tasks the counts tell. */
const MEMORY = 500
/** The prior counts for so many tasks: it keeps asking, now and then, where nothing ever happened. */
const PRIOR_WEIGHT = 3
/** The logarithm of the odds against the counts at which they are forgotten. */
const TOO_DOUBTFUL = 7

/** Where a bin begins, in milliseconds. */
export const edgeOf = (bin: number): number =>
  bin === 0 ? 0 : bin < BINS ? FIRST_MS * 2 ** ((bin - 1) / PER_DOUBLING) : Number.POSITIVE_INFINITY

/** The bin of a time, and how far in it, as one number. */
const placeOf = (ms: number): number =>
  ms < FIRST_MS ? ms / FIRST_MS : Math.min(BINS, 1 + PER_DOUBLING * Math.log2(ms / FIRST_MS))

/** Before anything is known, the share that is left falls with the root of the time: the hazard for which gaps ∝ √t are best. */
const priorLeft = (ms: number): number => Math.sqrt(5000 / (5000 + ms))

const perBin = (of: (bin: number) => number): number[] => new Array(BINS).fill(0).map((_, bin) => of(bin))

const priorOf = (bin: number): number => priorLeft(edgeOf(bin)) - priorLeft(edgeOf(bin + 1))

export const emptyHistogram = (): CompletionHistogram => ({ counts: perBin(() => 0), total: 0, doubt: 0 })

/** The share of tasks in each bin. None is zero. */
export function sharesOf({ counts, total }: CompletionHistogram): number[] {
  const smooth = smoothed(counts, total)
  return perBin((bin) => ((smooth[bin] as number) + PRIOR_WEIGHT * priorOf(bin)) / (total + PRIOR_WEIGHT))
}

/** With one task more: it was done later than `afterMs`, and by `byMs`, or nobody knows when if that is `Infinity`. */
export function withCompletion(histogram: CompletionHistogram, afterMs: number, byMs: number): CompletionHistogram {
  const [from, to] = [placeOf(afterMs), Math.max(placeOf(afterMs) + 1e-3, placeOf(byMs))]
  const part = (bin: number): number => Math.max(0, Math.min(bin + 1, to) - Math.max(bin, from))
  const shares = sharesOf(histogram)
  const likely = perBin((bin) => (shares[bin] as number) * part(bin))
  const expected = sum(likely)
  if (!(expected > 0)) return histogram
  const ratio = sum(perBin((bin) => priorOf(bin) * part(bin))) / expected
  const doubt = Math.max(0, histogram.doubt + Math.log(ratio))
  const kept = doubt > TOO_DOUBTFUL ? emptyHistogram() : { ...histogram, doubt }
  const discount = 1 - 1 / MEMORY
  return {
    counts: perBin((bin) => (kept.counts[bin] as number) * discount + (likely[bin] as number) / expected),
    total: kept.total * discount + 1,
    doubt: kept.doubt,
  }
}

/** What was stored. Throws for what cannot have been. */
export function parseHistogram(stored: unknown): CompletionHistogram {
  const { v, counts, doubt } = (typeof stored === 'string' ? JSON.parse(stored) : stored) as Record<string, unknown>
  const isCount = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= MEMORY
  if (v !== 1 || !Array.isArray(counts) || counts.length !== BINS || !counts.every(isCount) || !isCount(doubt))
    throw new TypeError('Not a histogram of this version')
  return { counts, total: sum(counts), doubt }
}

/** In a form to store: about 1 kB, whatever was observed. */
export const serialiseHistogram = ({ counts, doubt }: CompletionHistogram): string =>
  JSON.stringify({ v: 1, counts: counts.map(rounded), doubt: rounded(doubt) })

const rounded = (value: number): number => Math.round(value * 1000) / 1000

/** By a normal kernel, as wide as Silverman's rule says: the wider, the fewer the counts are and the farther apart. */
function smoothed(counts: readonly number[], total: number): readonly number[] {
  if (!total) return counts
  const scatter = (quantile(counts, 0.75 * total) - quantile(counts, 0.25 * total)) / 1.34
  const width = Math.max(0.5, 0.9 * scatter * total ** -0.2)
  const reach = Math.ceil(3 * width)
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, at) => Math.exp(-((at - reach) ** 2) / (2 * width ** 2)))
  const whole = sum(kernel)
  const result = perBin(() => 0)
  counts.forEach((count, bin) => {
    kernel.forEach((weight, at) => {
      // What would fall off an end stays there.
      const to = Math.min(BINS - 1, Math.max(0, bin + at - reach))
      result[to] = (result[to] as number) + (count * weight) / whole
    })
  })
  return result
}

/** The place up to which the counts make up `wanted`. */
function quantile(counts: readonly number[], wanted: number): number {
  let left = wanted
  for (const [bin, count] of counts.entries()) {
    if (count > left) return bin + left / count
    left -= count
  }
  return counts.length
}

function sum(values: readonly number[]): number {
  let total = 0
  for (const value of values) total += value
  return total
}
