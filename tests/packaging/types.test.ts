/**
 * What the declaration files lean on: with no types of Node installed, and none of pages unless Web standards are a
 * package's very subject.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { afterAll, expect, inject, it } from 'vitest'

const file = join(inject('consumer'), 'leaks.ts')
afterAll(() => rmSync(file, { force: true }))

/** The platform whose types may be there. */
const platforms: Readonly<Record<string, string[]>> = {
  core: [],
  rxjs: [],
  react: [],
  proxy: ['dom'],
  sandbox: ['dom'],
}

/** Complaints of our own declaration files, and of no other's. */
function complaints(source: string, platform: readonly string[]): string[] {
  writeFileSync(file, source)
  const program = ts.createProgram([file], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    lib: ['es2022', ...platform].map((lib) => `lib.${lib}.d.ts`),
    types: [],
    strict: true,
    noEmit: true,
  })
  return ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => !file?.fileName.includes('node_modules/') || file.fileName.includes('@async-transaction/'))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}

it.each(inject('packed').map(({ manifest }) => manifest))(
  '$name brings no types of a platform',
  ({ name, exports }) => {
    const entries = Object.keys(exports).filter((entry) => !entry.endsWith('.json'))
    const code = entries.map((entry, index) => `export * as entry${index} from '${name}${entry.slice(1)}'`)
    expect(complaints(code.join('\n'), platforms[name.split('/')[1] ?? ''] ?? [])).toEqual([])
  },
)

it('what leans on a platform is found', () => {
  expect(complaints(`export * from '@async-transaction/sandbox'`, [])).toContain("Cannot find name 'Request'.")
  expect(complaints(`export * from '@async-transaction/nothing'`, [])).not.toEqual([])
})
