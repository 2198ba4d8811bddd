/** What the gateway says of what it does not know. */
import { basicHeader } from '../shop.ts'
import { type CheckContext, shown } from './check-context.ts'

export async function checkLookups({ caller, uuid, found }: CheckContext): Promise<void> {
  const task = await caller.get(`/async/result/${uuid()}`)
  const isUnknown = task.status === 404 && task.body?.status === 'unknown'
  found('unknown-task', isUnknown, shown(task.status, task.body?.status))
  const byUid = await caller.get('/transactions/11111111-1111111111')
  found('unknown-uid', byUid.status === 404 && !!byUid.body?.response?.message, shown(byUid.status))
  const listed = await caller.get(`/v2/transactions/tracking_id/check-${uuid()}`)
  const isEmpty = Array.isArray(listed.body?.transactions) && listed.body.transactions.length === 0
  found('unknown-tracking-id', listed.status === 200 && isEmpty, shown(listed.status))
  const wrong = basicHeader({ shopId: '1', secretKey: uuid() })
  const denied = await caller.get(`/async/status/${uuid()}`, wrong)
  const isJson = typeof denied.body === 'object'
  found('bad-credentials', denied.status === 401 && isJson, shown(denied.status, isJson ? 'json' : 'text'))
}
