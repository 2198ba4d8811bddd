/** `npm start`, without the installation: what a newcomer sees first. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const flags = [
  '--conditions=@async-transaction/source',
  '--experimental-strip-types',
  '--disable-warning=ExperimentalWarning',
]

it('the tour shows its five payments in plain lines, under 30 s, and ends with 0', async () => {
  const startedAt = Date.now()
  const tour = spawn(process.execPath, [...flags, 'examples/quickstart/src/tour.ts'], { cwd: root })
  let output = ''
  tour.stdout.on('data', (chunk) => {
    output += chunk
  })
  tour.stderr.on('data', (chunk) => {
    output += chunk
  })
  const code = await new Promise((resolve) => tour.once('exit', resolve))

  expect(output).not.toContain('✘')
  expect(code).toBe(0)
  expect(Date.now() - startedAt).toBeLessThan(30_000)
  expect(output).toMatch(/1\. A payment that succeeds[\s\S]*processing[\s\S]*completed[\s\S]*result +successful/)
  expect(output).toMatch(/2\. A decline[\s\S]*result +failed/)
  expect(output).toMatch(/3\. 3-D Secure[\s\S]*result +incomplete[\s\S]*looked up by tracking id: successful/)
  expect(output).toMatch(/4\. An error[\s\S]*A: error[\s\S]*B: error[\s\S]*returned it once, and a 404/)
  expect(output).toMatch(/5\. A connection[\s\S]*POSTs sent: 2, under 1 RequestID[\s\S]*charges at the gateway: 1/)
  expect(output.trimEnd().split('\n').at(-1)).toContain('npm start -- --page')
  for (const unwanted of ['\u001b', '\r', '4200000000000000']) expect(output).not.toContain(unwanted)
}, 40_000)
