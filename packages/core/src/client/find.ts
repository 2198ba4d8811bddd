/** Finding transactions outside of any task. Protocol section 5. */
import { TransactionError } from '../errors/transaction-error.ts'
import { UnknownOutcomeError } from '../errors/unknown-outcome-error.ts'
import { trackingPath, uidPath } from '../payment/path.ts'
import type { Settings } from '../payment/settings.ts'
import { gatewayFault } from '../schema/gateway-fault.ts'
import { LOOKUP_ID } from '../schema/task-status.ts'
import { readTransaction, readTransactions, type Transaction } from '../schema/transaction.ts'
import { attempt } from '../transport/attempt.ts'

/** All transactions of an order, or one. */
export type FindBy =
  | { readonly trackingId: string; readonly uid?: never }
  | { readonly uid: string; readonly trackingId?: never }

export async function find(settings: Settings, by: FindBy): Promise<Transaction[]> {
  const { trackingId, uid } = (by ?? {}) as { readonly trackingId?: string; readonly uid?: string }
  const id = trackingId ?? uid
  if (typeof id !== 'string' || !LOOKUP_ID.test(id))
    throw new TransactionError({ code: 'request-invalid', effect: 'none', message: 'find needs a trackingId or a uid' })
  const path = trackingId ? trackingPath(id) : uidPath(id)
  const reply = await attempt(settings, {
    operation: 'lookup',
    trackingId,
    uid,
    path,
    timeoutMs: settings.pollTimeoutMs,
  })
  const { httpStatus, json, lost, gatewayRequestId } = reply
  if (httpStatus < 300 && !lost) {
    const transaction = readTransaction(json)
    const transactions = transaction ? [transaction] : readTransactions(json)
    if (transactions) return transactions
  }
  const fault = gatewayFault(json)
  // Of a tracking id the gateway says "none" by an empty list: a 404 to that is another server's.
  if (httpStatus === 404 && !trackingId && fault) return []
  const unauthorized = lost === 'auth' || httpStatus === 401 || httpStatus === 403
  const details = {
    message: 'The lookup was not answered: try again',
    ...fault,
    trackingId,
    ...(httpStatus && { httpStatus }),
    gatewayRequestId,
  }
  if (!unauthorized && (!fault || httpStatus === 404))
    throw new UnknownOutcomeError({ ...details, cause: 'answer-lost' })
  throw new TransactionError({ ...details, code: unauthorized ? 'unauthorized' : 'gateway-error' })
}
