/**
 * Checks the assumptions of the protocol against a test shop of a gateway: the main job, 3-D Secure, an error, repeats,
 * and lookups. Every payment is marked as a test and made with a test card; a shop that does not answer so is left alone.
 */

import type { CheckContext } from './check-context.ts'
import { checkLookups } from './check-lookups.ts'
import { checkPayment } from './check-payment.ts'
import { checkRefusals } from './check-refusals.ts'
import { assumptions, type Finding, type FindingId } from './finding.ts'
import { type CallerOptions, createGatewayCaller } from './gateway-caller.ts'

export interface CheckOptions extends CallerOptions {
  /** ISO 4217: one that the shop takes. */
  readonly currency: string
  /** Makes ids; each check needs new ones. */
  readonly uuid: () => string
  /** A number from 0 up to, not including, 1: amounts differ from check to check, so that none is a duplicate. */
  readonly random: () => number
}

/** @throws CheckError if the gateway cannot be reached, or the shop is not one for tests */
export async function checkGateway(options: CheckOptions): Promise<Finding[]> {
  const findings = new Map<FindingId, Finding>()
  let amount = 1000 + Math.floor(options.random() * 90_000)
  const context: CheckContext = {
    caller: createGatewayCaller(options),
    uuid: options.uuid,
    found: (id, held, observed) => findings.set(id, { id, ...(held !== undefined && { held }), observed }),
    payment: (fields = {}, card = {}) => ({
      amount: amount++,
      currency: options.currency,
      description: 'Check of a test shop',
      tracking_id: `check-${options.uuid()}`,
      test: true,
      credit_card: { ...testCard, ...card },
      ...fields,
    }),
  }
  const uid = await checkPayment(context)
  if (uid !== undefined) await checkRefusals(context, uid)
  await checkLookups(context)
  const ids = Object.keys(assumptions) as FindingId[]
  return ids.map((id) => findings.get(id) ?? { id, observed: 'not seen' })
}

const testCard = {
  number: '4200000000000000',
  verification_value: '123',
  holder: 'JANE DOE',
  exp_month: '05',
  exp_year: '2035',
}
