/**
 * A sandbox gateway over real sockets, that lets every answer be cached; the page for browsers on the same origin; and
 * another origin that counts who calls it.
 */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSandbox, type Reply } from '@async-transaction/sandbox'
import { serveSandbox } from '@async-transaction/sandbox/node'
import { credentials } from './contract/shop.ts'
import type { Places } from './contract.ts'

export interface Gateway extends Places {
  close(): Promise<void>
}

export async function openGateway(): Promise<Gateway> {
  const elsewhere = await listenElsewhere()
  const sandbox = createSandbox({ credentials, latencyMs: 120 })
  const server = await serveSandbox({
    async exchange(request) {
      const own = await ownAnswer(new URL(request.url), elsewhere.calls)
      if (own) return { kind: 'answer', reply: own }
      const wire = await sandbox.exchange(request)
      if (wire.kind === 'drop' || !request.url.includes('/async/')) return wire
      const headers = { ...wire.reply.headers, 'cache-control': 'public, max-age=3600' }
      return { ...wire, reply: { ...wire.reply, headers } }
    },
  })
  return {
    gatewayUrl: server.url,
    elsewhereUrl: elsewhere.url,
    async close() {
      sandbox.close()
      await Promise.all([server.close(), elsewhere.close()])
    },
  }
}

async function ownAnswer({ pathname }: URL, calls: readonly string[]): Promise<Reply | undefined> {
  const [, name, id = ''] = pathname.split('/')
  const answer = (type: string, body: string): Reply => ({ status: 200, headers: { 'content-type': type }, body })
  switch (name) {
    case 'page':
      return answer('text/html', `<!doctype html><script type="module" src="/scripts/${id}"></script>`)
    case 'scripts':
      return answer('text/javascript', await readFile(`${import.meta.dirname}/dist/${id}.js`, 'utf8'))
    case 'elsewhere':
      return answer('application/json', JSON.stringify({ requests: calls.filter((url) => url.includes(id)).length }))
    case 'hook':
    case 'favicon.ico':
      return { status: 204, headers: {}, body: null }
    default:
      return undefined
  }
}

/** An origin that welcomes whatever it is sent. */
async function listenElsewhere() {
  const calls: string[] = []
  const server = createServer((request, response) => {
    calls.push(String(request.url))
    const any = '*, authorization, content-type, requestid'
    response
      .writeHead(200, { 'access-control-allow-origin': '*', 'access-control-allow-headers': any })
      .end('{"message":"from elsewhere"}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    calls,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
