/**
 * What a bundle of what is built costs, by user story, against its budget, with what else there is beside it; fails if one
 * is over. With `--write`, puts the figures into the README. With `--source`, measures the sources, without a budget; with
 * `--files`, lists the minified bytes of each source file of the first story.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { bundle, isOverBudget, measure } from './size/measure.ts'
import { withTable } from './size/readme-table.ts'
import { stories } from './size/stories.ts'

const SOURCE = ['@async-transaction/source']

if (process.argv.includes('--files')) await printFiles(stories[0]?.code ?? '')
else if (process.argv.includes('--source')) await printSizes(SOURCE)
else if (existsSync('packages/core/dist/index.js')) await printSizes([])
else throw new Error('Nothing is built yet: npm run build, or -- --source')

async function printSizes(conditions: string[]): Promise<void> {
  const sizes = await measure(process.cwd(), conditions)
  const rows = sizes.map(({ title, own, whole, budget }) => [
    title,
    { own, 'own, at most': budget?.own, whole, 'whole, at most': budget?.whole },
  ])
  console.table(Object.fromEntries(rows))
  if (conditions.length > 0) return
  const over = sizes.filter(isOverBudget)
  for (const { title } of over) process.stderr.write(`Over its budget: ${title}\n`)
  if (over.length > 0) process.exitCode = 1
  if (process.argv.includes('--write')) writeFileSync('README.md', withTable(readFileSync('README.md', 'utf8'), sizes))
}

async function printFiles(code: string): Promise<void> {
  const { metafile } = await bundle(code, process.cwd(), SOURCE, [])
  const bytes = new Map<string, number>()
  for (const { inputs } of Object.values(metafile.outputs))
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /node_modules\/(ky|valibot)\//.exec(file)?.[1] ?? file
      bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput)
    }
  for (const [name, count] of [...bytes].sort(([, a], [, b]) => b - a))
    if (count) process.stdout.write(`${String(count).padStart(7)}  ${name}\n`)
}
