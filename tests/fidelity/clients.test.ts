/** Shops in other languages, without a library of ours: what they read of the sandbox is the protocol, or they fail. */
import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSandbox } from '@async-transaction/sandbox'
import { serveSandbox } from '@async-transaction/sandbox/node'
import { expect, it } from 'vitest'

const languages: [command: string, file: string][] = [
  ['php', 'pay.php'],
  ['ruby', 'pay.rb'],
  ['python3', 'pay.py'],
]

const isInstalled = (command: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK)
      return true
    } catch {
      return false
    }
  })

/** Where all of them have to be there: `.ci/run` installs them. */
const required = process.env.LANGUAGES?.split(',') ?? []

async function run(command: string, args: string[], env: Record<string, string>, input = '') {
  const child = spawn(command, args, { env: { ...process.env, ...env } })
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    output.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.err += chunk
  })
  child.stdin.end(input)
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve)
  })
  return { code, ...output }
}

it.for(languages)(
  'a shop in %s pays, reads an error once, looks up and verifies a webhook',
  async ([command, file], context) => {
    if (!required.includes(command) && !isInstalled(command)) context.skip(`${command} is not installed`)
    const script = fileURLToPath(new URL(`clients/${file}`, import.meta.url))
    const credentials = { shopId: '361', secretKey: 'a-secret-key' }
    const sandbox = createSandbox({ credentials, latencyMs: 100, fetch: async () => new Response() })
    const server = await serveSandbox(sandbox)
    try {
      sandbox.fault({ on: 'submit', kind: 'error', trackingId: 'broken' })
      const env = {
        BASE_URL: server.url,
        SHOP_ID: '361',
        SECRET_KEY: 'a-secret-key',
        NOTIFICATION_URL: 'https://shop.test/',
      }
      const paid = await run(command, [script, 'pay'], env)
      expect(paid).toEqual({
        code: 0,
        out: 'payment successful\nerror 500, then 404 unknown\nlookup successful\n',
        err: '',
      })
      expect(sandbox.charges()).toBe(1)
      await expect.poll(() => sandbox.webhooks()[0]?.outcome).toBe('delivered')
      const [{ body = '', signature = '' } = {}] = sandbox.webhooks()
      const keys = { ...env, PUBLIC_KEY: await sandbox.publicKey(), SIGNATURE: signature }
      expect((await run(command, [script, 'verify'], keys, body)).code).toBe(0)
      expect((await run(command, [script, 'verify'], keys, body.replace('successful', 'failed'))).code).toBe(1)
    } finally {
      await server.close()
      sandbox.close()
    }
  },
)
