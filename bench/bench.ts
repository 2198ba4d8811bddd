/**
 * `npm run bench`: the library beside its peers, in one run, with a verdict on every target.
 *
 * `--short` measures what shows a regression, and fails on one; `--only cpu-stub,herd` some figures; `--json FILE` writes them,
 * beside the other figures that the file holds; `--charts` writes what the documentation shows of `results.json`, and measures
 * nothing.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { documents } from './documents.ts'
import { short, whole } from './effort.ts'
import { figures } from './figures.ts'
import { type Figure, type Results, tableOf } from './results.ts'

const ROOT = join(import.meta.dirname, '..')
/** What a regression shows in soonest. */
const SHORT = ['cpu-stub', 'sleepers', 'growth', 'requests', 'schedules', 'herd']

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    charts: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    json: { type: 'string' },
  },
})

if (values.charts) {
  for (const [file, text] of documents(ROOT)) writeFileSync(join(ROOT, file), text)
} else await run()

async function run(): Promise<void> {
  const chosen = values.only ? values.only.split(',') : values.short ? SHORT : Object.keys(figures)
  const measured: Figure[] = []
  const began = performance.now()
  for (const name of chosen) {
    const measure = figures[name]
    if (!measure) throw new Error(`${name} is none of ${Object.keys(figures).join(', ')}`)
    for (const figure of await measure(values.short ? short : whole)) {
      measured.push(figure)
      print(figure)
    }
  }
  if (values.json) write(values.json, measured)
  const missed = measured.flatMap(({ targets }) => targets).filter(({ holds }) => !holds).length
  const seconds = Math.round((performance.now() - began) / 1000)
  process.stdout.write(`\n${missed ? `${missed} targets do not hold` : 'Every target holds'}; ${seconds} s\n`)
  if (missed && values.short) process.exitCode = 1
}

function print(figure: Figure): void {
  process.stdout.write(`\n${figure.title}\n${figure.method}\n\n${tableOf(figure)}\n\n`)
  for (const { text, measured, holds } of figure.targets)
    process.stdout.write(`${holds ? 'holds   ' : 'DOES NOT HOLD'} ${text}: ${measured}\n`)
}

/** Figures that were not measured now stay as they were. */
function write(file: string, measured: readonly Figure[]): void {
  const earlier = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results).figures : []
  const now = (id: string): Figure | undefined => measured.find((figure) => figure.id === id)
  const added = measured.filter(({ id }) => !earlier.some((figure) => figure.id === id))
  const results: Results = {
    node: process.versions.node,
    processor: `${cpus().length} cores`,
    figures: [...earlier.map((figure) => now(figure.id) ?? figure), ...added],
  }
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
}
