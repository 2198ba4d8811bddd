/** Plants a violation of every boundary in a copy of the sources, and expects the checks of `npm run lint` to find it. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const copy = mkdtempSync(join(tmpdir(), 'async-transaction-boundaries-'))

const plant = (path: string, source: string): void => {
  const file = join(copy, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, source)
}

/** Each rule of `.dependency-cruiser.mjs`, with an import that breaks it. */
const imports: [rule: string, file: string, source: string][] = [
  ['core-client-imports-inwards', 'packages/core/src/client/planted-page.ts', "import '../browser/page.ts'"],
  ['core-encryption-imports-inwards', 'packages/core/src/encryption/planted.ts', "import '../client/options.ts'"],
  ['core-task-imports-inwards', 'packages/core/src/task/planted.ts', "import '../client/options.ts'"],
  ['core-payment-imports-inwards', 'packages/core/src/payment/planted.ts', "import '../task/state.ts'"],
  ['core-transport-imports-inwards', 'packages/core/src/transport/planted.ts', "import '../schema/request.ts'"],
  ['core-schema-imports-inwards', 'packages/core/src/schema/planted.ts', "import '../payment/machine.ts'"],
  ['core-schedule-imports-inwards', 'packages/core/src/schedule/planted.ts', "import '../journal/journal.ts'"],
  ['core-journal-imports-inwards', 'packages/core/src/journal/planted.ts', "import '../transport/attempt.ts'"],
  ['core-observable-imports-inwards', 'packages/core/src/observable/planted.ts', "import '../schedule/schedule.ts'"],
  ['core-errors-imports-inwards', 'packages/core/src/errors/planted.ts', "import '../observable/iterate.ts'"],
  [
    'core-lib-imports-inwards',
    'packages/core/src/lib/planted.ts',
    "import type { Effect } from '../errors/transaction-error.ts'\nexport type Planted = Effect",
  ],
  ['core-only-index-is-outermost', 'packages/core/src/client/planted.ts', "import '../index.ts'"],
  ['core-one-file-imports-ky', 'packages/core/src/transport/planted-ky.ts', "import 'ky'"],
  ['core-only-schema-imports-valibot', 'packages/core/src/task/planted-valibot.ts', "import 'valibot'"],
  ['core-imports-nothing-else', 'packages/core/src/lib/planted-node.ts', "import 'node:fs'"],
  ['rxjs-imports-its-peers-alone', 'packages/rxjs/src/planted.ts', "import '@async-transaction/core/webhook'"],
  ['rxjs-one-file-imports-rxjs', 'packages/rxjs/src/planted-rxjs.ts', "import 'rxjs'"],
  ['sandbox-never-imports-the-library', 'packages/sandbox/src/planted.ts', "import '@async-transaction/core'"],
  ['proxy-store-is-innermost', 'packages/proxy/src/store/planted.ts', "import '../options.ts'"],
  ['proxy-token-knows-no-outcomes', 'packages/proxy/src/token/planted.ts', "import '../outcomes/records.ts'"],
  ['proxy-outcomes-know-no-http', 'packages/proxy/src/outcomes/planted-http.ts', "import '../http/context.ts'"],
  ['proxy-routes-in-one-place', 'packages/proxy/src/outcomes/planted.ts', "import 'hono'"],
  ['proxy-imports-no-platform', 'packages/proxy/src/http/planted.ts', "import 'node:fs'"],
  ['react-imports-core-and-react', 'packages/react/src/planted.ts', "import 'react-dom'"],
  ['packages-meet-by-name', 'examples/quickstart/src/planted.ts', "import '../../../packages/core/src/index.ts'"],
  ['no-cycles', 'packages/core/src/lib/planted-cycle-2.ts', "import './planted-cycle.ts'"],
  ['resolvable', 'packages/core/src/lib/planted-nowhere.ts', "import './nowhere.ts'"],
]

/** Globals that core may not touch outside of `lib/clock.ts`. */
const globals = [
  'Date.now()',
  'setTimeout(() => {}, 1)',
  'performance.now()',
  'process.exit()',
  "document.querySelector('x')",
]

const members = (): string[] =>
  ['packages', 'examples'].flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))

beforeAll(() => {
  const tracked = /(^|\/)(node_modules|dist|coverage)(\/|$)|\.test\.tsx?$/
  for (const part of [
    'packages',
    'examples',
    'tests/conformance/checkout.ts',
    '.dependency-cruiser.mjs',
    'biome.json',
    '.gitignore',
  ])
    cpSync(join(root, part), join(copy, part), {
      recursive: true,
      filter: (source) => !tracked.test(source.slice(root.length)),
    })
  for (const owner of ['.', ...members()].filter((each) => existsSync(join(root, each, 'node_modules'))))
    symlinkSync(join(root, owner, 'node_modules'), join(copy, owner, 'node_modules'))
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const run = (tool: string, args: string[]): { status: number | null; output: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules', tool), ...args], {
    cwd: copy,
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}
const cruise = (): { status: number | null; output: string } =>
  run('dependency-cruiser/bin/dependency-cruiser.mjs', ['--config', '.dependency-cruiser.mjs', 'packages', 'examples'])

describe('the import boundaries', () => {
  it('hold in the sources', () => {
    expect(cruise()).toMatchObject({ status: 0 })
  }, 60_000)

  it('are found broken, each by its own rule', () => {
    for (const [, file, source] of imports) plant(file, `${source}\n`)
    plant('packages/core/src/lib/planted-cycle.ts', "import './planted-cycle-2.ts'\n")
    const { status, output } = cruise()
    expect(status).not.toBe(0)
    for (const [rule, file] of imports) expect(output).toMatch(new RegExp(`${rule}: ${file.replaceAll('.', '\\.')} →`))
  }, 60_000)
})

describe('time and platform', () => {
  it.each(globals)('%s is refused in core', (call) => {
    plant('packages/core/src/task/planted-global.ts', `export const planted: unknown = ${call}\n`)
    const { status, output } = run('@biomejs/biome/bin/biome', [
      'lint',
      '--vcs-enabled=false',
      'packages/core/src/task/planted-global.ts',
    ])
    expect(status).not.toBe(0)
    expect(output).toContain('noRestrictedGlobals')
  })
})
