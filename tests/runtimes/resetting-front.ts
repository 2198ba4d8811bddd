/**
 * A front before a gateway that passes every request on, and then resets the connection instead of answering: for what it
 * is armed against, on connections that were used before.
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Strikes, Struck } from './resends.ts'

export interface ResettingFront {
  readonly url: string
  close(): Promise<void>
}

const heads: Readonly<Record<Struck, RegExp>> = {
  raw: /^(GET|POST) \/raw\//,
  submit: /^POST \/async\/transactions\//,
  status: /^GET \/async\/status\//,
  'status-but-the-first': /^GET \/async\/status\//,
  result: /^GET \/async\/result\//,
  nothing: /^(?!)/,
}
const armed = /^GET \/arm\/([\w-]+)\/\S* HTTP\/1\.1/
const head = /^[A-Z]+ \/\S* HTTP\/1\.1\r\n/

export async function openResettingFront(gatewayUrl: string): Promise<ResettingFront> {
  const sockets = new Set<Socket>()
  let struck: Struck = 'nothing'
  let strikes: { -readonly [Key in keyof Strikes]: Strikes[Key] } = { arrivals: 0, resets: 0 }

  const server = createServer((client) => {
    const gateway = connect(Number(new URL(gatewayUrl).port), '127.0.0.1')
    let used = false
    let reset = false
    for (const socket of [client, gateway]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        gateway.destroy()
      })
    }
    client.on('data', (chunk) => {
      const text = chunk.toString('latin1')
      const [, next] = armed.exec(text) ?? []
      if (next) {
        const told = JSON.stringify(strikes)
        struck = next as Struck
        strikes = { arrivals: 0, resets: 0 }
        used = true
        const headers = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${told.length}\r\n\r\n`
        client.write(headers + told)
        return
      }
      if (head.test(text)) {
        const meant = heads[struck].test(text)
        strikes.arrivals += Number(meant)
        reset = meant && used && strikes.arrivals > Number(struck === 'status-but-the-first')
        used = true
      }
      gateway.write(chunk)
    })
    gateway.on('data', (chunk) => {
      if (!reset) return void client.write(chunk)
      reset = false
      strikes.resets += 1
      client.resetAndDestroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
