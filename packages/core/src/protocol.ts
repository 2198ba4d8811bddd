/**
 * The gateway's protocol without a client: `@async-transaction/core/protocol`. For what stands between a client and the
 * gateway, as the token proxy does, so that there is one table of answers, and one exchange that never retries.
 */
export { isPublicKey } from './encryption/is-public-key.ts'
export { type Clock, parseTime, systemClock, within } from './lib/clock.ts'
export { maskCardData } from './lib/mask-card-data.ts'
export { isOurs, SLACK_MS } from './payment/choose.ts'
export { submitPath, taskPath, trackingPath, uidPath } from './payment/path.ts'
export { type Asked, type Reading, readReply } from './payment/read-reply.ts'
export { type Failure, type FailureDetails, RETENTION_MS, type Via } from './payment/record.ts'
export { gatewayFault, isGatewayShape } from './schema/gateway-fault.ts'
export { validateRequest } from './schema/request.ts'
export { isTaskStatus, REQUEST_ID } from './schema/task-status.ts'
export { readTransaction, readTransactions, type Transaction } from './schema/transaction.ts'
export { attempt, noStore, type Reply, type Transport } from './transport/attempt.ts'
export { fetchSend } from './transport/fetch-send.ts'
export type { Fetch, Send } from './transport/send.ts'
