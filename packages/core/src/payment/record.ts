/**
 * Everything that is known of one payment, as one piece of plain JSON: the state of the machine, the entry in the journal
 * and, with its URLs, the handle. It holds no secret and no card data.
 */
import type { TransactionErrorFields } from '../errors/transaction-error.ts'
import type { Transaction } from '../schema/transaction.ts'

/** An error as data, so that it can be compared, stored and replayed. */
export type Failure = TransactionErrorFields

/** The fields that a response fills in of a failure, whatever the failure turns out to be. */
export type FailureDetails = Omit<Failure, 'code' | 'effect'>

/**
 * The reason for a 404 `unknown`. `answer-lost`: a response was lost on the way to us. `expired`: the task is older than
 * 24 hours. `not-found`: neither.
 */
export type UnknownCause = 'not-found' | 'expired' | 'answer-lost'

/** The source of a result: the task itself, a verified webhook, or a lookup. */
export type Via = 'task' | 'webhook' | 'lookup'

/** The end of a payment, or of our polling. */
export type Ending =
  | { readonly status: 'result'; readonly body: unknown; readonly via: Via }
  | { readonly status: 'unknown'; readonly cause: UnknownCause; readonly candidates: readonly Transaction[] }
  | ({ readonly status: 'error' } & Failure)

/** The facts of a payment from the moment it is submitted. */
export interface Intent {
  /** The version of the format. */
  readonly v: 1
  /** The idempotency key. */
  readonly requestKey: string
  /** The shop's id of the transaction; the `requestKey` if the request had none. */
  readonly trackingId: string
  /** The type of the request, such as `payments`. */
  readonly type: string
  readonly amount?: number | undefined
  readonly currency?: string | undefined
  /** The transaction that a capture, a void or a refund is about. */
  readonly parentUid?: string | undefined
  /** Whether it is a test transaction, if the request says so. */
  readonly test?: boolean | undefined
  /** When it was submitted first, in milliseconds since the epoch. */
  readonly createdAt: number
  /** The shop's word for the payment method, if it gave one. */
  readonly paymentMethod?: string | undefined
}

/** An error that a GET returned. The gateway's own is delivered once; others on the way return errors in JSON, too. */
export interface LastWords extends FailureDetails {
  /** `polls` when it came. A `processing` after more polls proves that it was not the gateway's. */
  readonly polls: number
  /** When it came, in milliseconds since the epoch. */
  readonly at: number
}

/** A run of lookups, while it lasts. */
export interface Lookups {
  /** How many were sent. */
  readonly asked: number
  /** How many of them returned a list without a transaction that may be ours. */
  readonly empty: number
  /** When the first one ended, in milliseconds since the epoch. */
  readonly since?: number | undefined
  /** The uid of the only transaction that may be ours, as an earlier lookup listed it. */
  readonly found?: string | undefined
}

/** The facts that polling adds. */
export interface Progress {
  /** The number of polls so far. */
  readonly polls: number
  /** The number of polls whose response was lost: the answer may be gone with it. */
  readonly lost: number
  /** An error that a GET returned, until the gateway confirms or refutes it. */
  readonly lastWords?: LastWords | undefined
  /** The latest error, and how often in a row it came. */
  readonly repeated?: { readonly text: string; readonly times: number } | undefined
  /** 401 and 403 in a row, and when the first of them came, in milliseconds since the epoch. */
  readonly denied?: { readonly times: number; readonly since: number } | undefined
  /** The latest poll that showed an error before not to be the gateway's: its number, and when it left or was answered. */
  readonly alive?: { readonly polls: number; readonly at: number } | undefined
  /** The task is known to be done: poll the result. */
  readonly completed?: boolean | undefined
  /** How far the gateway's clock was ahead of ours when it took the task, in milliseconds, if its `Date` told. */
  readonly skewMs?: number | undefined
  /** The gateway no longer knows the task, and why: look the transaction up. */
  readonly gone?: UnknownCause | undefined
  readonly lookups?: Lookups | undefined
  /** What is left in the token bucket that bounds polls after losses; absent when it is full. */
  readonly retryQuota?: number | undefined
  /** A POST was sent whose response was lost, or proves nothing. */
  readonly inDoubt?: boolean | undefined
  /** When the last POST left, if there were several, in milliseconds since the epoch. */
  readonly postedAt?: number | undefined
  /** The uid of the transaction, once a result named it. */
  readonly uid?: string | undefined
  /** When the outcome was found to be unknown, in milliseconds since the epoch. */
  readonly unknownAt?: number | undefined
}

export interface PaymentRecord extends Intent, Progress {
  /** The gateway's id of the task, once it took it. */
  readonly requestId?: string | undefined
  /** The number of POSTs of this `submit`. */
  readonly tries: number
  /** The refusal that all POSTs so far were answered with, which may not be the gateway's own. */
  readonly refusal?: FailureDetails | undefined
  /** The submission is given up: the error it ends in if the lookups find nothing. */
  readonly failure?: Failure | undefined
  /** After a restart there are no bytes to send again: it can only be looked up, for ten minutes. */
  readonly recovered?: boolean | undefined
  /** The journal could not be read, and the key may have been used before: look it up before the first POST. */
  readonly unread?: boolean | undefined
  readonly ending?: Ending | undefined
  /** When the journal had it, in milliseconds since the epoch. */
  readonly savedAt?: number | undefined
}

/** Losses in a row before polls are spaced out. */
export const RETRY_QUOTA = 10

/** The gateway keeps a result, and a `RequestID`, for 24 hours. Protocol sections 1 and 2. */
export const RETENTION_MS: number = 24 * 60 * 60_000

/**
 * Whether it is the gateway's own word, and so is never asked for again. `unknown` is not, nor is a refusal that may be of
 * others: it carries no `fieldErrors`.
 */
export const isAnswer = (ending: Ending | undefined): boolean => {
  if (ending?.status !== 'error') return ending?.status === 'result'
  return ending.code === 'gateway-error' || (ending.code === 'submit-rejected' && !!ending.fieldErrors)
}

/** The record without the end that our polling came to, so that it goes on. */
export function reopened(record: PaymentRecord): PaymentRecord {
  const { ending, savedAt, gone, lookups, failure, recovered, refusal, unread, retryQuota, denied, ...known } = record
  return { ...known, tries: 0 }
}

/** A submission that can only be looked up: the bytes are gone, and a POST may have been taken. */
export const recovering = (record: PaymentRecord): PaymentRecord => ({
  ...reopened(record),
  inDoubt: true,
  recovered: true,
  failure: { code: 'submit-lost', effect: 'unknown' },
  lookups: record.lookups ?? { asked: 0, empty: 0 },
})
