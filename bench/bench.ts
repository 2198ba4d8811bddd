/**
 * `npm run bench`: the library beside its peers, in one run, with a verdict on every target.
 *
 * `--short` measures what shows a regression, and fails on one; `--only cpu-stub,heap` some figures; `--json FILE` writes them,
 * beside the other figures that the file holds; `--charts` writes what the documentation shows of `results.json`, and measures
 * nothing.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { documents } from './documents.ts'
import { figures, short, whole } from './figures.ts'
import { type Figure, type Results, tableOf } from './results.ts'

const ROOT = join(import.meta.dirname, '..')
/** What a regression shows in soonest. */
const SHORT = ['cpu-stub', 'heap', 'growth', 'requests']
/** Figures with a table of their own. They are skipped in a short run, and where they are not there. */
const OTHERS = ['scripts/size.ts', 'bench/notice-delay.ts', 'bench/herd.ts', 'bench/proxy.ts']

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
  for (const id of chosen) {
    const figure = figures[id]
    if (!figure) throw new Error(`${id} is none of ${Object.keys(figures).join(', ')}`)
    measured.push(await figure(values.short ? short : whole))
    print(measured.at(-1) as Figure)
  }
  if (values.json) write(values.json, measured)
  const missed = measured.flatMap(({ targets }) => targets).filter(({ holds }) => !holds).length
  if (!values.short && !values.only)
    for (const script of OTHERS)
      if (existsSync(join(ROOT, script)))
        spawnSync(process.execPath, [...process.execArgv, script], { cwd: ROOT, stdio: 'inherit' })
  process.stdout.write(`\n${missed ? `${missed} targets do not hold` : 'Every target holds'}\n`)
  if (missed && values.short) process.exitCode = 1
}

function print(figure: Figure): void {
  process.stdout.write(`\n${figure.title}\n${figure.method}\n\n${tableOf(figure)}\n\n`)
  for (const { text, measured, holds } of figure.targets)
    process.stdout.write(`${holds ? 'holds   ' : 'DOES NOT HOLD'} ${text}: ${measured}\n`)
}

/** Figures that were not measured now stay as they were. */
function write(file: string, measured: readonly Figure[]): void {
  const earlier: Figure[] = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results).figures.slice() : []
  const order = Object.keys(figures)
  const all = [...earlier.filter(({ id }) => !measured.some((figure) => figure.id === id)), ...measured]
  const results: Results = {
    node: process.versions.node,
    processor: `${cpus().length} cores`,
    figures: all.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id)),
  }
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
}
