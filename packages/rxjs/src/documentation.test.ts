/**
 * The README's examples are the files in `examples`: `npm run typecheck` compiles them, and here each runs as a program and
 * prints what it says. They are bundled once for all, so that a program starts in a tenth of a second.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createSandbox, type Sandbox } from '@async-transaction/sandbox'
import { serveSandbox } from '@async-transaction/sandbox/node'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as operators from './index.ts'

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const examples = join(root, 'examples')
const built = mkdtempSync(join(tmpdir(), 'async-transaction-rxjs-'))
afterAll(() => rmSync(built, { recursive: true, force: true }))

const shown = readme
  .split('```ts\n')
  .slice(1)
  .map((part) => part.split('```')[0] ?? '')
const sections = [...readme.matchAll(/^### `(\w+)/gm)].map(([, name = '']) => name)
/** The operators one by one, and then together. */
const programs = [...sections, 'pipeline']
const fileOf = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
const read = (name: string): string => readFileSync(join(examples, `${fileOf(name)}.ts`), 'utf8')

/** What the gateway does to the example of an operator, as its comment says. */
const faults: Record<string, (sandbox: Sandbox) => void> = {
  noticeAfter: (sandbox) => sandbox.fault({ on: 'submit', kind: 'delay', ms: 600 }),
  lookupUnknown(sandbox) {
    sandbox.fault({ on: 'submit', kind: 'forget', charged: true })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 500, times: 5 })
  },
}

it('has an example for every operator, and shows it', () => {
  expect([...sections].sort()).toEqual(Object.keys(operators).sort())
  expect(shown).toEqual(['shop', ...programs].map(read))
  expect(readdirSync(examples)).toHaveLength(programs.length + 1)
})

describe('the example of', () => {
  beforeAll(async () => {
    await build({
      entryPoints: programs.map((name) => join(examples, `${fileOf(name)}.ts`)),
      outdir: built,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      conditions: ['@async-transaction/source'],
    })
  })

  it.concurrent.each(programs)(
    '%s prints what it says',
    async (name) => {
      const sandbox = createSandbox({ credentials: { shopId: '361', secretKey: 'sandbox' }, latencyMs: 300 })
      const server = await serveSandbox(sandbox)
      faults[name]?.(sandbox)
      const { stdout } = await promisify(execFile)(process.execPath, [join(built, `${fileOf(name)}.mjs`)], {
        env: { ...process.env, GATEWAY: server.url },
      })
      sandbox.close()
      await server.close()
      const said = read(name)
        .split('\n')
        .filter((line) => line.startsWith('// '))
      expect(said.length).toBeGreaterThan(0)
      expect(stdout.trimEnd().split('\n')).toEqual(said.map((line) => line.slice(3)))
      expect(sandbox.charges('order-17')).toBe(1)
    },
    60_000,
  )
})
