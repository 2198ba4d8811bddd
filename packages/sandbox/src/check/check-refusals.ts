/** What the gateway refuses: where, with which status, in which shape, and how often it says so. */
import { type CheckContext, shown } from './check-context.ts'
import type { FindingId } from './finding.ts'
import type { Answer } from './gateway-caller.ts'

/** @param uid of a payment that succeeded */
export async function checkRefusals(context: CheckContext, uid: string): Promise<void> {
  await checkFields(context)
  await checkDuplicate(context)
  await checkParent(context)
  await checkChild(context, uid)
}

/** A refusal in the answer to the POST, or in the result of the task; `undefined` if it was taken. */
async function refusalOf({ caller, uuid }: CheckContext, type: string, request: object) {
  const ack = await caller.submit(type, request, uuid())
  const taskId = ack.body?.request_id
  if (typeof taskId !== 'string') return { answer: ack, taskId: undefined }
  const answer = await caller.result(taskId)
  return answer && answer.status >= 400 ? { answer, taskId: taskId as string } : undefined
}

async function checkFields(context: CheckContext): Promise<void> {
  const { found, payment } = context
  const invalid = await refusalOf(context, 'payments', payment({ amount: -1 }))
  const status = invalid?.answer.status ?? 200
  found('refused-at-submit', invalid && invalid.taskId === undefined, invalid?.taskId ? 'in the task' : shown(status))
  found('refusal-status', invalid && status === 422, shown(status))
  const { currency, amount } = payment()
  const forms: [FindingId, object][] = [
    ['numeric-tracking-id', { tracking_id: Math.trunc(Number(amount)) }],
    ['lower-case-currency', { currency: String(currency).toLowerCase() }],
    ['amount-as-text', { amount: String(amount) }],
  ]
  for (const [id, fields] of forms) {
    const refused = await refusalOf(context, 'payments', payment(fields))
    found(id, refused !== undefined, refused ? shown(refused.answer.status) : 'taken')
  }
}

async function checkDuplicate(context: CheckContext): Promise<void> {
  const { caller, uuid, found, payment } = context
  const request = payment()
  await caller.submit('payments', request, uuid())
  const refused = await refusalOf(context, 'payments', { ...request, tracking_id: `check-${uuid()}` })
  const says = refused !== undefined && /duplicat/i.test(JSON.stringify(refused.answer.body))
  found('duplicate', says, refused ? shown(refused.answer.status, says ? 'duplicate' : undefined) : 'taken')
}

async function checkParent(context: CheckContext): Promise<void> {
  const { caller, found } = context
  const refund = { parent_uid: '11111111-1111111111', amount: 1, reason: 'Check of a test shop' }
  const refused = await refusalOf(context, 'refunds', refund)
  found('unknown-parent', refused && hasFieldErrors(refused.answer), refused ? shown(refused.answer.status) : 'taken')
  if (refused?.taskId === undefined) return
  const again = await caller.get(`/async/result/${refused.taskId}`)
  found('error-once', again.body?.status === 'unknown', shown(again.status, again.body?.status))
}

const hasFieldErrors = ({ status, body }: Answer): boolean => status === 400 && !!body?.response?.errors?.parent_uid

async function checkChild({ caller, uuid, found }: CheckContext, uid: string): Promise<void> {
  const tracking_id = `check-${uuid()}`
  const refund = { parent_uid: uid, amount: 1, reason: 'Check of a test shop', tracking_id }
  const ack = await caller.submit('refunds', refund, uuid())
  const result = typeof ack.body?.request_id === 'string' ? await caller.result(ack.body.request_id) : undefined
  if (result?.body?.transaction?.status !== 'successful') return
  const { status, body } = await caller.get(`/v2/transactions/tracking_id/${tracking_id}`)
  const listed = (body?.transactions ?? []).length > 0
  found('child-listed', listed, listed ? shown(status, 'listed') : 'not listed')
}
