import { request } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSandbox } from '../create-sandbox.ts'
import type { Sandbox } from '../sandbox.ts'
import { type SandboxServer, serveSandbox } from './serve-sandbox.ts'

let sandbox: Sandbox
let server: SandboxServer
beforeAll(async () => {
  sandbox = createSandbox()
  server = await serveSandbox(sandbox)
})
afterAll(async () => {
  await server.close()
  sandbox.close()
})

const fault = JSON.stringify({ on: 'status', kind: 'html' })

/** By `node:http`, since `fetch` sets `Host` by itself. */
function send(headers: Record<string, string>, path = '/sandbox/faults', method = 'POST'): Promise<number> {
  return new Promise((resolve, reject) => {
    const { port } = server
    const sent = request({ port, host: '127.0.0.1', path, method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.on('error', reject)
    sent.end(method === 'POST' ? fault : undefined)
  })
}

it.each([
  'https://evil.example',
  'http://evil.example:4010',
  'null',
  'file://',
  'https://127.0.0.1.evil.example',
  'https://localhost.evil.example',
  'chrome-extension://abcdef',
  '',
])('plans no fault for a page of %j, as a simple request or a preflight', async (origin) => {
  expect(await send({ origin, 'content-type': 'text/plain' })).toBe(403)
  for (const method of ['OPTIONS', 'DELETE', 'GET'])
    expect(await send({ origin }, '/sandbox/requests', method)).toBe(403)
})

it.each(['evil.example', 'rebound.evil.example:4010', '127.0.0.1.nip.example', 'gateway.example'])(
  'answers nothing by the name %s, which may be rebound to this machine',
  async (host) => {
    expect(await send({ host })).toBe(403)
    expect(await send({ host }, '/sandbox/requests', 'GET')).toBe(403)
    expect(await send({ host }, '/v2/transactions/tracking_id/order-17', 'GET')).toBe(403)
  },
)

it.each([
  'localhost:4010',
  '127.0.0.1',
  '[::1]:4010',
  '192.168.1.17:4010',
  'sandbox:4010',
  'host.docker.internal',
  'gateway.test',
])('answers by the name %s', async (host) => {
  expect(await send({ host }, '/sandbox/requests', 'GET')).toBe(200)
})

it.each([
  undefined,
  'http://localhost:5173',
  'http://127.0.0.1:4173',
  'http://[::1]:3000',
  'https://shop.test',
  'http://tauri.localhost',
])('plans a fault for a page of %j', async (origin) => {
  expect(await send({ ...(origin && { origin }) })).toBe(201)
  sandbox.clearFaults()
})
