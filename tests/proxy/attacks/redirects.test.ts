/** A gateway's answer, or somebody's on the way to it, that sends the proxy elsewhere: over sockets, as `fetch` would follow it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createTokenProxy } from '@async-transaction/proxy'
import { createSandbox } from '@async-transaction/sandbox'
import { serveSandbox } from '@async-transaction/sandbox/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BASE, credentials, newOrder, requestFor, secret, send } from '../shop.ts'

const sandbox = createSandbox({ credentials })
const caught: string[] = []
/** The attacker's server, which writes down whatever is sent to it. */
const trap = createServer(async (request, response) => {
  caught.push(`${request.method} ${JSON.stringify(request.headers)} ${await text(request)}`)
  response.end('{"transaction":{"status":"successful"}}')
})
let gateway: Awaited<ReturnType<typeof serveSandbox>>
let location = ''
beforeAll(async () => {
  gateway = await serveSandbox(sandbox)
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve))
  location = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/`
})
afterAll(async () => {
  trap.close()
  trap.closeAllConnections()
  await gateway.close()
  sandbox.close()
})

it.each([301, 302, 303, 307, 308])(
  'a redirect by %i takes neither the card nor the credentials along (else an attacker has both)',
  async (status) => {
    const proxy = createTokenProxy({
      gateway: { baseUrl: gateway.url, ...credentials },
      secret,
      origins: ['https://shop.example'],
    })
    const order = newOrder()
    const headers = { authorization: `Bearer ${await proxy.issue({ type: 'payments', ...order })}` }
    const post = () =>
      send(proxy, `${BASE}/async/transactions/payments`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ request: requestFor(order) }),
      })
    const { trackingId } = order
    sandbox.fault({ on: 'submit', kind: 'redirect', status, location, trackingId })
    expect((await post()).status).toBe(503)
    const { request_id: id } = (await post()).body
    for (const on of ['status', 'result', 'lookup'] as const) {
      sandbox.fault({ on, kind: 'redirect', status, location, trackingId })
      const path = on === 'lookup' ? `/v2/transactions/tracking_id/${trackingId}` : `/async/${on}/${id}`
      expect((await send(proxy, `${BASE}${path}`, { headers })).text).not.toContain('successful')
    }
    expect(caught).toEqual([])
  },
  20_000,
)
