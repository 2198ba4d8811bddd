/** A proxy as a process of its own, for tests, with its outcomes in Redis if there is one. Prints its URL. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { Readable } from 'node:stream'
import { createTokenProxy, memoryOutcomes } from '@async-transaction/proxy'
import { redisOutcomes } from '@async-transaction/proxy/redis'
import { createClient } from 'redis'
import { credentials, secret } from './shop-keys.ts'

/** Of a client that loses its server: commands fail at once, and it connects again. */
const connect = async (url: string) => {
  const client = createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy: 100 } })
  client.on('error', () => {})
  return await client.connect()
}

const { GATEWAY = '', REDIS = '' } = process.env
const proxy = createTokenProxy({
  gateway: { baseUrl: GATEWAY, ...credentials },
  secret,
  origins: ['https://shop.example'],
  outcomes: REDIS ? redisOutcomes(await connect(REDIS)) : memoryOutcomes(),
})

const server = createServer(async (incoming, outgoing) => {
  const { method = 'GET', url = '/', headers } = incoming
  const request = new Request(`http://proxy${url}`, {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, `${value}`]),
    ...(method === 'POST' && { body: Readable.toWeb(incoming), duplex: 'half' }),
  } as RequestInit)
  const response = await proxy.fetch(request, { incoming } as object)
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(new Uint8Array(await response.arrayBuffer()))
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/pay\n`)
})
process.once('SIGTERM', async () => {
  const closed = new Promise((resolve) => server.close(resolve))
  await proxy.close()
  await closed
  process.exit()
})
