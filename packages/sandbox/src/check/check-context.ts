/** What the parts of a check share. */
import type { FindingId } from './finding.ts'
import type { GatewayCaller } from './gateway-caller.ts'

export interface CheckContext {
  readonly caller: GatewayCaller
  readonly uuid: () => string
  /** Ends the check of one assumption. */
  readonly found: (id: FindingId, held: boolean | undefined, observed: string) => void
  /** A test payment of an amount that no other of this check has. */
  readonly payment: (fields?: object, card?: object) => Record<string, unknown>
}

/** The words of an answer that may be shown: none of them can be a text of the gateway. */
export function shown(status: number, ...words: unknown[]): string {
  const plain = words.filter((each) => typeof each === 'string' && /^[a-z_]{1,20}$/.test(each))
  return [`HTTP ${status}`, ...plain].join(', ')
}
