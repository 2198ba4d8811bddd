/** All public names but `createClient`, which the entries have over transports of their own. */
export { type Check, errorFrom, type LostSubmission, type PlainError, type PlainSnapshot } from './client/check.ts'
export type { Client, RecoverOptions, SubmitOptions } from './client/client.ts'
export type { FindBy } from './client/find.ts'
export {
  type Finder,
  type FollowedTransaction,
  type FollowOptions,
  followTransaction,
} from './client/follow-transaction.ts'
export type { ClientOptions } from './client/options.ts'
export { forgetTask, type KnownTask, rememberTask, submitOnce } from './client/submit-once.ts'
export { submitRequest } from './client/submit-request.ts'
export { type AnyTransactionError, type GatewayError, isTransactionError } from './errors/is-transaction-error.ts'
export {
  type Effect,
  type GatewayFault,
  TransactionError,
  type TransactionErrorCode,
  type TransactionErrorFields,
} from './errors/transaction-error.ts'
export { UnknownOutcomeError } from './errors/unknown-outcome-error.ts'
export type { Journal } from './journal/journal.ts'
export { memoryJournal } from './journal/memory-journal.ts'
export { type WebStorage, webStorageJournal } from './journal/web-storage-journal.ts'
export type { Clock } from './lib/clock.ts'
export type { AbortSignalLike } from './observable/on-abort.ts'
export type { ConsumerOptions, Observer, Subscription } from './observable/subscriber.ts'
export type { ClientEvent, EventDetails, EventSubject, Operation, Warning } from './payment/client-event.ts'
export type { TaskHandle } from './payment/handle.ts'
export type { FailureDetails, Intent, LastWords, Lookups, Progress } from './payment/record.ts'
export type { ObservedTask } from './payment/settings.ts'
export { type AdaptiveScheduleOptions, adaptiveSchedule, type ScheduleStore } from './schedule/adaptive-schedule.ts'
export { type ExponentialScheduleOptions, exponentialSchedule } from './schedule/exponential-schedule.ts'
export { type FixedScheduleOptions, fixedSchedule } from './schedule/fixed-schedule.ts'
export type { Completion, Estimate, Schedule, ScheduledTask, ScheduleInput } from './schedule/schedule.ts'
export { type SqrtScheduleOptions, sqrtSchedule } from './schedule/sqrt-schedule.ts'
export type * from './schema/request-types.ts'
export type { CreditCard, Transaction, TransactionStatus } from './schema/transaction.ts'
export { hasCharged } from './task/has-charged.ts'
export {
  type CompletedState,
  type ErrorSnapshot,
  isPending,
  type Outcome,
  type ProcessingState,
  type ResultState,
  type TaskSnapshot,
  type TaskState,
  type UnknownCause,
  type UnknownState,
} from './task/state.ts'
export { TransactionTask } from './task/transaction-task.ts'
export { watchOutcome } from './task/watch-outcome.ts'
export type { LossReason } from './transport/attempt.ts'
export type { Auth, AuthContext } from './transport/auth.ts'
export { type BasicCredentials, basicAuth } from './transport/basic-auth.ts'
export { bearerAuth } from './transport/bearer-auth.ts'
export type { Fetch, FetchedResponse } from './transport/send.ts'
