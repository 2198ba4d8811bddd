/** One stateless step: for an edge function that must not wait, for queues and workflows. */
import type { AnyTransactionError } from '../errors/is-transaction-error.ts'
import { TransactionError, type TransactionErrorFields } from '../errors/transaction-error.ts'
import { UnknownOutcomeError } from '../errors/unknown-outcome-error.ts'
import { handleOf, stateOf, type TaskHandle } from '../payment/handle.ts'
import { pollDelay } from '../payment/next-delay.ts'
import type { Payment } from '../payment/payment.ts'
import type { Intent } from '../payment/record.ts'
import { isOpen } from '../payment/settle.ts'
import { readTransaction } from '../schema/transaction.ts'
import { SUBMITTING, snapshotOf } from '../task/snapshot.ts'
import type { ErrorSnapshot, TaskSnapshot } from '../task/state.ts'

/**
 * A submission whose acknowledgement was lost: fields that the `toJSON()` of a `submit-lost` holds, beside others. Its
 * transaction is looked up until ten minutes after `createdAt`.
 */
export type LostSubmission = Pick<Intent, 'requestKey' | 'trackingId' | 'type' | 'amount' | 'currency' | 'createdAt'>

/** An error as plain data: its fields and its message. */
export type PlainError = TransactionErrorFields & { readonly effect: 'none' | 'unknown'; readonly message: string }

/** The state of a payment as plain data: `structuredClone` and JSON keep all of it. */
export type PlainSnapshot =
  | Exclude<TaskSnapshot, ErrorSnapshot>
  | { readonly status: 'error'; readonly error: PlainError }

/** The findings of one step. */
export interface Check<Handle extends LostSubmission = TaskHandle> {
  readonly state: PlainSnapshot
  /** Replaces the handle that was given. */
  readonly handle: Handle
  /** Milliseconds until the next step should be taken; absent when there is none to take. */
  readonly nextCheckMs?: number
}

/** Exchanges of one step, at most: one that is due at once is made in the same call. */
const EXCHANGES = 4

export async function check<Handle extends LostSubmission>(payment: Payment, given: Handle): Promise<Check<Handle>> {
  const { settings } = payment
  const { clock } = settings
  // A transaction that waits is followed by its uid: its task says nothing new.
  if (payment.known.uid) {
    if (payment.floorMs <= 0) await payment.lookUp()
  } else {
    await payment.poll()
    for (
      let exchanges = 1;
      exchanges < EXCHANGES && !payment.known.ending && payment.nextAt <= clock.now();
      exchanges++
    )
      await payment.poll()
  }
  const { known, nextAt } = payment
  const isTask = (given as { requestId?: unknown }).requestId !== undefined
  const handle = handleOf(known, settings.baseUrl) ?? (isTask ? given : { ...given, ...stateOf(known) })
  // Not longer than it was meant to be: the clock may have been set back meanwhile.
  const plannedMs = Math.max(0, Math.min(payment.waitMs, nextAt - clock.now()))
  const nextCheckMs = known.uid ? followDelay(payment) : known.ending ? undefined : plannedMs
  return {
    state: plainOf(snapshotOf(payment, SUBMITTING)),
    handle: handle as Handle,
    ...(nextCheckMs !== undefined && { nextCheckMs }),
  }
}

/** Until the transaction is looked up again; nothing if it is final, or the deadline has passed. */
function followDelay(payment: Payment): number | undefined {
  const { known, settings, age } = payment
  const { schedule, random, deadlineMs } = settings
  const { ending, polls, type, paymentMethod } = known
  const elapsedMs = age.elapsedMs()
  const transaction = ending?.status === 'result' ? readTransaction(ending.body) : undefined
  if ((transaction && !isOpen(transaction)) || elapsedMs >= deadlineMs) return undefined
  const input = { schedule, random, type, paymentMethod, polls: Math.max(1, polls), elapsedMs }
  return Math.max(
    payment.floorMs,
    pollDelay(input, undefined, () => payment.warn('schedule-invalid')),
  )
}

const plainOf = (snapshot: TaskSnapshot): PlainSnapshot =>
  snapshot.status === 'error' ? { status: 'error', error: snapshot.error.toJSON() as unknown as PlainError } : snapshot

/** A `TransactionError` of the plain data of one, as `check()` returns it, or as a log or a queue kept it. */
export const errorFrom = (plain: PlainError): AnyTransactionError =>
  (plain.code === 'unknown-outcome'
    ? new UnknownOutcomeError({ ...plain, cause: plain.cause ?? 'answer-lost' })
    : new TransactionError(plain)) as AnyTransactionError
