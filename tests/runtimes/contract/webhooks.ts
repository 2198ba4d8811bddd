/** Notifications, as the gateway signs them. */
import type { Cases } from './cases.ts'
import { expect, expectSame, rejection } from './expect.ts'
import { credentials, type Order, type Shop } from './shop.ts'

const post = (body: string, headers: Record<string, string>): Request =>
  new Request('https://shop.example/hook', { method: 'POST', body, headers })

/** A payment that nobody asks after, and the notification about it. */
async function notified(shop: Shop) {
  const order: Order = { ...shop.order(), notification_url: `${shop.gatewayUrl}/hook` }
  const task = shop.client({ schedule: () => 3_600_000 }).submit('payments', order)
  await task.accepted()
  const { body, signature } = await shop.webhook.notification(order)
  return { task, order, body, signature, publicKey: await shop.webhook.publicKey() }
}

export const webhooks: Cases = {
  async 'a notification is verified over its bytes, and settles the task'(shop) {
    const { task, order, body, signature, publicKey } = await notified(shop)
    const authorization = await shop.core.basicAuth(credentials)()
    const request = post(body, { 'content-signature': signature, authorization })
    const transaction = await shop.webhook.verifyWebhook(request, { publicKey, credentials })
    const outcome = task.outcome()
    expect(task.deliver(transaction), 'it is about this task')
    const { status, ...rest } = await outcome
    expectSame([status, 'via' in rest && rest.via], ['result', 'webhook'])
    expectSame((await shop.exchanges(order.tracking_id, 'result')).length, 0)
  },

  async 'what is not signed by the gateway is refused'(shop) {
    const { task, body, signature, publicKey } = await notified(shop)
    const codes = await Promise.all(
      [
        [post(body.replace('3245', '9245'), { 'content-signature': signature }), { publicKey }],
        [post(body, {}), { publicKey }],
        [post(body, { 'content-signature': signature, authorization: 'Basic eDp5' }), { publicKey, credentials }],
        [post(body, { 'content-signature': signature }), { publicKey: 'bm8ga2V5' }],
      ].map(async ([request, options]) => {
        const error = await rejection(shop.webhook.verifyWebhook(request as Request, options as { publicKey: string }))
        expect(error instanceof shop.webhook.WebhookError, 'it is a WebhookError')
        return error.code
      }),
    )
    expectSame(codes, ['signature-invalid', 'signature-missing', 'unauthorized', 'config'])
    expect(!task.deliver(JSON.parse(body).transaction), 'nobody vouches for a parsed body')
    task.stop()
  },
}
