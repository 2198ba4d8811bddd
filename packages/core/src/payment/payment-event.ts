/** The events of a payment: what a response means, a verified webhook, or a limit of ours. */
import type { Effect } from '../errors/transaction-error.ts'
import type { Transaction } from '../schema/transaction.ts'
import type { Failure, FailureDetails, UnknownCause, Via } from './record.ts'

/** The meaning of a response, or an event from outside. */
export type PaymentEvent =
  | { readonly type: 'accepted'; readonly requestId: string; readonly skewMs?: number }
  /** `askedAt`: when the poll left, in milliseconds since the epoch. */
  | { readonly type: 'processing'; readonly askedAt: number }
  | { readonly type: 'completed'; readonly askedAt: number }
  /** A result, by the task, a verified webhook or a lookup. */
  | { readonly type: 'answered'; readonly body: unknown; readonly via: Via }
  /**
   * A lookup that was answered. `ours`: the transaction that is ours, as far as the list tells. `open`: an entry that may
   * be ours has no status yet.
   */
  | {
      readonly type: 'listed'
      readonly ours?: Transaction | undefined
      readonly candidates: readonly Transaction[]
      readonly open?: boolean
      /** When the lookup left, in epoch milliseconds: the list is not older. */
      readonly askedAt?: number
    }
  /** A refused POST; `certain`: in a shape that only the gateway, or our proxy, uses. */
  | { readonly type: 'refused'; readonly details: FailureDetails; readonly certain: boolean }
  /** 401 or 403; `renewed`: the credentials have changed since. */
  | { readonly type: 'denied'; readonly details: FailureDetails; readonly renewed?: boolean }
  /** An error in JSON to a GET: the gateway's, or that of a server on the way. */
  | { readonly type: 'error'; readonly details: FailureDetails }
  /** An error that our proxy has confirmed, and looked up. */
  | { readonly type: 'confirmed'; readonly details: FailureDetails; readonly effect: Effect }
  /** Too early or too often: wait as told. */
  | { readonly type: 'throttled'; readonly details: FailureDetails }
  /** Nothing was sent, since there were no credentials. */
  | { readonly type: 'unsent'; readonly cause?: string | undefined }
  | { readonly type: 'lost'; readonly cause?: string | undefined }
  /**
   * 404 `unknown`. `certain`: it names our task. `told`: our proxy gives the cause, and would have returned any error of
   * the gateway.
   */
  | { readonly type: 'gone'; readonly cause: UnknownCause; readonly certain: boolean; readonly told?: boolean }
  /** The next POST would leave too late. */
  | { readonly type: 'late' }
  /** A response about another task, or a limit of ours. */
  | { readonly type: 'failed'; readonly failure: Failure }
