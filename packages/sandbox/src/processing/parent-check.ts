/**
 * What a transaction allows to be done with it afterwards: an authorization is captured or voided up to its amount, a
 * payment or a capture is refunded up to its amount. The answer to an unknown parent is recorded, 400 included.
 */
import { type RefusalStatus, refusal } from '../gateway-error.ts'
import type { Reply } from '../reply.ts'
import type { Order } from '../request/order.ts'
import type { Entry } from './entry.ts'

/** The answer that refuses the order, or `undefined` if its parent allows it. Another shop's parent is none. */
export function refuseByParent(
  order: Order,
  parent: Entry | undefined,
  children: readonly Entry[],
  status: RefusalStatus,
): Reply | undefined {
  const { name, parents } = order.type
  if (!parent) {
    const errors = { parent_uid: ['Parent transaction is not found'] }
    return refusal(400, 'F.0914', 'The original transaction was not found.', errors)
  }
  if (!parents.includes(parent.order.type.name)) {
    return notAllowed(status, `is of the type ${parent.order.type.name}, which allows no ${name}`)
  }
  if (parent.status !== 'successful') return notAllowed(status, `is ${parent.status}, not successful`)
  const left = (parent.order.amount ?? 0) - used(children)
  if ((order.amount ?? 0) > left) {
    return refusal(status, 'F.0110', 'The amount is more than is left of the original transaction.', {
      amount: [`can't be greater than ${left}`],
    })
  }
  return undefined
}

/** Captures and voids draw on the same amount; refunds have other parents, so they never mix with these. */
function used(children: readonly Entry[]): number {
  return children.reduce((sum, child) => sum + (child.order.amount ?? 0), 0)
}

function notAllowed(status: RefusalStatus, why: string): Reply {
  return refusal(status, 'F.0902', 'The original transaction does not allow this.', { parent_uid: [why] })
}
