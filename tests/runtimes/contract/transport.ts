/** How requests are sent: by which `fetch`, past which cache, to which origin. */

import { type Cases, ended } from './cases.ts'
import { expect, expectSame } from './expect.ts'
import { credentials, stillProcessing } from './shop.ts'
import { uniqueId } from './unique-id.ts'

const redirected = (on: 'submit' | 'status' | 'result', status: number): Cases => ({
  async [`a ${status} of the ${on} URL is not followed to another origin`](shop) {
    const order = shop.order()
    await shop.fault(order, { on, kind: 'redirect', status, location: `${shop.elsewhereUrl}/${order.tracking_id}` })
    const lost: string[] = []
    const client = shop.client({
      strategy: on === 'result' ? on : 'status',
      onEvent: (event) => event.type === 'lost' && lost.push(`${event.operation} ${event.reason}`),
    })
    expectSame(ended(await client.submit('payments', order).outcome()), 'result successful')
    expectSame(lost, [`${on} redirect`])
    expectSame(await shop.heardElsewhere(order), 0)
    expectSame(await shop.charges(order), 1)
  },
})

export const transport: Cases = {
  async 'a stored fetch is called as a function, not as a method'(shop) {
    for (const options of [{}, { fetch: globalThis.fetch }]) {
      const order = shop.order()
      expectSame(ended(await shop.client(options).submit('payments', order).outcome()), 'result successful')
    }
  },

  async 'no poll is answered out of a cache'(shop) {
    const order = shop.order()
    await shop.fault(order, { on: 'status', ...stillProcessing })
    const statuses: number[] = []
    const client = shop.client({
      onEvent: (event) => event.type === 'attempt' && event.operation === 'status' && statuses.push(event.httpStatus),
    })
    await client.submit('payments', order).outcome()
    const { headers } = await fetch(`${shop.gatewayUrl}/async/status/${uniqueId()}`, {
      headers: { authorization: await shop.core.basicAuth(credentials)() },
    })
    expect(headers.get('cache-control')?.includes('max-age'), 'the gateway of the test lets itself be cached')
    expect(statuses.length > 4, 'it was processing for a while')
    expectSame((await shop.exchanges(order.tracking_id, 'status')).length, statuses.length)
  },

  ...redirected('submit', 307),
  ...redirected('submit', 303),
  ...redirected('status', 307),
  ...redirected('result', 302),

  async 'a wait that the gateway asks for is kept'(shop) {
    const order = shop.order()
    await shop.fault(order, { on: 'status', kind: 'throttle', retryAfter: 1 })
    const began = Date.now()
    expectSame(ended(await shop.client().submit('payments', order).outcome()), 'result successful')
    expect(Date.now() - began >= 1000, 'it waited a second')
  },

  async 'an answer that is too large is not read'(shop) {
    const order = shop.order()
    await shop.fault(order, { on: 'result', kind: 'oversize' })
    const lost: string[] = []
    const client = shop.client({ onEvent: (event) => event.type === 'lost' && lost.push(event.reason) })
    expectSame(ended(await client.submit('payments', order).outcome()), 'result successful')
    expectSame(lost, ['too-large'])
  },
}
