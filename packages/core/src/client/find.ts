/** Asking for transactions outside of any task. Protocol section 5. */
import { TransactionError } from '../errors/transaction-error.ts'
import { UnknownOutcomeError } from '../errors/unknown-outcome-error.ts'
import { gatewayFault } from '../schema/gateway-fault.ts'
import { LOOKUP_ID } from '../schema/task-status.ts'
import { isTransactionBody, isTransactionList, type Transaction } from '../schema/transaction.ts'
import { trackingPath, uidPath } from '../task/path.ts'
import type { Settings } from '../task/settings.ts'
import { attempt } from '../transport/attempt.ts'

/** Which transactions: all of an order, or one. */
export type FindBy =
  | { readonly trackingId: string; readonly uid?: never }
  | { readonly uid: string; readonly trackingId?: never }

export async function find(settings: Settings, by: FindBy): Promise<Transaction[]> {
  const { trackingId, uid } = (by ?? {}) as { readonly trackingId?: string; readonly uid?: string }
  const id = trackingId ?? uid
  if (typeof id !== 'string' || !LOOKUP_ID.test(id))
    throw new TransactionError({ code: 'request-invalid', effect: 'none', message: 'find needs a trackingId or a uid' })
  const path = trackingId ? trackingPath(id) : uidPath(id)
  const reply = await attempt(settings, { path, timeoutMs: settings.pollTimeoutMs })
  const { httpStatus, json, lost, gatewayRequestId } = reply
  if (isTransactionList(json)) return json.transactions
  if (isTransactionBody(json)) return [json.transaction]
  if (httpStatus === 404 && json) return []
  const fault = gatewayFault(json)
  const unauthorized = lost === 'auth' || httpStatus === 401 || httpStatus === 403
  const details = {
    message: 'The lookup was not answered: ask again',
    ...fault,
    trackingId,
    ...(httpStatus && { httpStatus }),
    gatewayRequestId,
  }
  if (!unauthorized && !fault) throw new UnknownOutcomeError({ ...details, cause: 'answer-lost' })
  throw new TransactionError({ ...details, code: unauthorized ? 'unauthorized' : 'gateway-error' })
}
