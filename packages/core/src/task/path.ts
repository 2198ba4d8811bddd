/** The only paths that are ever asked for, all under the configured base URL. Protocol sections 1 and 5. */
import type { TaskStatus } from '../schema/task-status.ts'

export const submitPath = (type: string): string => `/async/transactions/${type}`

export const taskPath = (question: 'status' | 'result', requestId: string): string => `/async/${question}/${requestId}`

export const uidPath = (uid: string): string => `/transactions/${encodeURIComponent(uid)}`

export const trackingPath = (trackingId: string): string =>
  `/v2/transactions/tracking_id/${encodeURIComponent(trackingId)}`

/** Whether the URLs of an acknowledgement are the task's own. They may be absent, or relative as a proxy's are. */
export const areOurs = (
  { status_url = '', response_url = '' }: TaskStatus,
  baseUrl: string,
  requestId: string,
): boolean =>
  (baseUrl + taskPath('status', requestId)).endsWith(`${status_url}`) &&
  (baseUrl + taskPath('result', requestId)).endsWith(`${response_url}`)
