/**
 * What a bundle costs, by user story: minified and gzipped, without the dependencies (`own`) and with them (`whole`).
 * `source` is what a bundler makes of the sources, `built` what a consumer gets of `dist/`, which has to be built before.
 * Fails if what is built is over its budget. With `--files`, the minified bytes of each file of the first story.
 */
import { existsSync } from 'node:fs'
import process from 'node:process'
import { gzipSync } from 'node:zlib'
import { type BuildResult, build } from 'esbuild'

interface Story {
  readonly code: string
  /** Of what is built, in bytes. */
  readonly budget: { readonly own: number; readonly whole: number }
}

const stories: Readonly<Record<string, Story>> = {
  'createClient, submit, subscribe': {
    code: "export { createClient } from '@async-transaction/core'",
    budget: { own: 10_380, whole: 19_520 },
  },
  'a page, behind the token proxy': {
    code: "export { createClient, bearerAuth, webStorageJournal } from '@async-transaction/core'",
    budget: { own: 10_520, whole: 19_670 },
  },
  'a server, with webhooks': {
    code: `export { createClient, basicAuth } from '@async-transaction/core'
           export { verifyWebhook } from '@async-transaction/core/webhook'`,
    budget: { own: 11_220, whole: 20_320 },
  },
  'webhooks alone': {
    code: "export { verifyWebhook } from '@async-transaction/core/webhook'",
    budget: { own: 1_350, whole: 2_300 },
  },
  'a journal alone': {
    code: "export { memoryJournal } from '@async-transaction/core'",
    budget: { own: 300, whole: 250 },
  },
  'all of the main entry': {
    code: "export * from '@async-transaction/core'",
    budget: { own: 11_620, whole: 20_725 },
  },
}

const SOURCE = ['@async-transaction/source']
const DEPENDENCIES = ['ky', 'valibot']

const rows: Record<string, Record<string, number>> = {}
for (const [name, { code, budget }] of Object.entries(stories)) {
  const row = { 'source, own': await gzipped(code, SOURCE, DEPENDENCIES), 'source, whole': await gzipped(code, SOURCE) }
  rows[name] = row
  if (!existsSync('packages/core/dist/index.js')) continue
  const own = await gzipped(code, [], DEPENDENCIES)
  const whole = await gzipped(code, [])
  rows[name] = { ...row, 'built, own': own, budget: budget.own, 'built, whole': whole, 'budget, whole': budget.whole }
  if (own <= budget.own && whole <= budget.whole) continue
  process.exitCode = 1
  process.stderr.write(`Over its budget: ${name}\n`)
}
console.table(rows)
if (process.argv.includes('--files')) await printFiles(Object.values(stories)[0]?.code ?? '')

function bundle(
  contents: string,
  conditions: string[],
  external: string[],
): Promise<BuildResult<{ metafile: true; write: false }>> {
  return build({
    stdin: { contents, resolveDir: process.cwd(), loader: 'js' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'error',
    metafile: true,
    write: false,
    conditions,
    external,
  })
}

async function gzipped(code: string, conditions: string[], external: string[] = []): Promise<number> {
  const { outputFiles } = await bundle(code, conditions, external)
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length
}

async function printFiles(code: string): Promise<void> {
  const { metafile } = await bundle(code, SOURCE, [])
  const bytes = new Map<string, number>()
  for (const { inputs } of Object.values(metafile.outputs))
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /node_modules\/(ky|valibot)\//.exec(file)?.[1] ?? file
      bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput)
    }
  for (const [name, count] of [...bytes].sort(([, a], [, b]) => b - a))
    if (count) process.stdout.write(`${String(count).padStart(7)}  ${name}\n`)
}
