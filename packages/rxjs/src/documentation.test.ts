/** The README keeps what it promises: each example is a program that compiles, runs, and prints what it says. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createSandbox, type Sandbox } from '@async-transaction/sandbox'
import { serveSandbox } from '@async-transaction/sandbox/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as operators from './index.ts'

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
/** Inside of the package, so that imports resolve, and in a folder that no tool looks into. */
mkdirSync(join(root, 'coverage'), { recursive: true })
const folder = mkdtempSync(join(root, 'coverage', 'readme-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const [shop = '', ...examples] = readme
  .split('```ts\n')
  .slice(1)
  .map((part) => part.split('```')[0] ?? '')
const sections = [...readme.matchAll(/^### `(\w+)/gm)].map(([, name = '']) => name)

/** What the gateway does to the example of an operator, as its comment says. */
const faults: Record<string, (sandbox: Sandbox) => void> = {
  noticeAfter: (sandbox) => sandbox.fault({ on: 'submit', kind: 'delay', ms: 600 }),
  lookupUnknown(sandbox) {
    sandbox.fault({ on: 'submit', kind: 'forget', charged: true })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 500, times: 6 })
  },
}

beforeAll(() => {
  writeFileSync(join(folder, 'shop.ts'), shop)
  examples.forEach((example, index) => {
    writeFileSync(join(folder, `${sections[index]}.ts`), example)
  })
})

it('has an example for every operator', () => {
  expect([...sections].sort()).toEqual(Object.keys(operators).sort())
  expect(examples).toHaveLength(sections.length)
})

it('the examples compile', () => {
  const config = {
    extends: '../../../../tsconfig.base.json',
    compilerOptions: { lib: ['ES2023', 'DOM'], types: ['node'], isolatedDeclarations: false, declaration: false },
    include: ['*.ts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = join(root, '../../node_modules/typescript/bin/tsc')
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
  expect(stdout).toBe('')
  expect(status).toBe(0)
}, 60_000)

describe('the example of', () => {
  it.concurrent.each(sections.map((name, index) => [name, examples[index] ?? '']))(
    '%s prints what it says',
    async (name, example) => {
      const sandbox = createSandbox({ credentials: { shopId: '361', secretKey: 'sandbox' }, latencyMs: 300 })
      const server = await serveSandbox(sandbox)
      faults[name]?.(sandbox)
      const flags = ['--conditions=@async-transaction/source', '--experimental-strip-types', '--no-warnings']
      const { stdout } = await promisify(execFile)(process.execPath, [...flags, join(folder, `${name}.ts`)], {
        env: { ...process.env, GATEWAY: server.url },
      })
      sandbox.close()
      await server.close()
      const said = example.split('\n').filter((line) => line.startsWith('// '))
      expect(said.length).toBeGreaterThan(0)
      expect(stdout.trimEnd().split('\n')).toEqual(said.map((line) => line.slice(3)))
      expect(sandbox.charges('order-17')).toBe(1)
    },
    60_000,
  )
})
