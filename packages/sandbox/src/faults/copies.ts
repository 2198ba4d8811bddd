/**
 * The copies of a request that arrive: one, or two where a transport re-sends it by itself. Bun, Deno and
 * browsers do so on a reused connection that is reset (protocol section 1); the client sees the second response only.
 */
import type { Fault } from './fault.ts'

/** The fault that each copy of a request meets, in the order of arrival. */
export function copiesOf(fault: Fault | undefined): readonly [Fault | undefined, ...(Fault | undefined)[]] {
  if (fault?.kind !== 'resend') return [fault]
  const { on, status, body, headers } = fault
  const first: Fault = { on, kind: 'drop-after' }
  return [first, status === undefined ? undefined : { on, kind: 'http', status, body, headers }]
}
