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
): Promise<Reply> {
  const timeoutMs = operation === 'submit' ? submitTimeoutMs : pollTimeoutMs
  const reply = await attempt(transport, { ...request, operation, timeoutMs })
  const { httpStatus, durationMs, gatewayRequestId, lost } = reply
  emit({ type: 'upstream', operation, answer: nameOf(reply), httpStatus, durationMs, gatewayRequestId, ...subject })
  if (!lost && (httpStatus === 401 || httpStatus === 403))
    emit({ type: 'warning', warning: 'gateway-unauthorized', ...subject })
  return reply
}
