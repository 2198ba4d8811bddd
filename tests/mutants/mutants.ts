/**
 * `npm run mutants [-- --only TEXT] [--json]`: breaks the code on purpose, one way at a time, in a copy, and shows what
 * notices. A breakage that nothing notices fails the run: the tests, or the breakage, are wrong.
 */
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import type { Report } from '../simulation/report.ts'
import type { Breakage } from './breakages/breakage.ts'
import { breakages } from './breakages.ts'

const ROOT = join(import.meta.dirname, '../..')
type Mode = 'safety' | 'liveness' | 'proxy'
/** More is not allowed to be needed. */
const SEEDS = { safety: 20_000, liveness: 20_000, proxy: 1500 }
/** The packages that are broken. */
const BROKEN = ['core', 'proxy']
/** Seeds that nothing else uses, so that nothing is tuned to them. */
const FROM = 500_000_000

/** A run that takes longer does not end, in milliseconds. */
const PATIENCE_MS = 300_000

interface Caught {
  readonly by: string
  readonly detail: string
}

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, json: { type: 'boolean', default: false } },
})
const copy = mkdtempSync(join(tmpdir(), 'async-transaction-mutants-'))
try {
  process.exitCode = main()
} finally {
  rmSync(copy, { recursive: true, force: true })
}

function main(): number {
  copyWorkspace()
  const chosen = breakages.filter(({ name }) => name.includes(values.only))
  const broken = check(
    [...new Set(chosen.map(({ test }) => test))],
    [...new Set(chosen.flatMap(({ edits }) => modesOf(edits)))],
  )
  if (broken) throw new Error(`Before anything is broken: ${broken.by}: ${broken.detail}`)
  const rows = chosen.map((breakage) => {
    const row = { name: breakage.name, caught: tryOut(breakage) }
    if (!values.json) process.stdout.write(line(row.name, row.caught))
    return row
  })
  const survivors = rows.filter(({ caught }) => !caught)
  if (values.json) process.stdout.write(`${JSON.stringify(rows)}\n`)
  else process.stdout.write(`\n${rows.length} breakages, ${rows.length - survivors.length} caught\n`)
  return survivors.length || !rows.length ? 1 : 0
}

/** Core, the proxy and the tests are copied, to be broken; whatever they use is linked. */
function copyWorkspace(): void {
  const link = (from: string, to = from): void => symlinkSync(join(ROOT, from), join(copy, to))
  for (const name of BROKEN) {
    cpSync(join(ROOT, `packages/${name}/src`), join(copy, `packages/${name}/src`), { recursive: true })
    for (const file of ['package.json', 'tsconfig.json', 'node_modules']) link(`packages/${name}/${file}`)
  }
  cpSync(join(ROOT, 'tests'), join(copy, 'tests'), { recursive: true })
  for (const kept of ['kept.json', 'proxy/kept.json']) writeFileSync(join(copy, 'tests/simulation', kept), '[]')
  for (const folder of ['packages/sandbox', 'scripts', 'examples']) link(folder)
  for (const file of [
    'package.json',
    'tsconfig.json',
    'tsconfig.base.json',
    'vitest.core.config.ts',
    'vitest.node.config.ts',
  ])
    cpSync(join(ROOT, file), join(copy, file))
  mkdirSync(join(copy, 'node_modules/@async-transaction'), { recursive: true })
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (name !== '@async-transaction' && name !== '.vite') link(`node_modules/${name}`)
  for (const name of BROKEN)
    symlinkSync(join(copy, `packages/${name}`), join(copy, `node_modules/@async-transaction/${name}`))
  link('packages/sandbox', 'node_modules/@async-transaction/sandbox')
}

/** What notices the breakage: a named test if it names one, else the simulation. */
function tryOut({ edits, test, name }: Breakage): Caught | undefined {
  const originals = new Map<string, string>()
  for (const { file, find, replace } of edits) {
    const path = join(copy, 'packages', file)
    const text = readFileSync(path, 'utf8')
    if (text.split(find).length !== 2) throw new Error(`${name}: not exactly once in ${file}: ${find}`)
    if (!originals.has(path)) originals.set(path, text)
    writeFileSync(
      path,
      text.replace(find, () => replace),
    )
  }
  const caught = check([test], modesOf(edits))
  for (const [path, text] of originals) writeFileSync(path, text)
  return caught
}

/** What fails of some files of tests; `undefined` among them stands for the simulation, in some modes. */
function check(tests: readonly (string | undefined)[], modes: readonly Mode[]): Caught | undefined {
  const files = tests.filter((test) => test !== undefined)
  if (files.length) {
    const caught = byTest(files)
    if (caught) return caught
  }
  if (files.length === tests.length) return undefined
  for (const mode of modes) {
    const caught = bySimulation(mode)
    if (caught) return caught
  }
  return undefined
}

function modesOf(edits: Breakage['edits']): readonly Mode[] {
  return edits.some(({ file }) => file.startsWith('proxy/')) ? ['proxy'] : ['safety', 'liveness']
}

function bySimulation(mode: Mode): Caught | undefined {
  const args = ['--seeds', `${SEEDS[mode]}`, '--from', `${FROM}`, '--mode', mode, '--most', '1', '--json']
  const { stdout, stderr } = run('tests/simulation/simulate.ts', ...args)
  const [, output] = /^(\{.*\})$/m.exec(stdout) ?? []
  if (!output) return { by: mode, detail: stderr.trim().split('\n').at(-1) ?? 'it does not run' }
  const [violation] = (JSON.parse(output) as Report).violations
  return violation && { by: `${mode}, after ${violation.seed - FROM + 1} seeds`, detail: violation.rule }
}

function byTest(files: readonly string[]): Caught | undefined {
  const ofProxy = files.filter((file) => file.includes('proxy/'))
  const ofCore = files.filter((file) => !ofProxy.includes(file))
  return (ofCore.length ? failed('core', ofCore) : undefined) ?? (ofProxy.length ? failed('node', ofProxy) : undefined)
}

function failed(config: 'core' | 'node', files: readonly string[]): Caught | undefined {
  const report = join(copy, 'report.json')
  rmSync(report, { force: true })
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', `--config=vitest.${config}.config.ts`]
  const { stdout } = run(...vitest, '--reporter=json', `--outputFile=${report}`, ...files)
  if (!existsSync(report)) return { by: files.join(), detail: stdout.trim().split('\n').at(-1) ?? '' }
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: { name: string; message: string; assertionResults: { status: string; fullName: string }[] }[]
  }
  if (testResults.length < files.length) return { by: files.join(), detail: 'they do not run' }
  for (const { name, message, assertionResults } of testResults) {
    const first = assertionResults.find(({ status }) => status === 'failed')
    if (first) return { by: relative(copy, name), detail: first.fullName }
    if (!assertionResults.length)
      return { by: relative(copy, name), detail: message.split('\n')[0] ?? 'it does not run' }
  }
  return undefined
}

function run(...args: string[]): { stdout: string; stderr: string } {
  const flags = [
    '--conditions=@async-transaction/source',
    '--disable-warning=ExperimentalWarning',
    '--preserve-symlinks-main',
  ]
  const ended = spawnSync(process.execPath, [...flags, ...args], {
    cwd: copy,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: PATIENCE_MS,
    // Code that waits for nothing, over and over, heeds no other signal.
    killSignal: 'SIGKILL',
    env: { ...process.env, NO_COLOR: '1' },
  })
  if (!ended.error) return ended
  if ((ended.error as { code?: string }).code !== 'ETIMEDOUT') throw ended.error
  return { stdout: 'it does not end', stderr: 'it does not end' }
}

function line(name: string, caught: Caught | undefined): string {
  return `${name.padEnd(58)} ${caught ? `${caught.by}: ${caught.detail}` : 'SURVIVED'}\n`
}
