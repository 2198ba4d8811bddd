/** What several rounds of a measurement came to. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (index: number): number => sorted[index] ?? Number.NaN
  const half = (sorted.length - 1) / 2
  return {
    median: (at(Math.floor(half)) + at(Math.ceil(half))) / 2,
    min: at(0),
    max: at(sorted.length - 1),
  }
}

/** Of each round's value over the reference's of the same round: what else the machine did then, it did to both. */
export const ratioOf = (values: readonly number[], reference: readonly number[]): Spread =>
  spreadOf(values.map((value, round) => value / (reference[round] ?? Number.NaN)))
