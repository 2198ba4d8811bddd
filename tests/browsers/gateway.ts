/**
 * A sandbox gateway on the loopback interface, open to the pages of the tests. They find it by `inject('gatewayUrl')`.
 * `/page?script=…` is an empty page with that script, for tests that need a page without vite's own connection.
 */
import { createSandbox } from '@async-transaction/sandbox'
import { serveSandbox } from '@async-transaction/sandbox/node'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The `baseUrl` of a client, and with `/sandbox` that of the control API. */
    gatewayUrl: string
  }
}

const openToAll = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-allow-headers': 'authorization, content-type, requestid, cache-control, pragma',
  'access-control-expose-headers': 'retry-after, x-request-id, date',
  'access-control-max-age': '600',
}

export default async function gateway(project: TestProject): Promise<() => Promise<void>> {
  const sandbox = createSandbox({ latencyMs: 300 })
  const server = await serveSandbox({
    async exchange(request) {
      if (request.method === 'OPTIONS')
        return { kind: 'answer', reply: { status: 204, headers: openToAll, body: null } }
      const { pathname, searchParams } = new URL(request.url)
      if (pathname === '/page') return { kind: 'answer', reply: page(searchParams.get('script') ?? '') }
      const wire = await sandbox.exchange(request)
      if (wire.kind === 'drop') return wire
      return { ...wire, reply: { ...wire.reply, headers: { ...wire.reply.headers, ...openToAll } } }
    },
  })
  project.provide('gatewayUrl', server.url)
  return async () => {
    await server.close()
    sandbox.close()
  }
}

const page = (script: string): { status: number; headers: Record<string, string>; body: string } => ({
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: script && `<!doctype html><script type="module" src="${encodeURI(script)}"></script>`,
})
