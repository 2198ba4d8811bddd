/** What the package costs whoever has core and rxjs already. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')

async function gzipped(contents: string, external: string[]): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['@async-transaction/source'],
    external: ['rxjs', ...external],
    write: false,
  })
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length
}

it('adds at most 0.8 kB to core, minified and gzipped', async () => {
  const core = "export * from '@async-transaction/core'"
  const added = (await gzipped(`${core}\nexport * from './index.ts'`, [])) - (await gzipped(core, []))
  expect(added).toBeLessThanOrEqual(800)
  expect(added).toBeGreaterThan(400)
  expect(readme).toContain('adds less than 0.8 kB')
})

it('is less than 0.9 kB when it stands alone', async () => {
  expect(await gzipped("export * from './index.ts'", ['@async-transaction/core'])).toBeLessThan(900)
})

it('has at most 260 lines of source', () => {
  const sources = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const lines = sources.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8').split('\n').length - 1)
  expect(lines.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(260)
  expect(sources.length).toBeGreaterThan(10)
})
