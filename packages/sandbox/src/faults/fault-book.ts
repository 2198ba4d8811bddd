/** The faults that are planned, and which of them a request meets. */
import type { Operation } from '../route.ts'
import type { Fault, FaultOn } from './fault.ts'

export interface FaultBook {
  /** Plans a fault; returns a function that takes it back. */
  add(fault: Fault): () => void
  clear(): void
  /** The fault that this request meets, if any; it has then struck once. */
  match(operation: Operation, trackingId: string | undefined): Fault | undefined
}

interface Planned {
  readonly fault: Fault
  seen: number
  struck: number
}

const faultable: readonly Operation[] = ['submit', 'sync', 'status', 'result', 'lookup']

export function createFaultBook(): FaultBook {
  let planned: Planned[] = []

  return {
    add(fault) {
      const entry: Planned = { fault, seen: 0, struck: 0 }
      planned.push(entry)
      return () => {
        planned = planned.filter((other) => other !== entry)
      }
    },
    clear() {
      planned = []
    },
    match(operation, trackingId) {
      if (!faultable.includes(operation)) return undefined
      const matching = planned.filter(({ fault }) => isAimedAt(fault, operation, trackingId))
      for (const entry of matching) entry.seen++
      const striking = matching.find(({ fault, seen }) => seen >= (fault.nth ?? 1))
      if (!striking) return undefined
      striking.struck++
      if (striking.struck >= (striking.fault.times ?? 1)) planned = planned.filter((entry) => entry !== striking)
      return striking.fault
    },
  }
}

function isAimedAt(fault: Fault, operation: Operation, trackingId: string | undefined): boolean {
  const on: FaultOn = fault.on
  return (on === 'any' || on === operation) && (fault.trackingId === undefined || fault.trackingId === trackingId)
}
