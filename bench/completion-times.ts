/**
 * How long tasks take: the four models that schedules are measured on. What a bank and a customer do one after the other
 * multiplies, so each is lognormal; no gateway publishes its own, and the measure is how a schedule does on all of them.
 */
import type { Random } from '../tests/simulation/random.ts'

/** A distribution of the times at which tasks are done, in milliseconds after the gateway took them. */
export interface CompletionTimes {
  readonly name: string
  /** The share of tasks that take longer than `ms`. */
  left(ms: number): number
  /** Their part of the mean: the integral of `t · density(t)` from `ms` on. */
  leftMean(ms: number): number
  sample(random: Random): number
}

/** `medianMs`, and the standard deviation of the logarithm. */
export function lognormal(name: string, medianMs: number, spread: number): CompletionTimes {
  const mean = medianMs * Math.exp(spread ** 2 / 2)
  const z = (ms: number): number => Math.log(ms / medianMs) / spread
  return {
    name,
    left: (ms) => (ms > 0 ? upperTail(z(ms)) : 1),
    leftMean: (ms) => (ms > 0 ? mean * upperTail(z(ms) - spread) : mean),
    sample(random) {
      const radius = Math.sqrt(-2 * Math.log(1 - random.next()))
      return medianMs * Math.exp(spread * radius * Math.cos(2 * Math.PI * random.next()))
    },
  }
}

/** Each part with its share; the shares make up one. */
export function mixture(name: string, parts: readonly (readonly [number, CompletionTimes])[]): CompletionTimes {
  const sum = (of: (part: CompletionTimes) => number): number =>
    parts.reduce((total, [share, part]) => total + share * of(part), 0)
  return {
    name,
    left: (ms) => sum((part) => part.left(ms)),
    leftMean: (ms) => sum((part) => part.leftMean(ms)),
    sample(random) {
      const drawn = random.next()
      let share = 0
      for (const [each, part] of parts) {
        share += each
        if (drawn < share) return part.sample(random)
      }
      return (parts[0] as (typeof parts)[number])[1].sample(random)
    },
  }
}

/** The gateway's recorded test calls took 4 to 7 s: the middle half of a lognormal, since other banks are other. */
export const frictionless: CompletionTimes = lognormal('frictionless card', 5300, 0.42)
/** The customer has to find a phone: half need 40 s, one in twenty less than 11 s, one in twenty over two and a half minutes. */
export const challenge: CompletionTimes = lognormal('3-D Secure challenge', 40_000, 0.8)
/** Half within a minute, one in twenty over 14 minutes, one in two hundred over an hour. */
export const slowBank: CompletionTimes = lognormal('slow bank', 60_000, 1.6)
/** What a shop sees: mostly the first, and some of the others. */
export const mixed: CompletionTimes = mixture('mixture', [
  [0.7, frictionless],
  [0.25, challenge],
  [0.05, slowBank],
])

export const models: readonly CompletionTimes[] = [frictionless, challenge, slowBank, mixed]

/** The share of the standard normal distribution above `z`: a table, and from its nearest entry the first terms of Taylor. */
function upperTail(z: number): number {
  if (Math.abs(z) >= WIDTH) return z < 0 ? 1 - outer(-z) : outer(z)
  const entry = Math.round(z * STEPS)
  const near = entry / STEPS
  const h = z - near
  const slope = 1 - (near * h) / 2 + ((near ** 2 - 1) * h ** 2) / 6 - ((near ** 3 - 3 * near) * h ** 3) / 24
  return (TAILS[entry + WIDTH * STEPS] as number) - density(near) * h * slope
}

const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)

/** From 0 to `z`: density · (z + z³/3 + z⁵/(3·5) + …). */
function inner(z: number): number {
  let term = z
  let sum = z
  for (let odd = 3; Math.abs(term) > 1e-18; odd += 2) {
    term *= (z * z) / odd
    sum += term
  }
  return density(z) * sum
}

/** From `z` on, for large ones: density / (z + 1/(z + 2/(z + 3/(…)))). */
function outer(z: number): number {
  let rest = z
  for (let level = 60; level > 0; level--) rest = z + level / rest
  return density(z) / rest
}

const WIDTH = 8
const STEPS = 256
const TAILS: readonly number[] = Array.from({ length: 2 * WIDTH * STEPS + 1 }, (_, entry) => {
  const z = entry / STEPS - WIDTH
  return z > 3 ? outer(z) : z < -3 ? 1 - outer(-z) : 0.5 - inner(z)
})
