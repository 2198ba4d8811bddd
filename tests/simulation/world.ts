/** Time and order of one scenario: a queue of events, what is true of it, and what is wrong with it. */
import { type Rule, ruleBook } from './rule-book.ts'

export interface Violation {
  readonly seed: number
  readonly rule: string
  readonly trace: readonly string[]
}

export interface World {
  /** Milliseconds since the scenario began. */
  readonly now: number
  at(time: number, run: () => void): () => void
  after(ms: number, run: () => void): () => void
  /** Runs the next event; false when there is none, or the scenario is over. */
  step(): boolean
  /** Checks a rule, unless something that happened excuses it. The first breach is what the scenario is remembered for. */
  must(rule: Rule, holds: boolean, detail?: string): void
  readonly violation: { readonly rule: Rule; readonly detail: string } | undefined
  /** The rules that were checked. */
  readonly checked: ReadonlySet<Rule>
  /** Counts a fault that really struck. */
  strike(kind: string): void
  readonly strikes: ReadonlyMap<string, number>
  /** Notes something that is no fault, and may excuse a rule all the same. */
  note(kind: string): void
  trace(line: () => string): void
  readonly lines: readonly string[]
}

interface Event {
  readonly time: number
  readonly order: number
  readonly run: () => void
  cancelled: boolean
}

export function createWorld(untilMs: number, tracing: boolean): World {
  const queue: Event[] = []
  const strikes = new Map<string, number>()
  const notes = new Set<string>()
  const checked = new Set<Rule>()
  const lines: string[] = []
  let now = 0
  let order = 0
  let violation: World['violation']

  const before = (a: Event, b: Event): boolean => a.time < b.time || (a.time === b.time && a.order < b.order)
  const push = (event: Event): void => {
    let index = queue.push(event) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = queue[parent] as Event
      if (!before(event, above)) break
      queue[index] = above
      index = parent
    }
    queue[index] = event
  }
  const pop = (): Event | undefined => {
    const first = queue[0]
    const last = queue.pop()
    if (!first || !last || first === last) return first
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= queue.length) break
      if (child + 1 < queue.length && before(queue[child + 1] as Event, queue[child] as Event)) child += 1
      if (!before(queue[child] as Event, last)) break
      queue[index] = queue[child] as Event
      index = child
    }
    queue[index] = last
    return first
  }

  const world: World = {
    get now() {
      return now
    },
    at(time, run) {
      const event: Event = { time: Math.max(now, time), order: order++, run, cancelled: false }
      push(event)
      return () => {
        event.cancelled = true
      }
    },
    after: (ms, run) => world.at(now + ms, run),
    step() {
      if (violation) return false
      let event = pop()
      while (event?.cancelled) event = pop()
      if (!event || event.time > untilMs) return false
      now = event.time
      event.run()
      return true
    },
    must(rule, holds, detail = '') {
      if (violation || (holds && checked.has(rule))) return
      const excuses: readonly string[] = ruleBook[rule]
      if (excuses.some((kind) => strikes.has(kind) || notes.has(kind))) return
      checked.add(rule)
      if (holds) return
      violation = { rule, detail }
      lines.push(`${stamp(now)} VIOLATION ${rule} ${detail}`.trimEnd())
    },
    checked,
    note: (kind) => void notes.add(kind),
    get violation() {
      return violation
    },
    strike(kind) {
      strikes.set(kind, (strikes.get(kind) ?? 0) + 1)
    },
    strikes,
    trace(line) {
      if (tracing) lines.push(`${stamp(now)} ${line()}`)
    },
    lines,
  }
  return world
}

const stamp = (ms: number): string => `${(ms / 1000).toFixed(3).padStart(10)} s `
