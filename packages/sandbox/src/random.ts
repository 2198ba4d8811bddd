/**
 * Reproducible randomness. Each purpose draws from a stream of its own, so that one more poll does not change the id
 * of the next transaction.
 */

export interface Random {
  /** A number from 0 up to, not including, 1. */
  next(): number
  /** An id in the shape of a version 4 UUID. */
  uuid(): string
  /** The uid of a transaction, in the recorded form: `37728767-e10aa95f2b`. */
  uid(): string
  /** That many hexadecimal digits. */
  hex(length: number): string
  /** That many decimal digits. */
  digits(length: number): string
}

/**
 * A generator (mulberry32) for one stream of a seed. Without a seed it starts anywhere, and only at its first use:
 * some runtimes refuse randomness while a module is loading.
 */
export function createRandom(seed: number | undefined, stream: string): Random {
  let state: number | undefined

  const next = (): number => {
    state ??= hash32(`${seed ?? Math.random()}/${stream}`)
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  const draw = (length: number, base: number): string =>
    Array.from({ length }, () => Math.floor(next() * base).toString(base)).join('')

  const hex = (length: number): string => draw(length, 16)

  return {
    next,
    hex,
    digits: (length) => draw(length, 10),
    uid: () => `${10_000_000 + Math.floor(next() * 90_000_000)}-${hex(10)}`,
    uuid() {
      const variant = (8 + Math.floor(next() * 4)).toString(16)
      return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`
    },
  }
}

/** A 32-bit hash of a text (FNV-1a with a final mix): spreads well, keeps no secret. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
