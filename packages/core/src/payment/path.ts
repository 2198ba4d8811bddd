/** The only paths that are ever asked for, all under the configured base URL. Protocol sections 1 and 5. */
import type { TaskStatus } from '../schema/task-status.ts'

export const submitPath = (type: string): string =>
  // These make no transaction.
  /^(balance|credit_cards)$/.test(type) ? `/async/${type}` : `/async/transactions/${type}`

export const taskPath = (question: 'status' | 'result', requestId: string): string => `/async/${question}/${requestId}`

export const uidPath = (uid: string): string => `/transactions/${encodeURIComponent(uid)}`

export const trackingPath = (trackingId: string): string =>
  `/v2/transactions/tracking_id/${encodeURIComponent(trackingId)}`

/** Whether the URLs that the gateway names are the task's own. They may be absent, or relative as a proxy's are. */
export const areOurs = ({ status_url, response_url }: TaskStatus, baseUrl: string, requestId: string): boolean =>
  isAt(status_url, baseUrl, taskPath('status', requestId)) && isAt(response_url, baseUrl, taskPath('result', requestId))

const isAt = (url: unknown, baseUrl: string, path: string): boolean => {
  const own = baseUrl + path
  return [undefined, null, own, own.replace(/^https?:\/\/[^/]+/i, ''), path].includes(url as string)
}
