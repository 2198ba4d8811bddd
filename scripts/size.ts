/**
 * What a bundle costs, by user story: minified and gzipped, with the dependencies in it and without them. `source` is what
 * the bundler makes of the sources, `built` what a consumer gets of `dist/`, which has to be built before. With `--files`,
 * the minified bytes of each file of the first story.
 */
import { existsSync } from 'node:fs'
import process from 'node:process'
import { gzipSync } from 'node:zlib'
import { type BuildResult, build } from 'esbuild'

const stories: Readonly<Record<string, string>> = {
  'createClient, submit, subscribe': "export { createClient } from '@async-transaction/core'",
  'a page, behind the token proxy':
    "export { createClient, bearerAuth, webStorageJournal } from '@async-transaction/core'",
  'a server, with webhooks':
    "export { createClient, basicAuth } from '@async-transaction/core'; export { verifyWebhook } from '@async-transaction/core/webhook'",
  'webhooks alone': "export { verifyWebhook } from '@async-transaction/core/webhook'",
  everything: "export * from '@async-transaction/core'",
}
const DEPENDENCIES = ['ky', 'valibot']

const bundle = (
  contents: string,
  conditions: string[],
  external: string[],
): Promise<BuildResult<{ metafile: true; write: false }>> =>
  build({
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

const gzipped = async (contents: string, conditions: string[], external: string[]): Promise<number> => {
  const { outputFiles } = await bundle(contents, conditions, external)
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length
}

const rows: Record<string, Record<string, number>> = {}
for (const [story, contents] of Object.entries(stories)) {
  const row: Record<string, number> = {}
  for (const [name, conditions] of Object.entries({ source: ['@async-transaction/source'], built: [] })) {
    if (name === 'built' && !existsSync('packages/core/dist/index.js')) continue
    row[`${name}, own code`] = await gzipped(contents, conditions, DEPENDENCIES)
    row[`${name}, with valibot`] = await gzipped(contents, conditions, ['ky'])
    row[`${name}, whole`] = await gzipped(contents, conditions, [])
  }
  rows[story] = row
}
console.table(rows)

if (process.argv.includes('--files')) {
  const [contents = ''] = Object.values(stories)
  const { metafile } = await bundle(contents, ['@async-transaction/source'], [])
  const [output] = Object.values(metafile.outputs)
  const bytes = new Map<string, number>()
  for (const [file, { bytesInOutput }] of Object.entries(output?.inputs ?? {})) {
    const name = file.includes('node_modules') ? (/ky|valibot/.exec(file)?.[0] ?? file) : file
    bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput)
  }
  for (const [name, count] of [...bytes].sort(([, a], [, b]) => b - a))
    if (count) process.stdout.write(`${String(count).padStart(7)}  ${name}\n`)
}
