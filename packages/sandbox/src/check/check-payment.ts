/** A payment from its POST to its result, a decline, and 3-D Secure. */
import { type CheckContext, shown } from './check-context.ts'
import { CheckError } from './gateway-caller.ts'

/** The uid of a payment that succeeded; `undefined` if the shop takes no card numbers in the clear. */
export async function checkPayment(context: CheckContext): Promise<string | undefined> {
  const { caller, uuid, found, payment } = context
  const request = payment()
  const key = uuid()
  const ack = await caller.submit('payments', request, key)
  if (ack.status === 401 || ack.status === 403)
    throw new CheckError('the gateway refuses the shop id or its secret key')
  const taskId = ack.body?.request_id
  if (typeof taskId !== 'string') {
    found('raw-cards', false, shown(ack.status))
    return undefined
  }
  const { status_url, response_url, status } = ack.body
  const complete = ack.status === 200 && status === 'processing' && !!status_url && !!response_url
  found('acknowledgement', complete, shown(ack.status, status))
  await checkProcessing(context, request, key, taskId)
  const result = await caller.result(taskId)
  const transaction = result?.body?.transaction
  if (!transaction) {
    found('raw-cards', result ? false : undefined, result ? shown(result.status) : 'no result in time')
    return undefined
  }
  if (transaction.test !== true) throw new CheckError('the shop is not one for tests: it does not answer test: true')
  found('raw-cards', true, shown(200, transaction.status))
  await checkCompleted(context, request, key, taskId)
  await checkOtherCards(context)
  return transaction.status === 'successful' ? transaction.uid : undefined
}

async function checkProcessing(
  { caller, found }: CheckContext,
  request: Record<string, unknown>,
  key: string,
  taskId: string,
): Promise<void> {
  const status = await caller.get(`/async/status/${taskId}`)
  const isProcessing = (body: unknown): boolean => (body as { status?: unknown } | null)?.status === 'processing'
  const repeat = await caller.submit('payments', request, key)
  const listed = await caller.get(`/v2/transactions/tracking_id/${request.tracking_id}`)
  const result = await caller.get(`/async/result/${taskId}`)
  // Of what ended meanwhile nothing can be said.
  const seen = isProcessing(result.body)
  const [first] = listed.body?.transactions ?? []
  const sameTask = repeat.status === 200 && repeat.body?.request_id === taskId
  const word = first ? `listed, ${first.status ?? 'without status'}` : 'not listed'
  found('status-processing', isProcessing(status.body) ? status.status === 200 : undefined, shown(status.status))
  found('result-processing', seen ? result.status === 425 : undefined, shown(result.status))
  found('repeat-processing', seen ? sameTask : undefined, shown(repeat.status, repeat.body?.status))
  found('listed-processing', seen ? !first : undefined, word)
}

async function checkCompleted(
  { caller, found }: CheckContext,
  request: Record<string, unknown>,
  key: string,
  taskId: string,
): Promise<void> {
  const listed = await caller.get(`/v2/transactions/tracking_id/${request.tracking_id}`)
  const [first] = listed.body?.transactions ?? []
  found('listed-at-once', first?.status === 'successful', first ? shown(listed.status, first.status) : 'not listed')
  const again = await caller.get(`/async/result/${taskId}`)
  found('result-kept', again.status === 200 && !!again.body?.transaction, shown(again.status))
  const repeat = await caller.submit('payments', request, key)
  const same = repeat.status === 200 && repeat.body?.request_id === taskId
  found('repeat-completed', same, shown(repeat.status, repeat.body?.status))
}

async function checkOtherCards({ caller, uuid, found, payment }: CheckContext): Promise<void> {
  const outcome = async (number: string) => {
    const { body } = await caller.submit('payments', payment({}, { number }), uuid())
    return typeof body?.request_id === 'string' ? caller.result(body.request_id) : undefined
  }
  const declined = await outcome('4005550000000019')
  const decline = declined?.body?.transaction?.status
  found('decline', declined && declined.status === 200 && decline === 'failed', shown(declined?.status ?? 0, decline))
  const enrolled = await outcome('4012000000001097')
  const { status, redirect_url } = enrolled?.body?.transaction ?? {}
  found('three-d-secure', enrolled && status === 'incomplete' && !!redirect_url, shown(enrolled?.status ?? 0, status))
}
