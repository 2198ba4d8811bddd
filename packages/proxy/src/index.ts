/** The token proxy: the shop's secret stays, the outcome survives. */

export type { AcceptedCharge, ChargeOutcome, EscrowedOutcome, ForeignOutcome, IssuedOutcome } from './charge-outcome.ts'
export { createTokenProxy, type TokenProxy } from './create-token-proxy.ts'
export type { FetchContext } from './fetch-context.ts'
export type { GatewayOptions, RateLimit, TokenProxyOptions, WebhookOptions } from './options.ts'
export type { TaskCheck } from './outcomes/read-task.ts'
export type { SweepOptions } from './outcomes/sweep.ts'
export type { ProxyEvent } from './proxy-event.ts'
export { memoryOutcomes } from './store/memory-outcomes.ts'
export type { LeasedWrite, OutcomeLease, OutcomeRecord, OutcomeStore } from './store/outcome-store.ts'
export type { ChargeIntent } from './token/grant.ts'
