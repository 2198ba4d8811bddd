/** The packages as a registry would hand them out: whole, typed, and with nothing in them that should not be. */
import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, inject, it } from 'vitest'
import type { Manifest, PackedPackage } from '../../scripts/release/pack.ts'
import { problemsOf } from '../../scripts/release/problems-of.ts'

const packed = inject('packed')
const consumer = inject('consumer')
const scratch = mkdtempSync(join(consumer, 'broken-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

it('every package of the workspace is packed', () => {
  const folders = readdirSync(join(import.meta.dirname, '../../packages'))
  expect(packed.map(({ manifest }) => manifest.name)).toEqual(folders.map((name) => `@async-transaction/${name}`))
})

it.each(packed.map((each) => [each.manifest.name, each] as const))('nothing speaks against %s', async (_, each) => {
  expect(await problemsOf(each)).toEqual([])
})

it.each(packed.map(({ manifest }) => [manifest.name, manifest] as const))('every entry of %s loads', async (_, it) => {
  const entries = Object.entries(it.exports).flatMap(([entry, target]) =>
    typeof target === 'string' ? [] : [[entry, target.default ?? ''] as const],
  )
  expect(entries.length).toBeGreaterThan(0)
  for (const [entry, file] of entries) {
    const url = pathToFileURL(join(consumer, 'node_modules', it.name, file)).href
    expect([entry, Object.keys(await import(/* @vite-ignore */ url)).length]).not.toContain(0)
  }
})

describe('what is broken is found:', () => {
  const edit = (change: (manifest: Manifest) => object) => (folder: string) => {
    const file = join(folder, 'package.json')
    const manifest = JSON.parse(readFileSync(file, 'utf8'))
    writeFileSync(file, JSON.stringify({ ...manifest, ...change(manifest) }))
  }
  const append = (file: string, text: string) => (folder: string) => appendFileSync(join(folder, file), text)

  const breakages: Readonly<Record<string, [string, (folder: string) => void]>> = {
    'an undeclared dependency': ['imports ioredis in dist/index.js', append('dist/index.js', "import 'ioredis'\n")],
    'one of the types alone': [
      'imports hono/client in dist/index.d.ts',
      append('dist/index.d.ts', "export type { InferRequestType } from 'hono/client'\n"),
    ],
    'a module of Node': ['imports node:fs', append('dist/index.js', "import 'node:fs'\n")],
    'a folder of the machine': [
      'names a folder',
      append('dist/index.js', '// /home/somebody/async-transaction/x.ts\n'),
    ],
    'a test': ['should not contain src/a.test.ts', append('src/a.test.ts', 'test()\n')],
    'a generated file': ['should not contain dist/tsconfig.tsbuildinfo', append('dist/tsconfig.tsbuildinfo', '{}')],
    'no README': ['has no README.md', (folder) => rmSync(join(folder, 'README.md'))],
    'no license': ['has no LICENSE', (folder) => rmSync(join(folder, 'LICENSE'))],
    'no provenance': ['without provenance', edit(() => ({ publishConfig: { access: 'public' } }))],
    'a dependency of the workspace': [
      'depends on ky by workspace:^',
      edit(() => ({ dependencies: { ky: 'workspace:^', valibot: '^1.5.0' } })),
    ],
    'an entry that is not there': [
      'publint: pkg.exports["./x"]',
      edit(({ exports }) => ({ exports: { ...exports, './x': './dist/x.js' } })),
    ],
    'an entry without types': ['attw:', (folder) => rmSync(join(folder, 'dist/webhook.d.ts'))],
  }

  it.each(Object.entries(breakages))('%s', async (name, [problem, destroy]) => {
    const core = packed.find(({ manifest }) => manifest.name.endsWith('/core')) as PackedPackage
    const folder = join(scratch, name, 'package')
    cpSync(core.folder, folder, { recursive: true })
    destroy(folder)
    const tarball = join(scratch, name, 'broken.tgz')
    execFileSync('tar', ['-czf', tarball, '-C', join(scratch, name), 'package'])
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    expect((await problemsOf({ folder, tarball, manifest })).join('\n')).toContain(problem)
  })
})
