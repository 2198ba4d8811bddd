/**
 * The gateway's protocol without a client: `@async-transaction/core/protocol`. For what stands between a client and the
 * gateway, as the token proxy does, so that there is one table of answers, and one exchange that never retries.
 */
export { type Clock, parseTime, systemClock, within } from './lib/clock.ts'
export { maskCardNumbers } from './lib/mask-card-numbers.ts'
export { gatewayFault } from './schema/gateway-fault.ts'
export { requestComplaint } from './schema/request.ts'
export { isTaskStatus, REQUEST_ID } from './schema/task-status.ts'
export { isTransactionBody, isTransactionList, type Transaction } from './schema/transaction.ts'
export { isOurs, SLACK_MS } from './task/lookup.ts'
export { submitPath, taskPath, trackingPath, uidPath } from './task/path.ts'
export { RETENTION_MS, type Reading, readReply } from './task/read-reply.ts'
export type { Failure, TaskRecord } from './task/record.ts'
export { attempt, type Fetch, noStore, type Reply, type Transport } from './transport/attempt.ts'
