/** The faults that are planned, and which of them a request meets. */
import type { Clock } from '../clock.ts'
import type { Route } from '../route.ts'
import type { Fault, FaultOn } from './fault.ts'

/** A request, as far as faults aim at it. */
export interface Target {
  readonly route: Pick<Route, 'operation'> & { readonly by?: 'uid' | 'trackingId' }
  readonly trackingId: string | undefined
}

export interface FaultBook {
  /** Plans a fault; returns a function that takes it back. */
  add(fault: Fault): () => void
  clear(): void
  /** The fault that this request meets, if any; it has then struck once. */
  match(target: Target): Fault | undefined
}

interface Planned {
  readonly fault: Fault
  /** How many requests it strikes at most. */
  readonly times: number
  /** When it ends, epoch ms. */
  readonly until: number
  seen: number
  struck: number
}

export function createFaultBook(clock: Pick<Clock, 'now'>): FaultBook {
  let planned: Planned[] = []

  return {
    add(fault) {
      const { times, forMs } = fault
      const end =
        forMs === undefined
          ? { times: times ?? 1, until: Number.POSITIVE_INFINITY }
          : { times: Number.POSITIVE_INFINITY, until: clock.now() + forMs }
      const entry: Planned = { fault, ...end, seen: 0, struck: 0 }
      planned.push(entry)
      return () => {
        planned = planned.filter((other) => other !== entry)
      }
    },
    clear() {
      planned = []
    },
    match(target) {
      const names = namesOf(target)
      if (names.length === 0) return undefined
      const now = clock.now()
      planned = planned.filter(({ until }) => now < until)
      const matching = planned.filter(({ fault }) => isAimedAt(fault, names, target.trackingId))
      for (const entry of matching) entry.seen++
      const striking = matching.find(({ fault, seen }) => seen >= (fault.nth ?? 1))
      if (!striking) return undefined
      striking.struck++
      if (striking.struck >= striking.times) planned = planned.filter((entry) => entry !== striking)
      return striking.fault
    },
  }
}

function isAimedAt(fault: Fault, names: readonly FaultOn[], trackingId: string | undefined): boolean {
  return names.includes(fault.on) && (fault.trackingId === undefined || fault.trackingId === trackingId)
}

/** The names under which a request can be struck; none for the customer's pages and the control API. */
function namesOf({ route }: Target): FaultOn[] {
  switch (route.operation) {
    case 'submit':
    case 'status':
    case 'result':
      return [route.operation, 'any']
    case 'lookup':
      return ['lookup', route.by === 'uid' ? 'lookup-by-uid' : 'lookup-by-tracking-id', 'any']
    case 'sync':
      return ['any']
    default:
      return []
  }
}
