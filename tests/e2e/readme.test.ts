/** The README keeps what it promises: its example is a program that runs. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSandbox } from '@async-transaction/sandbox'
import { serveSandbox } from '@async-transaction/sandbox/node'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const flags = [
  '--conditions=@async-transaction/source',
  '--experimental-strip-types',
  '--disable-warning=ExperimentalWarning',
]

it('the example stands within the first lines, and is the quickstart program', () => {
  const quickstart = readFileSync(join(root, 'examples/quickstart/src/quickstart.ts'), 'utf8')
  const [before = '', example = ''] = readme.split('```ts\n')
  expect(before.split('\n').length).toBeLessThan(15)
  expect(example.split('```')[0]).toBe(quickstart)
})

it('the example pays', async () => {
  const sandbox = createSandbox({ credentials: { shopId: '361', secretKey: 'sandbox' } })
  const server = await serveSandbox(sandbox)
  const program = spawn(process.execPath, [...flags, 'examples/quickstart/src/quickstart.ts'], {
    cwd: root,
    env: { ...process.env, GATEWAY: server.url, SHOP_ID: '361', SECRET_KEY: 'sandbox' },
  })
  let output = ''
  program.stdout.on('data', (chunk) => {
    output += chunk
  })
  program.stderr.on('data', (chunk) => {
    output += chunk
  })
  const code = await new Promise((resolve) => program.once('exit', resolve))
  sandbox.close()
  await server.close()
  expect(output).toMatch(/^processing\n(processing\n)*completed\nresult\nsuccessful \d{8}-[\da-f]{10}\n$/)
  expect(code).toBe(0)
  expect(sandbox.charges('order-17')).toBe(1)
}, 20_000)

it.each(['npm start', 'npm test'])('%s is a command of the README', (command) => {
  expect(readme).toContain(command)
})
