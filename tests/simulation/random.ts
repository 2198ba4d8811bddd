/** Seeded chance: the same seed gives the same scenario, to the byte. */

export interface Random {
  /** From 0 up to 1. */
  next(): number
  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number
  /** Whether something of the given odds happens. */
  chance(odds: number): boolean
  pick<T>(items: readonly T[]): T
}

/** sfc32, seeded by a few rounds over the seed. */
export function createRandom(seed: number, stream = 0): Random {
  let a = 0x9e3779b9 ^ seed
  let b = 0x243f6a88 ^ Math.floor(seed / 2 ** 32)
  let c = 0xb7e15162 ^ Math.imul(stream + 1, 0x85ebca6b)
  let counter = 1
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  for (let round = 0; round < 12; round++) next()
  return {
    next,
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (odds) => next() < odds,
    pick: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
  }
}
