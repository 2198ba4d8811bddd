/** What happens in a scenario, decided beforehand, so that a part can be left out and the rest stays. */
import type { Truth } from './truth.ts'

export type Mode = 'safety' | 'liveness'

/** What goes wrong with one HTTP exchange. Where a fault has variants, its amount selects one. */
export const exchangeFaults = [
  'drop-before',
  'drop-after',
  'cut',
  'stall',
  'delay',
  'duplicate',
  'html',
  'html-after',
  'empty',
  'garbage',
  'word',
  'oversize',
  'redirect',
  'throttle',
  'throttle-503',
  'unauthorized',
  'foreign',
  'error-page',
  'slow-down',
  'json',
  'json-after',
  'forbidden',
  'refuse-after',
  'resend',
] as const
export type ExchangeFault = (typeof exchangeFaults)[number]

/** What goes wrong with one use of the storage. */
export const storageFaults = [
  'storage-throws',
  'storage-rejects',
  'storage-hangs',
  'storage-loses',
  'storage-stale',
  'storage-late',
] as const
export type StorageFault = (typeof storageFaults)[number]

/** What goes wrong when credentials are asked for. */
export const authFaults = ['auth-rejects', 'auth-hangs', 'auth-empty', 'auth-slow'] as const
export type AuthFault = (typeof authFaults)[number]

/** What an application does, or what happens to it, at a time. */
export const actions = [
  'observe',
  'leave',
  'observe-throwing',
  'observe-and-leave',
  'await-outcome',
  'poll',
  'lookup',
  'check',
  'stop',
  'resume',
  'recover',
  'submit-again',
  'webhook',
  'late-webhook',
  'clock-jump',
  'sleep',
  'crash',
  'second-process',
  'storage-full',
  'storage-wiped',
  'observe-for-a-time',
  'await-result',
  'iterate',
  'iterate-and-break',
  'submit-for-a-time',
  'stop-all',
  'other-machine',
  'correction-webhook',
] as const
export type ActionKind = (typeof actions)[number]

export interface Action {
  readonly at: number
  readonly kind: ActionKind
  readonly amount: number
}

export interface Fault {
  readonly kind: ExchangeFault
  readonly amount: number
}

export interface Plan {
  readonly seed: number
  readonly mode: Mode
  readonly untilMs: number
  /** Nothing goes wrong from here on: in liveness mode long before the end. */
  readonly faultsEndMs: number
  readonly truth: Truth
  readonly strategy: 'status' | 'result'
  readonly schedule: 'default' | 'fixed' | 'slow' | 'absurd' | 'adaptive'
  readonly deadlineMs: number
  readonly journal: 'none' | 'sync' | 'async' | 'parsed'
  readonly journalRequired: boolean
  readonly skewMs: number
  readonly latencyMs: number
  readonly olderAttempt?: { readonly status: string; readonly ageMs: number }
  /** By the number of the exchange, of all processes together. */
  readonly exchanges: Readonly<Record<number, Fault>>
  /** Faults that strike every exchange of a span of time: a deploy, a balancer without a backend. */
  readonly outages?: readonly (Fault & { readonly at: number; readonly ms: number })[]
  readonly storage: Readonly<Record<number, StorageFault>>
  /** By the number of the call, of all processes together. */
  readonly auth?: Readonly<Record<number, { readonly kind: AuthFault; readonly amount: number }>>
  /** Credentials cannot be had for a time. */
  readonly authDown?: { readonly at: number; readonly ms: number }
  /** A token is accepted for so long. */
  readonly tokenMs?: number
  /** The `Date` header. A cached one is an hour old. */
  readonly dates?: 'absent' | 'cached' | 'day-ahead' | 'day-behind'
  /** Once it is accepted, or lost, `check()` alone goes on, each step in a process of its own. */
  readonly driver?: 'check'
  readonly actions: readonly Action[]
  /** The machine sleeps for so long from the n-th await of its first process on: a laptop that is closed, and opened the day after. */
  readonly nap?: { readonly step: number; readonly ms: number }
  /** The process dies at its n-th await of network, storage or time, and is started again after so long. */
  readonly crashes: readonly {
    readonly step: number
    readonly restartMs: number
    readonly how: 'recover' | 'resume' | 'submit-again'
  }[]
}
