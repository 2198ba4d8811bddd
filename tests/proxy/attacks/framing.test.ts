/** Requests that two servers in a row may read in two ways, and others that are none, over sockets on every runtime. */
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Deployment, deploy } from '../deployments/deployment.ts'
import { starts } from '../deployments/starts.ts'
import { newOrder, requestFor } from '../shop.ts'

const SMUGGLED = 'sends a charge that what stands in front has not seen, past its limits and its log'
const PARSING = 'brings the server down, or reads its memory'
const HOST = 'is shown the sources of the shop, or led to another site'

/** The head of a request, after which `charge` may stand as if it were a part of its body. */
const framings: readonly [name: string, gain: string, head: (charge: string) => string][] = [
  ['two lengths', SMUGGLED, (charge) => `Content-Length: 0\r\nContent-Length: ${charge.length}`],
  ['two lengths in one', SMUGGLED, (charge) => `Content-Length: 0, ${charge.length}`],
  [
    'a length and chunks',
    SMUGGLED,
    (charge) => `Content-Length: ${charge.length + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0`,
  ],
  ['chunks with a space before the colon', SMUGGLED, () => 'Transfer-Encoding : chunked\r\n\r\n0'],
  ['chunks of another name', SMUGGLED, () => 'Transfer-Encoding: xchunked\r\n\r\n0'],
  ['chunks by a folded line', SMUGGLED, () => 'Transfer-Encoding:\r\n chunked\r\n\r\n0'],
  ['chunks twice', SMUGGLED, () => 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0'],
  ['a negative length', SMUGGLED, () => 'Content-Length: -1'],
  ['a length with a sign', SMUGGLED, () => 'Content-Length: +0'],
  ['a length in hex', SMUGGLED, () => 'Content-Length: 0x0'],
  ['a length that overflows', SMUGGLED, () => 'Content-Length: 18446744073709551616'],
  ['a chunk that overflows', SMUGGLED, () => 'Transfer-Encoding: chunked\r\n\r\nffffffffffffffff0'],
  ['a name that holds a space', SMUGGLED, () => 'X Y: 1'],
]

const whole: readonly [name: string, gain: string, text: string][] = [
  ['a Host that is none', HOST, 'GET /pay/async/status/x HTTP/1.1\r\nHost: a b[\r\n\r\n'],
  ['a Host that is half an address', HOST, 'POST /checkout HTTP/1.1\r\nHost: [::\r\nContent-Length: 0\r\n\r\n'],
  ['an empty Host', HOST, 'GET /pay/async/status/x HTTP/1.1\r\nHost: \r\n\r\n'],
  [
    'a whole URL as its target',
    HOST,
    'GET http://evil.example/pay/async/status/x HTTP/1.1\r\nHost: evil.example\r\n\r\n',
  ],
  ['a target that climbs', HOST, 'GET /pay/../../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a zero byte in a header', PARSING, 'GET /pay HTTP/1.1\r\nHost: a\r\nX-A: a\0b\r\n\r\n'],
  ['a header of 300 kB', PARSING, `GET /pay HTTP/1.1\r\nHost: a\r\nX-A: ${'a'.repeat(300_000)}\r\n\r\n`],
  ['no target', PARSING, 'GET  HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['another version', PARSING, 'GET /pay HTTP/9.9\r\nHost: a\r\n\r\n'],
  ['TLS where none is spoken', PARSING, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n'],
  [
    'a tunnel',
    'reaches hosts of the shop’s own network',
    'CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: 169.254.169.254:80\r\n\r\n',
  ],
]

/** What comes back for the bytes, until the server says nothing for half a second or hangs up. */
function exchange(url: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname, () => socket.write(text, 'latin1'))
    let answer = ''
    socket.setTimeout(500, () => socket.destroy())
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
  })
}

const statusesOf = (answer: string): number[] =>
  [...answer.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, status]) => Number(status))

describe.each(Object.entries(starts))('%s', (name, start) => {
  let deployment: Deployment
  beforeAll(async () => {
    deployment = await deploy(name, start)
  }, 60_000)
  afterAll(() => deployment?.close())

  /** A charge as a page sends it, whole. */
  async function genuine(): Promise<{ trackingId: string; charge: string }> {
    const order = newOrder()
    const token = await deployment.issue({ type: 'payments', ...order })
    const body = JSON.stringify({ request: requestFor(order) })
    const head = `POST /pay/async/transactions/payments HTTP/1.1\r\nHost: shop.example\r\nAuthorization: Bearer ${token}`
    const rest = `Content-Type: application/json\r\nContent-Length: ${body.length}`
    return { trackingId: order.trackingId, charge: `${head}\r\n${rest}\r\n\r\n${body}` }
  }

  it('takes a charge by its bytes', async () => {
    const { trackingId, charge } = await genuine()
    expect(statusesOf(await exchange(deployment.url, charge))).toEqual([200])
    expect(deployment.sandbox.charges(trackingId)).toBe(1)
  })

  it.each(framings)('takes no charge behind %s (else an attacker %s)', async (_name, _gain, head) => {
    const { trackingId, charge } = await genuine()
    const text = `POST /pay/none HTTP/1.1\r\nHost: shop.example\r\n${head(charge)}\r\n\r\n${charge}`
    const answer = await exchange(deployment.url, text)
    expect(statusesOf(answer).filter((status) => status < 400)).toEqual([])
    expect(deployment.sandbox.charges(trackingId)).toBe(0)
  })

  it.each(whole)('says nothing of itself to %s (else an attacker %s)', async (_name, _gain, text) => {
    const before = deployment.sandbox.requests().length
    const answer = await exchange(deployment.url, text)
    expect(statusesOf(answer).filter((status) => status < 400)).toEqual([])
    expect(answer.length).toBeLessThan(2000)
    expect(answer).not.toMatch(/\.ts\b|node_modules|\/work\/|at \w+ \(/)
    expect(deployment.sandbox.requests()).toHaveLength(before)
    expect((await fetch(`${deployment.url}/pay`)).status).toBe(404)
  })
})
