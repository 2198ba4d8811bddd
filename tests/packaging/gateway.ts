/** The packed sandbox on a port, and the packed proxy before it. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { TokenProxy } from '@async-transaction/proxy'
import type { Sandbox } from '@async-transaction/sandbox'
import { inject } from 'vitest'

const credentials = { shopId: '361', secretKey: 'a-secret-key' }
export const SHOP = 'https://shop.example'

export interface Gateway {
  readonly url: string
  readonly sandbox: Sandbox
  readonly proxy: TokenProxy
  readonly close: () => Promise<void>
}

export async function startGateway(): Promise<Gateway> {
  const { createSandbox } = await installed<typeof import('@async-transaction/sandbox')>('sandbox', 'index')
  const { serveSandbox } = await installed<typeof import('@async-transaction/sandbox/node')>('sandbox', 'node')
  const { createTokenProxy } = await installed<typeof import('@async-transaction/proxy')>('proxy', 'index')
  const sandbox = createSandbox({ credentials, latencyMs: 30 })
  const { url, close } = await serveSandbox(sandbox)
  const proxy = createTokenProxy({
    gateway: { baseUrl: url, ...credentials },
    secret: 'a-secret-of-thirty-two-bytes-or-more',
    origins: [SHOP],
  })
  return {
    url,
    sandbox,
    proxy,
    async close() {
      sandbox.close()
      await close()
    },
  }
}

const installed = <T>(name: string, entry: string): Promise<T> => {
  const file = join(inject('consumer'), 'node_modules/@async-transaction', name, 'dist', `${entry}.js`)
  return import(/* @vite-ignore */ pathToFileURL(file).href)
}
