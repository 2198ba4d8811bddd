import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createSandbox } from './create-sandbox.ts'
import { serveSandbox } from './node/serve-sandbox.ts'

const bin = fileURLToPath(new URL('./check-bin.ts', import.meta.url))
const flags = [
  '--conditions=@async-transaction/source',
  '--experimental-strip-types',
  '--disable-warning=ExperimentalWarning',
]

async function run(args: readonly string[], secret?: string) {
  const { GATEWAY_SECRET_KEY: _, ...env } = process.env
  const child = spawn(process.execPath, [...flags, bin, ...args], {
    env: { ...env, ...(secret && { GATEWAY_SECRET_KEY: secret }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    output.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.err += chunk
  })
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve)
  })
  return { code, ...output }
}

it('prints the table of a test shop over real sockets, and not its secret', async () => {
  const credentials = { shopId: '361', secretKey: 'a-secret-key' }
  const sandbox = createSandbox({ latencyMs: 600, credentials, refusalStatus: 400 })
  const server = await serveSandbox(sandbox)
  const { code, out, err } = await run(['--base-url', server.url, '--shop-id', '361'], 'a-secret-key')
  await server.close()
  sandbox.close()
  expect([code, err]).toEqual([3, ''])
  expect(out).toMatch(/\| NO +\| D +\| refusal-status +\|/)
  expect(out).toMatch(/\| yes +\| A +\| repeat-processing +\|/)
  expect(out).not.toContain('a-secret-key')
}, 60_000)

it.each([
  [['--help'], 0, /^Usage: async-transaction-check/, /^$/],
  [['--shop-id', '1'], 2, /^$/, /--base-url takes an https: URL/],
  [['--base-url', 'http://gateway.example', '--shop-id', '1'], 2, /^$/, /http: only on this machine/],
  [['--base-url', 'https://a:b@gateway.example', '--shop-id', '1'], 2, /^$/, /takes no credentials/],
  [['--base-url', 'https://gateway.example'], 2, /^$/, /--shop-id takes the id of a shop for tests/],
  [['--base-url', 'https://gateway.example', '--shop-id', '1', '--currency', 'kzt'], 2, /^$/, /three capital letters/],
  [['--secret-key', 'x'], 2, /^$/, /the secret key is no flag: set GATEWAY_SECRET_KEY/],
  [['--live'], 2, /^$/, /unknown flag --live/],
  [['shop'], 2, /^$/, /there are only flags to give/],
  [
    ['--base-url', 'https://gateway.example', '--shop-id', '1'],
    2,
    /^$/,
    /set GATEWAY_SECRET_KEY, or run it in a terminal/,
  ],
])('%j ends with %i', async (args, code, out, err) => {
  const ended = await run(args)
  expect(ended.code).toBe(code)
  expect(ended.out).toMatch(out)
  expect(ended.err).toMatch(err)
})

it('ends with 1 where no gateway listens', async () => {
  const { url, close } = await serveSandbox(createSandbox())
  await close()
  const { code, err } = await run(['--base-url', url, '--shop-id', '1'], 'a-secret-key')
  expect([code, err]).toEqual([1, 'async-transaction-check: the gateway cannot be reached: ECONNREFUSED\n'])
})
