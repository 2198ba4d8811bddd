/**
 * A faithful local gateway to develop and test asynchronous payments against. Runs wherever `Request` and `Response`
 * do; for real sockets see `@async-transaction/sandbox/node`.
 */
export type { Clock } from './clock.ts'
export { createSandbox } from './create-sandbox.ts'
export type {
  Delay,
  DropAfter,
  DropBefore,
  EarlyCompleted,
  Empty,
  Fault,
  FaultAim,
  FaultKind,
  FaultOn,
  Foreign,
  Forget,
  Garbage,
  Html,
  Http,
  MissingUrls,
  Oversize,
  ProcessingWord,
  ProxyJson,
  Redirect,
  Resend,
  Stall,
  TaskError,
  Throttle,
  Truncate,
  UntrustedUrls,
} from './faults/fault.ts'
export type { AddedTransaction } from './processing/added-transaction.ts'
export type { Chargeback } from './processing/chargeback.ts'
export type { Correction } from './processing/correction.ts'
export type { SandboxTransaction } from './processing/standard-answer.ts'
export type { RequestRecord, TaskRecord, WebhookRecord } from './records.ts'
export type { Reply, WireReply } from './reply.ts'
export type { Operation } from './route.ts'
export type { Sandbox, SandboxOptions } from './sandbox.ts'
export { type Switches, switches } from './switches.ts'
