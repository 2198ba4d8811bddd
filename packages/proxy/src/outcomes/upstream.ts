/** The way to the gateway: core's exchange, which never retries, follows or throws, and a record of it. */
import { attempt, type Reply } from '@async-transaction/core/protocol'
import type { Settings } from '../options.ts'
import type { ProxyOperation, ProxySubject } from '../proxy-event.ts'

export interface UpstreamRequest {
  readonly operation: Exclude<ProxyOperation, 'webhook'>
  readonly path: string
  /** Of a submission. */
  readonly requestKey?: string
  readonly body?: string
}

/** Sends one request to the gateway. It is never tied to the request of a browser. */
export async function sendUpstream(
  { transport, submitTimeoutMs, pollTimeoutMs, emit }: Settings,
  { operation, ...request }: UpstreamRequest,
  subject: ProxySubject,
  /** What the answer is read as, for the log. */
  nameOf: (reply: Reply) => string,
  /** The task that a submission became, for the log. */
  taskOf: () => string | undefined = () => subject.requestId,
): Promise<Reply> {
  const timeoutMs = operation === 'submit' ? submitTimeoutMs : pollTimeoutMs
  const reply = await attempt(transport, { ...request, operation, timeoutMs })
  const { httpStatus, durationMs, gatewayRequestId, lost } = reply
  const answer = nameOf(reply)
  const named = { ...subject, requestId: taskOf() }
  emit({ type: 'upstream', operation, answer, httpStatus, durationMs, gatewayRequestId, ...named })
  if (!lost && (httpStatus === 401 || httpStatus === 403))
    emit({ type: 'warning', warning: 'gateway-unauthorized', ...named })
  return reply
}
