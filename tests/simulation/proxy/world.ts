/** Time of a scenario of the proxy, what is true of it, and what is wrong with it. */
import { createSimulatedClock, type SimulatedClock } from '@async-transaction/core/testing'

export interface ProxyWorld {
  readonly clock: SimulatedClock
  /** Epoch milliseconds. */
  now(): number
  /** Runs it so many milliseconds after the scenario began. */
  at(ms: number, run: () => unknown): void
  /** Notes whether a rule holds. The first one that does not is what the scenario is remembered for. */
  check(rule: string, holds: boolean, detail?: () => string): void
  readonly violation: { readonly rule: string; readonly detail: string } | undefined
  /** The rules that were looked at. */
  readonly checked: ReadonlySet<string>
  /** How each click ended. */
  readonly outcomes: string[]
  strike(kind: string): void
  readonly strikes: ReadonlyMap<string, number>
  trace(line: () => string): void
  readonly lines: readonly string[]
}

export function createProxyWorld(tracing: boolean, clock: SimulatedClock = createSimulatedClock()): ProxyWorld {
  const began = clock.now()
  const strikes = new Map<string, number>()
  const checked = new Set<string>()
  const outcomes: string[] = []
  const lines: string[] = []
  let violation: ProxyWorld['violation']
  const stamp = (): string => `${((clock.now() - began) / 1000).toFixed(3).padStart(10)} s `
  return {
    clock,
    now: () => clock.now(),
    at: (ms, run) => void clock.setTimeout(() => void run(), Math.max(0, began + ms - clock.now())),
    check(rule, holds, detail = () => '') {
      checked.add(rule)
      if (holds || violation) return
      violation = { rule, detail: detail() }
      lines.push(`${stamp()} VIOLATION ${rule} ${violation.detail}`.trimEnd())
    },
    get violation() {
      return violation
    },
    checked,
    outcomes,
    strike: (kind) => void strikes.set(kind, (strikes.get(kind) ?? 0) + 1),
    strikes,
    trace(line) {
      if (tracing) lines.push(`${stamp()} ${line()}`)
    },
    lines,
  }
}

/** A process that may stand still, or be gone: then nothing of it goes on. */
export interface Life {
  readonly alive: boolean
  end(): void
  stall(ms: number): void
  /** The promise as the process sees it. */
  gate<T>(promise: PromiseLike<T> | T): Promise<T>
  /** Runs it when the process is awake; never, if it is gone. */
  awake(run: () => void): void
  /** Its clock. */
  readonly clock: Pick<SimulatedClock, 'now' | 'setTimeout' | 'clearTimeout'>
  /** Called at its end. */
  onEnd(run: () => void): void
}

export function createLife({ clock }: ProxyWorld): Life {
  let alive = true
  let stalledUntil = 0
  const ends = new Set<() => void>()
  const awake = (run: () => void): void => {
    if (!alive) return
    if (clock.now() < stalledUntil) clock.setTimeout(() => awake(run), stalledUntil - clock.now())
    else run()
  }
  return {
    get alive() {
      return alive
    },
    end() {
      alive = false
      for (const run of ends) run()
    },
    stall: (ms) => {
      stalledUntil = Math.max(stalledUntil, clock.now() + ms)
    },
    awake,
    gate: (promise) =>
      new Promise((resolve, reject) => {
        Promise.resolve(promise).then(
          (value) => awake(() => resolve(value)),
          (error) => awake(() => reject(error)),
        )
      }),
    clock: {
      now: clock.now,
      setTimeout: (callback, ms) => clock.setTimeout(() => awake(callback), ms),
      clearTimeout: clock.clearTimeout,
    },
    onEnd: (run) => void ends.add(run),
  }
}
